import type { Severity } from '../../model/severity.js';
import { anyCase } from './any-case.js';
import type { Allowance, Lead, Matcher, SecretRule } from './secret-rule.js';

/** RE2's `\s`, for use in a character class; JavaScript's has more. */
export const SPACE = String.raw`\t\n\f\r `;

/** A quote, blank, semicolon, line break written as an escape, or the end of the text. */
export const END = String.raw`(?:[\x60'"${SPACE};]|\\[nr]|$)`;

const GAP = String.raw`[ \t\w.-]{0,20}[${SPACE}'"]{0,3}`;
const OPERATOR = String.raw`(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"${SPACE}=]{0,5}`;

/** Values that many rules share; letters of either case where the rule has it so. */
export const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
export const hex = (length: number): string => `[a-f0-9]{${length}}`;
export const alphanumeric = (length: number): string => `[a-z0-9]{${length}}`;
export const dashed = (length: number | string): string => `[a-z0-9=_-]{${length}}`;

/** A literal, a list of literals, or a pattern with the literals that one of is in each text that it matches. */
type Words = string | readonly string[] | WordPattern;

interface WordPattern {
  pattern: string;
  anchors: readonly string[];
  isCased?: boolean;
  /** By how many characters a word may be longer than its anchor. */
  longer?: number;
}

/** Words as names have them: lower case, capitalised, or upper case. */
export function cased(...words: string[]): WordPattern {
  const forms = words.flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]);
  return { pattern: `(?-i:${forms.join('|')})`, anchors: words, isCased: true };
}

interface Options {
  /** Where they are not the literals themselves. */
  keywords?: readonly string[];
  entropy?: number;
  path?: RegExp | null;
  allowances?: readonly Allowance[];
  identity?: SecretRule['identity'];
}

/** `vendor_token = "value"`. Words are of any case, and so is the value unless it is `exact`. */
export function assigned(
  id: string,
  severity: Severity,
  title: string,
  words: Words,
  value: string,
  options: Options & { exact?: boolean; isGeneric?: boolean } = {},
): SecretRule {
  const matcher = assignment(words, value, options);
  return rule(id, severity, title, [matcher], { keywords: matcher.anchors, ...options });
}

export function assignment(
  words: Words,
  value: string,
  { exact = false, isGeneric = false }: { exact?: boolean; isGeneric?: boolean } = {},
): Matcher & { kind: 'assignment' } {
  const { pattern, anchors, isCased = false, longer = 0 } = wordsOf(words);
  const behind = exact ? `(${value})${END}` : anyCase(`(${value})${END}`);
  const source = `(?:${anyCase(pattern)})${GAP}${OPERATOR}${behind}`;
  const shortest = isGeneric ? 0 : shortestOf(value);
  return { kind: 'assignment', anchors, pattern: new RegExp(source, 'y'), isCased, longer, shortest, isGeneric };
}

interface TokenShape {
  /** Letters of which part may be of either case; by default of none. */
  ignoreCase?: 'rest' | 'all';
  /** Whether the value begins where a word does; by default it does. */
  isWord?: boolean;
  /** What comes behind the value: by default `END` above; a word boundary; or anything. */
  end?: 'word' | 'any';
}

/** A value that tells by its prefix, or one of several, what it is. */
export function token(
  id: string,
  severity: Severity,
  title: string,
  prefix: string | readonly string[],
  rest: string,
  options: Options & TokenShape = {},
): SecretRule {
  const matcher = prefixed(prefix, rest, options);
  return rule(id, severity, title, [matcher], { keywords: matcher.anchors, ...options });
}

export function prefixed(
  prefix: string | readonly string[],
  rest: string,
  { ignoreCase, isWord = true, end }: TokenShape = {},
): Matcher & { kind: 'token' } {
  const prefixes = typeof prefix === 'string' ? [prefix] : prefix;
  const start = prefixes.map(escaped).join('|');
  const behind = end === 'any' ? '' : end === 'word' ? '\\b' : END;
  const body = ignoreCase === undefined ? rest : anyCase(rest);
  const first = ignoreCase === 'all' ? anyCase(start) : start;
  const last = ignoreCase === 'all' ? anyCase(behind) : behind;
  return {
    kind: 'token',
    anchors: prefixes.map((literal) => literal.toLowerCase()),
    pattern: new RegExp(`${isWord ? '\\b' : ''}((?:${first})${body})${last}`, 'y'),
    lead: [0],
    isWord,
    follows: shortestOf(rest),
  };
}

/** A value that is told by something in the middle of it, or at its end. */
export function anchored(anchors: readonly string[], lead: Lead, pattern: string): Matcher & { kind: 'token' } {
  return { kind: 'token', anchors, pattern: new RegExp(pattern, 'y'), lead, isWord: false, follows: 0 };
}

export function rule(
  id: string,
  severity: Severity,
  title: string,
  matchers: readonly Matcher[],
  { keywords = [], entropy = 0, path = null, allowances = [], identity = 'value' }: Options,
): SecretRule {
  return { id, title, severity, keywords, entropy, path, allowances, identity, matchers };
}

function wordsOf(words: Words): WordPattern {
  if (typeof words === 'string') return { pattern: escaped(words), anchors: [words.toLowerCase()] };
  if ('pattern' in words) return words;
  return { pattern: words.map(escaped).join('|'), anchors: words.map((word) => word.toLowerCase()) };
}

/** How many characters of its first class a value has at least. A lower bound is enough. */
function shortestOf(pattern: string): number {
  return Number(/^\[[^\]]*\]\{(\d+)/.exec(pattern)?.[1] ?? 0);
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
