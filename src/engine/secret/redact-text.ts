import { isLiteral } from '../control/image/secret-name.js';
import { REDACTED } from './config-secrets.js';
import { isSecretOption, isSetNumber, redactPhrase } from './redact-words.js';
import type { SecretScanner } from './secret-scanner.js';

type Scanner = Pick<SecretScanner, 'scanText' | 'cutShort'>;
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** How often what rules find is taken out, before all of the text is: what is left shows what was hidden beneath. */
const MAX_ROUNDS = 6;

/** Longer lines are of no configuration that people write; to look for names in them takes too long. */
const MAX_LINE = 32 * 1024;

/** Far deeper than any configuration. */
const MAX_DEPTH = 64;

const ASSIGNED =
  /^(\s*(?:export\s+|set\s+|-\s+)?["']?)([A-Za-z_][\w.-]{0,100})(["']?\s*(?:[:+?]?=|:)\s*|["']?\s+)(\S.*)$/;
const PRIVATE_KEY = /-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_END = /-----END[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----/;

/** Files whose first words are names of databases or of kinds of checks, not of secrets. */
const OTHER_WORDS = /\/(?:nsswitch\.conf|pam\.d\/[^/]*|pam\.conf)$/;

/**
 * The text of a configuration file without what may be secret: what is left has the same lines, and says the same
 * otherwise. JSON stays JSON, written anew.
 *
 * @param path of the file; rules for certain files look at it
 * @returns null where secrets cannot be told from the rest: none of the text may be kept
 */
export function redactText(text: string, path: string, scanner: Scanner): string | null {
  const json = path.endsWith('.json') ? parseJson(text) : undefined;
  let clean = json === undefined ? redactLines(text, path) : JSON.stringify(redactJson(json, '', scanner, 0), null, 2);
  if (clean === null) return null;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = scanner.scanText(clean, path.replace(/^\//, ''));
    if (scanner.cutShort === 'effort') return null;
    if (found.length === 0) return clean;
    if (json !== undefined) return null;
    clean = withoutLines(clean, new Set(found.map(({ line }) => line)), round > 0);
  }
  return null;
}

function redactLines(text: string, path: string): string | null {
  const lines: string[] = [];
  let isKey = false;
  for (const line of text.split('\n')) {
    if (line.length > MAX_LINE) return null;
    if (isKey || PRIVATE_KEY.test(line)) {
      isKey = !KEY_END.test(line);
      lines.push(REDACTED);
    } else lines.push(redactLine(line, path));
  }
  return lines.join('\n');
}

function redactLine(line: string, path: string): string {
  const [, lead, name, separator, value] = ASSIGNED.exec(line) ?? [];
  if (lead !== undefined && name !== undefined && separator !== undefined && value !== undefined) {
    const isSecret =
      separator.trim() === '' || separator.trim() === '"' ? isSecretWord(name, value) : isSecretOption(name);
    if (isSecret && isLiteral(value) && !isSetNumber(name, value) && !OTHER_WORDS.test(path))
      return `${lead}${name}${separator}${REDACTED}`;
  }
  return redactPhrase(line);
}

/** `requirepass hunter2`: a name and one word. What has more words is a sentence, or a rule. */
function isSecretWord(name: string, value: string): boolean {
  const isOneWord = !/\s/.test(value.trim()) || /^(["']).*\1\s*$/.test(value);
  return isOneWord && /(?:pass|passwd|password|passphrase|pw|secret|token)$/i.test(name) && isSecretOption(name);
}

/** Lines in which rules found something; the second time, all of the line and of what belongs to it. */
function withoutLines(text: string, found: ReadonlySet<number>, isAgain: boolean): string {
  const lines = text.split('\n');
  for (const number of found) {
    const index = number - 1;
    const line = lines[index] ?? '';
    const name = isAgain ? null : /^\s*[\w.-]{1,100}\s*[=:]\s*/.exec(line)?.[0];
    if (name) {
      lines[index] = `${name}${REDACTED}`;
      continue;
    }
    lines[index] = REDACTED;
    // A secret over several lines goes on to an empty one at most.
    for (let next = index + 1; isAgain && next < lines.length && lines[next]?.trim() !== ''; next += 1)
      lines[next] = REDACTED;
  }
  return lines.join('\n');
}

function redactJson(value: Json, name: string, scanner: Scanner, depth: number): Json {
  if (depth > MAX_DEPTH) return REDACTED;
  if (typeof value === 'string') return redactString(value, name, scanner);
  if (Array.isArray(value)) return value.map((item) => redactJson(item, name, scanner, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redactPhrase(key), redactJson(item, key, scanner, depth + 1)]),
  );
}

function redactString(value: string, name: string, scanner: Scanner): string {
  if (name !== '' && isSecretOption(name) && isLiteral(value)) return REDACTED;
  const [, inner, separator, rest] = /^([A-Za-z_][\w.-]{0,100})(=)(.+)$/s.exec(value) ?? [];
  if (inner !== undefined && rest !== undefined && isSecretOption(inner) && isLiteral(rest))
    return `${inner}${separator}${REDACTED}`;
  const clean = value.length > MAX_LINE ? REDACTED : redactPhrase(value);
  const found = scanner.scanText(`"${name}": "${clean}"`, 'text').length;
  return found === 0 && scanner.cutShort === null ? clean : REDACTED;
}

/** Undefined for what is no JSON. */
function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as Json;
  } catch {
    return undefined;
  }
}
