import { AnchorUses } from './anchor-uses.js';
import { Assignment } from './assignment.js';
import { isOf, NAME, VALUE, WORD } from './byte-class.js';
import type { ScanWindow } from './scan-window.js';
import { isPathOf, isSecret } from './secret-judge.js';
import { type HeldMatch, heldMatch } from './secret-match.js';
import type { Found, Matcher, SecretRule } from './secret-rule.js';

/** Matches of one file after which no more is looked for: some may turn out to be the same as others. */
const MOST_HELD = 400;

/**
 * How often a pattern may be tried in vain: so many times in any file, and once more for so many bytes. Text that is made
 * for it takes a few microseconds for each try; of 180,000 files of packages, none needed a fifth of this.
 */
const TRIES = { atLeast: 10_000, bytesEach: 100 };

/** Characters of a name before the word in it that names a secret. */
const LONGEST_PREFIX = 50;

/** How much of a line is looked at on either side of a match. */
const LINE_CONTEXT = 4 * 1024;

const NEWLINE = 0x0a;

/** A file has more secrets than are told of; or so much that is nearly a secret that it was given up. */
export type CutShort = 'matches' | 'effort';

/**
 * Tries rules where their anchors are, in one window of a file after the other. What a rule finds is what its pattern finds
 * from the front of the file to its end: a match begins where the last one of the same rule ended, or behind it.
 */
export class WindowSearch {
  matches: HeldMatch[] = [];
  cutShort: CutShort | null = null;
  private readonly anchors: AnchorUses;
  private readonly assignment: Assignment;
  /** By rule: where in the file its last match ended. */
  private readonly ended: Float64Array;
  /** By rule: 0 if it is not known whether it is for this file, 1 if it is, 2 if not. */
  private readonly applies: Uint8Array;
  private path = '';
  private tries = 0;
  /** Up to where in the window anchors were found. */
  private searched = 0;

  /** @param key of the hashes of values */
  constructor(
    private readonly rules: readonly SecretRule[],
    private readonly window: ScanWindow,
    private readonly key: Buffer,
  ) {
    this.anchors = new AnchorUses(rules);
    this.assignment = new Assignment(window.bytes);
    this.ended = new Float64Array(rules.length);
    this.applies = new Uint8Array(rules.length);
  }

  begin(path: string): void {
    this.path = path;
    this.matches = [];
    this.cutShort = null;
    this.tries = 0;
    this.searched = 0;
    this.ended.fill(0);
    this.applies.fill(0);
    this.assignment.forget();
    for (const nearby of this.anchors.nearby) nearby.seen = -1;
  }

  /** Looks at a full window, and moves it on. */
  next(): void {
    const { window } = this;
    this.search(window.horizon);
    this.searched = window.horizon - window.slide();
    this.assignment.forget();
  }

  /** Looks at what is left. */
  last(): void {
    this.window.close();
    this.search((this.window.length + 1) & ~1);
  }

  private search(to: number): void {
    const { window, anchors } = this;
    anchors.finder.scan(window.bytes, window.pairs, this.searched, to, this.found);
    for (const { rule, pattern, seen } of anchors.nearby) if (seen >= window.base) this.matchAll(rule, pattern);
  }

  private readonly found = (literal: number, at: number): boolean => {
    for (const use of this.anchors.byLiteral[literal] ?? []) {
      switch (use.kind) {
        case 'assignment':
          this.matchAssignment(use.rule, use.matcher, at, use.length);
          break;
        case 'token':
          this.matchToken(use.rule, use.matcher, at, use.length);
          break;
        case 'passage':
          if (this.isOpen(use.rule, at) && this.mayTry(at)) this.accept(use.rule, use.passage.find(this.window, at));
          break;
        case 'nearby':
          use.nearby.seen = this.window.base + at;
          break;
      }
    }
    return this.cutShort !== null;
  };

  private matchAssignment(rule: number, matcher: Matcher & { kind: 'assignment' }, at: number, length: number): void {
    const { assignment, window } = this;
    if (!assignment.follows(at + length, matcher.longer)) return;
    if (matcher.isCased && !isCased(window.bytes, at, length)) return;
    const verdict = matcher.isGeneric ? assignment.generic(window.length) : assignment.hasLength(matcher.shortest);
    if (verdict === 'no' || !this.isOpen(rule, at)) return;
    if (verdict === 'maybe') this.matchAt(rule, matcher.pattern, at, this.nameBefore(rule, at));
    else this.ended[rule] = window.base + verdict;
  }

  /** How long the part of a name before a word is that belongs to a match: some names are no secrets'. */
  private nameBefore(rule: number, at: number): number {
    const { bytes, base } = this.window;
    const first = Math.max(0, at - LONGEST_PREFIX, (this.ended[rule] as number) - base);
    let start = at;
    while (start > first && isOf(bytes[start - 1], WORD | NAME)) start -= 1;
    return at - start;
  }

  private matchToken(rule: number, matcher: Matcher & { kind: 'token' }, at: number, length: number): void {
    const { bytes } = this.window;
    if (matcher.isWord && at > 0 && isOf(bytes[at - 1], WORD)) return;
    for (let i = at + length; i < at + length + matcher.follows; i += 1) if (!isOf(bytes[i], VALUE)) return;
    if (!this.isOpen(rule, at)) return;
    const { lead, pattern } = matcher;
    if (typeof lead === 'function') this.matchAt(rule, pattern, lead(bytes, at));
    else for (const before of lead) if (this.matchAt(rule, pattern, at - before)) return;
  }

  /** @param before characters before the pattern that are of the match */
  private matchAt(rule: number, pattern: RegExp, start: number, before = 0): boolean {
    const { base, text } = this.window;
    if (start < 0 || base + start < (this.ended[rule] as number) || !this.mayTry(start)) return false;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match) this.accept(rule, { ...foundBy(match), start: start - before });
    return match !== null;
  }

  private matchAll(rule: number, pattern: RegExp): void {
    const { text, base } = this.window;
    // What is before the first character of a later window is not known.
    pattern.lastIndex = Math.max(base > 0 ? 1 : 0, (this.ended[rule] as number) - base);
    for (let match = pattern.exec(text); match && this.cutShort === null; match = pattern.exec(text)) {
      this.accept(rule, foundBy(match));
    }
  }

  /** Whether a rule is for this file, and no match of it that holds this index was found. */
  private isOpen(rule: number, at: number): boolean {
    if (this.applies[rule] === 0) this.applies[rule] = isPathOf(this.ruleOf(rule), this.path) ? 1 : 2;
    return this.applies[rule] === 1 && this.window.base + at >= (this.ended[rule] as number);
  }

  private mayTry(at: number): boolean {
    this.tries += 1;
    if (this.tries <= TRIES.atLeast + (this.window.base + at) / TRIES.bytesEach) return true;
    this.cutShort = 'effort';
    return false;
  }

  private accept(number: number, found: Found | null): void {
    if (!found) return;
    const { window, path } = this;
    const rule = this.ruleOf(number);
    this.ended[number] = window.base + found.end;
    const [start, end] = this.withoutNewlines(found);
    const match = window.text.slice(start, end);
    const value = decode(found.value ?? match);
    if (!isSecret(rule, { value, match, line: this.lineOf(start, end), path })) return;
    const identity = rule.identity === 'match' ? decode(match) : value;
    this.matches.push(heldMatch(rule.id, window.lineAt(start), identity, value, this.key));
    if (this.matches.length >= MOST_HELD) this.cutShort = 'matches';
    // It was not in vain.
    this.tries -= 1;
  }

  private withoutNewlines({ start, end }: Found): [start: number, end: number] {
    const { bytes } = this.window;
    let [from, to] = [start, end];
    while (from < to && bytes[from] === NEWLINE) from += 1;
    while (to > from && bytes[to - 1] === NEWLINE) to -= 1;
    return [from, to];
  }

  /** The lines of a match, as far as they are near. */
  private lineOf(start: number, end: number): string {
    const { text, bytes, length } = this.window;
    const first = Math.max(0, start - LINE_CONTEXT);
    const last = Math.min(length, end + LINE_CONTEXT);
    const newline = bytes.subarray(end, last).indexOf(NEWLINE);
    const from = first + bytes.subarray(first, start).lastIndexOf(NEWLINE) + 1;
    return text.slice(from, newline < 0 ? last : end + newline);
  }

  private ruleOf(number: number): SecretRule {
    return this.rules[number] as SecretRule;
  }
}

function foundBy(match: RegExpExecArray): Found {
  const value = match.slice(1).find((group) => group) ?? null;
  return { start: match.index, end: match.index + match[0].length, value };
}

/** Lower case, capitalised or upper case. */
function isCased(bytes: Uint8Array, at: number, length: number): boolean {
  const isUpper = (i: number) => ((bytes[i] as number) & 0x20) === 0;
  const rest = isUpper(at + 1);
  if (rest && !isUpper(at)) return false;
  for (let i = at + 2; i < at + length; i += 1) if (isUpper(i) !== rest) return false;
  return true;
}

/** From one character for each byte to UTF-8. */
function decode(text: string): string {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString() : text;
}
