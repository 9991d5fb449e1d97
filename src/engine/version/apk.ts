import { compareDigits } from './digits.js';

/**
 * The order of apk-tools: `number{.number}{letter}{_suffix{number}}{~hash}{-r number}`.
 *
 * Releases of apk-tools agree on every version of that form. Two forms that only apk-tools 2 accepts are ordered as it
 * does, because Alpine shipped them: a number behind a letter (`6.0.3p1`) and a point without a number (`0.8.21.r2`).
 * Of what no release accepts (`1.2.0A`, `1-ruff`) the releases contradict each other, so such a version is ordered only
 * where the part before the fault decides; else the answer is null.
 */
export function compareApk(a: string, b: string): number | null {
  if (!hasStart(a) || !hasStart(b)) return null;
  const left = new Reader(a);
  const right = new Reader(b);
  for (;;) {
    if (left.kind === INVALID || right.kind === INVALID) return null;
    if (left.kind !== right.kind) return compareKinds(left, right);
    if (left.kind === END) return 0;
    const difference = compareValues(left, right);
    if (difference !== 0) return difference;
    left.next();
    right.next();
  }
}

/** A version starts with a number; apk-tools 2 reads the one missing in `.1` and in a lone letter as 0. */
function hasStart(version: string): boolean {
  return /^(?:\.?\d|[a-z]$)/.test(version);
}

// The kinds in the order of the grammar. Where two versions differ in kind, the earlier kind is the greater version:
// 1.2.1 > 1.2a > 1.2_p1 > 1.2-r1 > 1.2. Exceptions: a suffix of a pre-release, and EMPTY.
const FIRST = 0;
const NUMBER = 1;
const LETTER = 2;
const SUFFIX = 3;
const SUFFIX_NUMBER = 4;
const HASH = 5;
const REVISION = 6;
const END = 7;
/** A point without a number behind it. */
const EMPTY = 8;
const INVALID = 9;

const PRE_SUFFIXES = ['alpha', 'beta', 'pre', 'rc'];
const POST_SUFFIXES = ['cvs', 'svn', 'git', 'hg', 'p'];
/** Below 0 where the suffix marks a pre-release. */
const SUFFIX_RANKS = new Map([
  ...PRE_SUFFIXES.map((name, index): [string, number] => [name, index - PRE_SUFFIXES.length]),
  ...POST_SUFFIXES.map((name, index): [string, number] => [name, index]),
]);

/** Reads one token after the other; it stands on the current one. */
class Reader {
  kind: number = FIRST;
  value: string;
  /** Of the current suffix, in SUFFIX_RANKS. */
  suffixRank = 0;
  private position = 0;

  constructor(private readonly text: string) {
    this.value = this.take(/\d*/y);
  }

  next(): void {
    this.kind = this.nextKind(this.kind);
  }

  private nextKind(previous: number): number {
    const character = this.text[this.position];
    if (character === undefined) return END;
    const inNumber = previous === FIRST || previous === NUMBER || previous === EMPTY;
    if (character >= 'a' && character <= 'z') {
      if (!inNumber) return INVALID;
      this.value = character;
      this.position++;
      return LETTER;
    }
    if (character === '.') {
      if (!inNumber) return INVALID;
      this.position++;
      this.value = this.take(/\d*/y);
      return this.value === '' ? EMPTY : NUMBER;
    }
    if (character >= '0' && character <= '9') {
      if (previous !== LETTER && previous !== SUFFIX) return INVALID;
      this.value = this.take(/\d*/y);
      return previous === LETTER ? NUMBER : SUFFIX_NUMBER;
    }
    if (character === '_') {
      if (previous > SUFFIX_NUMBER && previous !== EMPTY) return INVALID;
      this.position++;
      const rank = SUFFIX_RANKS.get(this.take(/[a-z]*/y));
      if (rank === undefined) return INVALID;
      this.suffixRank = rank;
      return SUFFIX;
    }
    if (character === '~') {
      if (previous >= HASH && previous !== EMPTY) return INVALID;
      this.position++;
      this.value = this.take(/[0-9a-fA-F]*/y);
      return this.value === '' ? INVALID : HASH;
    }
    if (this.text.startsWith('-r', this.position)) {
      if (previous >= REVISION && previous !== EMPTY) return INVALID;
      this.position += 2;
      this.value = this.take(/\d*/y);
      // `1-ruff` has no revision, while `1-r` has an empty one.
      return this.value === '' && /[a-z]/.test(this.text[this.position] ?? '') ? INVALID : REVISION;
    }
    return INVALID;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }
}

function compareKinds(left: Reader, right: Reader): number {
  if (left.kind === SUFFIX && left.suffixRank < 0) return -1;
  if (right.kind === SUFFIX && right.suffixRank < 0) return 1;
  return right.kind - left.kind;
}

/** Of two tokens of one kind. */
function compareValues(left: Reader, right: Reader): number {
  switch (left.kind) {
    case SUFFIX:
      return left.suffixRank - right.suffixRank;
    case NUMBER:
      // As in Gentoo, a number with a leading zero is a fraction: 1.05 < 1.1.
      if (left.value.startsWith('0') || right.value.startsWith('0')) return compareText(left.value, right.value);
      return compareDigits(left.value, right.value);
    case FIRST:
    case SUFFIX_NUMBER:
    case REVISION:
      return compareDigits(left.value, right.value);
    default:
      return compareText(left.value, right.value);
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
