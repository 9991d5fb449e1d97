import { isLiteral } from '../control/image/secret-name.js';
import { REDACTED } from './config-secrets.js';
import { isSecretOption, redactPhrase } from './redact-words.js';
import type { SecretScanner } from './secret-scanner.js';

type Scanner = Pick<SecretScanner, 'scanText' | 'cutShort'>;

/** Options of one letter that take a password, by program: `-pSECRET`, `-a SECRET`. */
const SHORT_OPTIONS: readonly { program: RegExp; letter: string }[] = [
  {
    program: /^(?:mysql|mariadb|mysqld?ump|mysqladmin|mariadb-\w+|mysql\w*|sshpass|mongo\w*|docker|podman|htpasswd)$/,
    letter: 'p',
  },
  { program: /^(?:redis-cli|valkey-cli|keydb-cli)$/, letter: 'a' },
  { program: /^ldap\w+$/, letter: 'w' },
  { program: /^(?:curl|wget|smbclient|rpcclient)$/, letter: 'u' },
  { program: /^(?:smbclient|rpcclient)$/, letter: 'U' },
  { program: /^(?:sqlcmd|bcp|rsh|xfreerdp|ipmitool)$/, letter: 'P' },
];

/**
 * The words of a command line without what may be secret: values of options and variables whose names say so, and what
 * rules for secrets find. Where it cannot be told which word holds one, only the program is left.
 */
export function redactCommand(words: readonly string[], scanner: Scanner): string[] {
  const [first = ''] = words;
  const program = first.slice(first.lastIndexOf('/') + 1);
  const letters = SHORT_OPTIONS.filter((each) => each.program.test(program)).map(({ letter }) => letter);
  const named = words.map((word, index) => redactWord(word, words[index - 1] ?? '', letters));
  if (isClean(named, scanner)) return named;
  const alone = named.map((word) => (isClean([word], scanner) ? word : redactedWord(word)));
  if (isClean(alone, scanner)) return alone;
  return isClean([first], scanner) ? [first, REDACTED] : [REDACTED];
}

function redactWord(word: string, before: string, letters: readonly string[]): string {
  const option = /^--?([A-Za-z][\w.-]*)$/.exec(before)?.[1];
  if (option !== undefined && !word.startsWith('-') && isLiteral(word) && isSecretOption(option)) return REDACTED;
  if (/^-[A-Za-z]$/.test(before) && letters.includes(before.slice(1)) && isLiteral(word) && !isPort(word))
    return REDACTED;
  const letter = /^-([A-Za-z])(?=[^-=])/.exec(word)?.[1];
  if (letter !== undefined && word.length > 2 && letters.includes(letter)) return `-${letter}${REDACTED}`;
  // The whole rest of the word, which may have blanks.
  const [, name, equals = '', value = ''] = /^-{0,2}([A-Za-z_][\w.-]{0,200})(=|:)(.+)$/s.exec(word) ?? [];
  if (name !== undefined && isSecretOption(name) && isLiteral(value) && !value.startsWith('//'))
    return `${word.slice(0, word.length - value.length - equals.length)}${equals}${REDACTED}`;
  return redactPhrase(word);
}

/** `docker run -p 8080:80`: what a letter stands for is another thing for each command of a program. */
function isPort(word: string): boolean {
  return /^[\d.:[\]-]+(?:\/\w+)?$/.test(word);
}

/** The name before the value is left. */
function redactedWord(word: string): string {
  const name = /^-{0,2}[A-Za-z_][\w.-]{0,100}=/.exec(word)?.[0] ?? '';
  return `${name}${REDACTED}`;
}

function isClean(words: readonly string[], scanner: Scanner): boolean {
  return scanner.scanText(words.join(' '), 'command').length === 0 && scanner.cutShort === null;
}
