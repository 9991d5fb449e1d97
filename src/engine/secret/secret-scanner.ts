import { createHmac, type Hmac } from 'node:crypto';
import { Assignment } from './assignment.js';
import { BYTE_CLASS, NAME, VALUE, WORD } from './byte-class.js';
import { LiteralFinder } from './literal-finder.js';
import { ScanWindow } from './scan-window.js';
import { isPathOf, isSecret } from './secret-judge.js';
import { hashOf, hintOf, type SecretMatch } from './secret-match.js';
import type { Found, Matcher, Passage, SecretRule } from './secret-rule.js';
import { SECRET_RULES } from './secret-rules.js';
import { TextDecoding } from './text-decoding.js';
import { isPathWanted } from './wanted-path.js';

/** More secrets of one file are not told of. */
export const MAX_SECRETS_PER_FILE = 100;

/** A file with a NUL among its first bytes is no text. */
const HEAD = 8 * 1024;

/** Matches of one file after which no more is looked for: some may turn out to be the same as others. */
const MAX_RAW = 4 * MAX_SECRETS_PER_FILE;

/** How much of a line is looked at on either side of a match. */
const LINE_CONTEXT = 4 * 1024;

/** Characters of a name before the word in it that names a secret. */
const LONGEST_PREFIX = 50;

/** What is kept of a value until the end of its file. */
const KEPT_VALUE = 4 * 1024;

type Use = { rule: number; length: number } & (
  | { kind: 'assignment'; matcher: Matcher & { kind: 'assignment' } }
  | { kind: 'token'; matcher: Matcher & { kind: 'token' } }
  | { kind: 'nearby'; matcher: Matcher & { kind: 'nearby' } }
  | { kind: 'passage'; passage: Passage }
);

interface Raw extends SecretMatch {
  /** Its beginning, to see whether the generic rule found what another one did. */
  value: string;
}

/**
 * Looks for secrets in files, one after the other: `begin`, `write` as often as there are pieces, `end`. A piece is read
 * only during the call. Memory is bounded whatever the size of files, and so is the time for each byte.
 *
 * Verdicts are those of gitleaks 8 without decoding, with these differences: a match may be anywhere, not only within
 * a part of 100 kB; a last line without a line break is a line like others; case is that of ASCII.
 */
export class SecretScanner {
  private readonly window = new ScanWindow();
  private readonly decoding = new TextDecoding();
  private readonly assignment = new Assignment(this.window.bytes);
  private readonly finder: LiteralFinder;
  /** By the number of a literal. */
  private readonly uses: Use[][] = [];
  private readonly nearby: { rule: number; pattern: RegExp; seen: number }[] = [];

  private path = '';
  private state: 'looking' | 'refused' | 'done' = 'done';
  private isHeadChecked = false;
  /** Up to where in the window anchors were found. */
  private scanned = 0;
  /** By rule: where in the file its last match ended. */
  private readonly ended = new Float64Array(SECRET_RULES.length);
  /** By rule: 0 if it is not known whether it is for this file, 1 if it is, 2 if not. */
  private readonly applies = new Uint8Array(SECRET_RULES.length);
  private raw: Raw[] = [];
  private file: { rule: SecretRule; hash: Hmac; size: number } | null = null;

  /** @param key of the hashes of values */
  constructor(private readonly key: Buffer) {
    const literals = new Map<string, Use[]>();
    for (const [number, rule] of SECRET_RULES.entries()) {
      for (const matcher of rule.matchers) this.register(literals, number, matcher);
    }
    this.uses = [...literals.values()];
    this.finder = new LiteralFinder([...literals.keys()]);
  }

  /** Whether a file is looked at, by its path, without a leading slash, and its size in bytes alone. */
  wants(path: string, size: number): boolean {
    return size > 0 && isPathWanted(path);
  }

  begin(path: string): void {
    this.path = path;
    this.state = 'looking';
    this.isHeadChecked = false;
    this.scanned = 0;
    this.window.reset();
    this.decoding.reset();
    this.assignment.forget();
    this.ended.fill(0);
    this.applies.fill(0);
    for (const near of this.nearby) near.seen = -1;
    this.raw = [];
    const rule = FILE_RULES.find((each) => isPathOf(each, path));
    this.file = rule ? { rule, hash: createHmac('sha256', this.key), size: 0 } : null;
  }

  write(chunk: Buffer): void {
    if (this.file) {
      this.file.hash.update(chunk);
      this.file.size += chunk.length;
    }
    if (this.state === 'looking') this.take(this.decoding.decode(chunk));
  }

  /** What was found, by line: at most `MAX_SECRETS_PER_FILE`. */
  end(): SecretMatch[] {
    if (this.state === 'looking') this.take(this.decoding.end());
    if (this.state === 'looking') {
      this.checkHead();
      if (this.state === 'looking') this.look(true);
    }
    const found = distinct(this.raw);
    if (this.file) {
      const { rule, hash, size } = this.file;
      found.unshift({ ruleId: rule.id, line: 1, hint: `… (${size} bytes)`, hash: hash.digest('hex') });
    }
    this.raw = [];
    this.file = null;
    this.state = 'done';
    return found.slice(0, MAX_SECRETS_PER_FILE);
  }

  /** Text that is no file, as an environment variable of an image's configuration. */
  scanText(text: string, path: string): SecretMatch[] {
    this.begin(path);
    this.write(Buffer.from(text));
    return this.end();
  }

  private register(literals: Map<string, Use[]>, rule: number, matcher: Matcher): void {
    if (matcher.kind === 'file') return;
    const passage = matcher.kind === 'passage' ? matcher.open() : null;
    if (matcher.kind === 'nearby') this.nearby.push({ rule, pattern: matcher.pattern, seen: -1 });
    for (const anchor of matcher.anchors) {
      const uses = literals.get(anchor) ?? [];
      literals.set(anchor, uses);
      if (matcher.kind === 'passage') {
        if (passage) uses.push({ kind: 'passage', rule, length: anchor.length, passage });
      } else uses.push({ kind: matcher.kind, rule, length: anchor.length, matcher } as Use);
    }
  }

  private take(bytes: Buffer): void {
    let from = 0;
    while (from < bytes.length && this.state === 'looking') {
      from += this.window.append(bytes, from);
      if (!this.isHeadChecked && this.window.length >= HEAD) this.checkHead();
      if (this.state === 'looking' && this.window.isFull) this.look(false);
    }
  }

  private checkHead(): void {
    if (this.isHeadChecked) return;
    this.isHeadChecked = true;
    const { bytes, length } = this.window;
    if (bytes.subarray(0, Math.min(HEAD, length)).includes(0)) this.state = 'refused';
  }

  private look(isLast: boolean): void {
    const { window } = this;
    if (isLast) window.close();
    const to = isLast ? (window.length + 1) & ~1 : window.horizon;
    this.finder.scan(window.bytes, window.pairs, this.scanned, to, this.found);
    for (const { rule, pattern, seen } of this.nearby) if (seen >= window.base) this.lookNearby(rule, pattern);
    if (isLast) return;
    this.scanned = to - window.slide();
    this.assignment.forget();
  }

  private readonly found = (literal: number, at: number): boolean => {
    for (const use of this.uses[literal] as Use[]) {
      switch (use.kind) {
        case 'assignment':
          this.matchAssignment(use.rule, use.matcher, at, use.length);
          break;
        case 'token':
          this.matchToken(use.rule, use.matcher, at, use.length);
          break;
        case 'passage':
          if (this.isOpen(use.rule, at)) this.accept(use.rule, use.passage.find(this.window, at));
          break;
        case 'nearby':
          for (const near of this.nearby) if (near.rule === use.rule) near.seen = this.window.base + at;
          break;
      }
    }
    return this.state === 'done';
  };

  private matchAssignment(rule: number, matcher: Matcher & { kind: 'assignment' }, at: number, length: number): void {
    if (!this.assignment.follows(at + length, matcher.longer)) return;
    if (matcher.isCased && !isCased(this.window.bytes, at, length)) return;
    if (matcher.isGeneric) {
      const verdict = this.assignment.generic(this.window.length);
      if (verdict === 'no' || !this.isOpen(rule, at)) return;
      if (verdict !== 'maybe') {
        this.ended[rule] = this.window.base + verdict;
        return;
      }
    } else if (!this.assignment.hasLength(matcher.shortest) || !this.isOpen(rule, at)) return;
    this.matchAt(rule, matcher.pattern, at, this.nameBefore(rule, at));
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
    const { lead } = matcher;
    if (typeof lead === 'function') this.matchAt(rule, matcher.pattern, lead(bytes, at));
    else for (const before of lead) if (this.matchAt(rule, matcher.pattern, at - before)) return;
  }

  /** Whether a rule is for this file, and no match of it that holds this index was found. */
  private isOpen(rule: number, at: number): boolean {
    if (this.applies[rule] === 0) this.applies[rule] = isPathOf(ruleOf(rule), this.path) ? 1 : 2;
    return this.applies[rule] === 1 && this.window.base + at >= (this.ended[rule] as number);
  }

  /** @param before characters before the pattern that are of the match */
  private matchAt(rule: number, pattern: RegExp, start: number, before = 0): boolean {
    if (start < 0 || this.window.base + start < (this.ended[rule] as number)) return false;
    pattern.lastIndex = start;
    const match = pattern.exec(this.window.text);
    if (match) this.accept(rule, { ...foundBy(match), start: start - before });
    return match !== null;
  }

  private lookNearby(rule: number, pattern: RegExp): void {
    const { text, base } = this.window;
    pattern.lastIndex = Math.max(base > 0 ? 1 : 0, (this.ended[rule] as number) - base);
    for (let match = pattern.exec(text); match && this.state === 'looking'; match = pattern.exec(text)) {
      const { lastIndex } = pattern;
      this.accept(rule, foundBy(match));
      pattern.lastIndex = lastIndex;
    }
  }

  private accept(number: number, found: Found | null): void {
    if (!found) return;
    const { window } = this;
    const rule = ruleOf(number);
    this.ended[number] = window.base + found.end;
    const whole = window.text.slice(found.start, found.end);
    const match = whole.replace(/^\n+|\n+$/g, '');
    const start = found.start + whole.indexOf(match);
    const value = decode(found.value === whole ? match : found.value);
    if (!isSecret(rule, { value, match, line: this.lineOf(start, start + match.length), path: this.path })) return;
    const identity = rule.identity === 'match' ? decode(match) : value;
    this.raw.push({
      ruleId: rule.id,
      line: window.lineAt(start),
      hint: hintOf(identity),
      hash: hashOf(this.key, identity),
      value: copy(value.slice(0, KEPT_VALUE)),
    });
    if (this.raw.length >= MAX_RAW) this.state = 'done';
  }

  /** The lines of a match, as far as they are near. */
  private lineOf(start: number, end: number): string {
    const { text, bytes, length } = this.window;
    const newline = bytes.subarray(Math.max(0, start - LINE_CONTEXT), start).lastIndexOf(0x0a);
    const from = Math.max(0, start - LINE_CONTEXT) + newline + 1;
    const behind = bytes.subarray(end, Math.min(length, end + LINE_CONTEXT)).indexOf(0x0a);
    return text.slice(from, behind < 0 ? Math.min(length, end + LINE_CONTEXT) : end + behind);
  }
}

const FILE_RULES = SECRET_RULES.filter(({ matchers }) => matchers.some(({ kind }) => kind === 'file'));

function ruleOf(number: number): SecretRule {
  return SECRET_RULES[number] as SecretRule;
}

/** What the generic rule found is left out where another rule found it on the same line, and what is the same twice. */
function distinct(raw: readonly Raw[]): SecretMatch[] {
  const specific = raw.filter(({ ruleId }) => ruleId !== GENERIC);
  const kept = raw.filter(
    (each) =>
      each.ruleId !== GENERIC || !specific.some(({ line, value }) => line === each.line && value.includes(each.value)),
  );
  const unique = new Map(
    kept.map(({ ruleId, line, hint, hash }) => [`${line} ${ruleId} ${hash}`, { ruleId, line, hint, hash }]),
  );
  return [...unique.values()].sort((a, b) => a.line - b.line || (a.ruleId < b.ruleId ? -1 : 1));
}

const GENERIC = 'generic-api-key';

function foundBy(match: RegExpExecArray): Found {
  const value = match.slice(1).find((group) => group) ?? match[0];
  return { start: match.index, end: match.index + match[0].length, value };
}

function isOf(byte: number | undefined, classes: number): boolean {
  return ((BYTE_CLASS[byte as number] as number) & classes) !== 0;
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
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}

/** A part of a string holds all of it in memory. */
function copy(text: string): string {
  return Buffer.from(text).toString();
}
