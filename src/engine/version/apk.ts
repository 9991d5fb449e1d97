import { digitsEnd, HYPHEN, isDigit, isLowerCase, POINT, TILDE, UNDERSCORE } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';

/**
 * The order of apk-tools: `number{.number}{letter}{_suffix{number}}{~hash}{-r number}`.
 *
 * Releases of apk-tools agree on every version of that form. Two forms that only apk-tools 2 accepts are ordered as it
 * does, because Alpine shipped them: a number behind a letter (`6.0.3p1`) and a point without a number (`0.8.21.r2`).
 * Of what no release accepts (`1.2.0A`, `1-ruff`) the releases contradict each other, so such a version is broken there:
 * it is ordered only where the part before the fault decides.
 */
export function writeApk(version: string, key: KeyWriter): KeyEnding {
  if (!hasStart(version)) return 'refused';
  let previous = FIRST;
  let i = digitsEnd(version, 0);
  key.number(version, 0, i);
  while (i < version.length) {
    const start = i + 1;
    const code = version.charCodeAt(i);
    const inNumber = previous <= NUMBER || previous === EMPTY;
    if (isLowerCase(code)) {
      if (!inNumber) return 'broken';
      key.byte(TAGS.letter);
      key.byte(code);
      previous = LETTER;
      i = start;
    } else if (code === POINT) {
      if (!inNumber) return 'broken';
      i = digitsEnd(version, start);
      if (i > start) writeNumber(version, start, i, key);
      else key.byte(TAGS.empty);
      previous = i > start ? NUMBER : EMPTY;
    } else if (isDigit(code)) {
      if (previous !== LETTER && previous !== SUFFIX) return 'broken';
      const end = digitsEnd(version, i);
      if (previous === LETTER) writeNumber(version, i, end, key);
      else writeDigits(TAGS.suffixNumber, version, i, end, key);
      previous = previous === LETTER ? NUMBER : SUFFIX_NUMBER;
      i = end;
    } else if (code === UNDERSCORE) {
      if (previous > SUFFIX_NUMBER && previous !== EMPTY) return 'broken';
      while (i + 1 < version.length && isLowerCase(version.charCodeAt(i + 1))) i++;
      i++;
      const tag = SUFFIXES.get(version.slice(start, i));
      if (tag === undefined) return 'broken';
      key.byte(tag);
      previous = SUFFIX;
    } else if (code === TILDE) {
      if (previous >= HASH && previous !== EMPTY) return 'broken';
      i = hexadecimalEnd(version, start);
      if (i === start) return 'broken';
      key.byte(TAGS.hash);
      key.text(version, start, i);
      previous = HASH;
    } else if (code === HYPHEN && version.charCodeAt(start) === LOWER_R) {
      if (previous >= REVISION && previous !== EMPTY) return 'broken';
      i = digitsEnd(version, start + 1);
      // `1-ruff` has no revision, while `1-r` has an empty one.
      if (i === start + 1 && isLowerCase(version.charCodeAt(i))) return 'broken';
      writeDigits(TAGS.revision, version, start + 1, i, key);
      previous = REVISION;
    } else return 'broken';
  }
  key.byte(TAGS.end);
  return 'complete';
}

const LOWER_R = 0x72;

// The parts in the order of the grammar.
const FIRST = 0;
const NUMBER = 1;
const LETTER = 2;
const SUFFIX = 3;
const SUFFIX_NUMBER = 4;
const HASH = 5;
const REVISION = 6;
/** A point without a number behind it. */
const EMPTY = 8;

const SUFFIX_NAMES = { pre: ['alpha', 'beta', 'pre', 'rc'], post: ['cvs', 'svn', 'git', 'hg', 'p'] };

/**
 * Where two versions differ in the kind of their next part, the part that is earlier in the grammar is the greater:
 * 1.2.1 > 1.2a > 1.2_p1 > 1.2-r1 > 1.2. Exceptions: the suffixes of pre-releases, and an empty number.
 */
const TAGS = {
  empty: 0x10,
  end: 0x11,
  revision: 0x12,
  hash: 0x13,
  suffixNumber: 0x14,
  letter: 0x20,
  number: 0x21,
};
const SUFFIXES = new Map([
  ...SUFFIX_NAMES.pre.map((name, index): [string, number] => [name, index]),
  ...SUFFIX_NAMES.post.map((name, index): [string, number] => [name, TAGS.suffixNumber + 1 + index]),
]);

/** A version starts with a number; apk-tools 2 reads the one missing in `.1` and in a lone letter as 0. */
function hasStart(version: string): boolean {
  const code = version.charCodeAt(0);
  if (isDigit(code)) return true;
  return code === POINT ? isDigit(version.charCodeAt(1)) : version.length === 1 && isLowerCase(code);
}

/** As in Gentoo, a number with a leading zero is a fraction: 1.05 < 1.1. All of them are below the others. */
function writeNumber(version: string, start: number, end: number, key: KeyWriter): void {
  key.byte(TAGS.number);
  if (version.charCodeAt(start) !== 0x30) key.number(version, start, end);
  else {
    key.byte(0);
    key.text(version, start, end);
  }
}

function writeDigits(tag: number, version: string, start: number, end: number, key: KeyWriter): void {
  key.byte(tag);
  key.number(version, start, end);
}

function hexadecimalEnd(version: string, start: number): number {
  let end = start;
  for (;;) {
    const code = version.charCodeAt(end);
    if (!isDigit(code) && !((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66)) return end;
    end++;
  }
}
