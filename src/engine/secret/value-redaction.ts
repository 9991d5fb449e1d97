import { REDACTED } from './config-secrets.js';
import { isSecretName, namedSecret, withoutUrlPasswords } from './named-secret.js';
import type { SecretScanner } from './secret-scanner.js';

/** Stands in the place of one word. */
const WORD = '[redacted]';

/** `--db-password=…`, `DB_PASSWORD=…`, `password: …` and `"password":"…"` within a text. */
const ASSIGNED =
  /([A-Za-z0-9_.-]{0,60}(?:pass(?:word|wd|phrase)|secret|token|credentials?|api[-_]?key|access[-_]?key|private[-_]?key)["']?\s{0,3}[=:]\s{0,3}["']?)([^\s"',;&]{1,500})/gi;
/** `--db-password …` */
const OPTION =
  /(--?[a-z0-9_.-]{0,60}(?:pass(?:word|wd|phrase)|secret|token|credentials?|api[-_]?key|access[-_]?key|private[-_]?key)\s{1,3})(?!-)([^\s"']{1,500})/gi;
/** `Authorization: Bearer …` */
const BEARER = /\b((?:bearer|basic)\s{1,3})([A-Za-z0-9+/=._~-]{8,2000})/gi;

/** Names of what is public although it looks like a key, as in the official images of languages: `GPG_KEY`. */
const PUBLIC_NAME = /(?:gpg|pgp|pub|public)[-_.]?keys?$|fingerprint|checksum|digest|sha(?:1|256|384|512)/i;

/** Takes secrets out of texts of an engine, which are stored and served. Rules find them; and names tell of others. */
export class ValueRedaction {
  constructor(private readonly scanner: Pick<SecretScanner, 'scanText'>) {}

  /** The secrets that an environment variable holds, by rule. Its value is kept nowhere. */
  environment(name: string, value: string): { ruleId: string; hint: string }[] {
    const all = this.scanner.scanText(`${name}=${value}`, `env.${name}`);
    const found = PUBLIC_NAME.test(name) ? all.filter(({ ruleId }) => ruleId !== 'generic-api-key') : all;
    if (found.length > 0) return found.map(({ ruleId, hint }) => ({ ruleId, hint }));
    const named = namedSecret(name, value);
    return named === null ? [] : [named];
  }

  /** Labels or options: a value that is a secret, or holds one, is gone. */
  pairs(pairs: Readonly<Record<string, string>>, where: string): Record<string, string> {
    const clean = Object.keys(pairs)
      .sort()
      .map((name) => [name, this.value(name, pairs[name] ?? '', where)] as const);
    return Object.fromEntries(clean);
  }

  /** The words of a command. A secret and the option that names it are often two words. */
  words(words: readonly string[], where: string): string[] {
    if (words.length === 0) return [];
    const [program = ''] = words;
    if (this.scanner.scanText(words.join(' '), where).length > 0) {
      return this.scanner.scanText(program, where).length > 0 || words.length === 1 ? [REDACTED] : [program, REDACTED];
    }
    return words.map((word, index) => {
      const before = words[index - 1] ?? '';
      if (before.startsWith('-') && isSecretName(before) && !word.startsWith('-')) return WORD;
      return withoutNamed(word);
    });
  }

  /** A line of a log, or of a list of processes. */
  line(text: string, where: string): string {
    if (this.scanner.scanText(text, where).length === 0) return withoutNamed(text);
    const program = /^\S{1,100}(?=\s)/.exec(text)?.[0] ?? '';
    return program === '' || this.scanner.scanText(program, where).length > 0
      ? REDACTED
      : `${withoutNamed(program)} ${REDACTED}`;
  }

  private value(name: string, value: string, where: string): string {
    if (value === '') return value;
    const isFound = this.scanner.scanText(`${name}=${value}`, `${where}.${name}`).length > 0;
    return isFound || namedSecret(name, value)?.ruleId === 'secret-by-name' ? REDACTED : withoutNamed(value);
  }
}

function withoutNamed(text: string): string {
  const plain = withoutUrlPasswords(text, WORD);
  // A word of each is in every match, which costs less to look for.
  if (!/pass|secret|token|credential|key|bearer|basic/i.test(plain)) return plain;
  return plain.replace(ASSIGNED, `$1${WORD}`).replace(OPTION, `$1${WORD}`).replace(BEARER, `$1${WORD}`);
}
