import { isLiteral, isSecretName } from '../control/image/secret-name.js';
import { writtenSecrets } from '../control/image/written-secret.js';
import { REDACTED } from './config-secrets.js';

/** Ends of names that are written as one word: `requirepass`, `bindpw`, `dbpassword`. */
const SECRET_ENDING = /(?:pass|passwd|password|passphrase|passcode|bindpw|rootpw|secret|token|apikey|credentials?)$/i;

/** Names that only end so. */
const NO_SECRET = /(?:compass|bypass|multipass|one-?pass|(?:max|min|num)[_-]?tokens?)$/i;

/** Of crypt(5), and what GRUB makes of passwords. */
const HASH =
  /\$(?:[1-7]|2[abxy]?|y|gy|sha1|md5|argon2[a-z]*)[$,][^\s:"'<>]{8,512}|\bgrub\.pbkdf2\.sha\d+\.[\w.]{8,4096}/g;

/** `"name": "value"`, as JSON has it. */
const QUOTED_PAIR = /"([A-Za-z_][\w.-]{0,100})"\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,4096})"/g;

/** What a request shows who sends it. */
const HEADER =
  /\b((?:proxy-)?authorization|x-[a-z-]{0,40}(?:token|key|secret)|private-token|cookie)(\s{0,4}:\s{0,4})([^"'\r\n]{4,4096})/gi;

/** Whether a value of this name is a secret: also where a name is one word. */
export function isSecretOption(name: string): boolean {
  return isSecretName(name) || (name.length <= 200 && SECRET_ENDING.test(name) && !NO_SECRET.test(name));
}

/** `passwd_tries=3`: a number that is set for passwords is none, unless the name ends with what a secret is called. */
export function isSetNumber(name: string, value: string): boolean {
  return /^\d{1,6}$/.test(value.trim()) && !/(?:pass|passwd|password|passphrase|pin|secret|token|url)$/i.test(name);
}

/**
 * A short text without the values that their names or forms give away: assignments, options, passwords in URLs, headers,
 * and hashes of passwords. What stays may still be a secret by its own form, which rules for secrets tell.
 */
export function redactPhrase(text: string): string {
  let out = '';
  let at = 0;
  for (const { name, start, end } of writtenSecrets(text)) {
    if (start < at || isSetNumber(name, text.slice(start, end))) continue;
    out += `${text.slice(at, start)}${REDACTED}`;
    at = end;
  }
  return (out + text.slice(at))
    .replace(QUOTED_PAIR, (whole: string, name: string, value: string) =>
      isSecretOption(name) && isLiteral(value) ? `"${name}": "${REDACTED}"` : whole,
    )
    .replace(HEADER, (_, name: string, colon: string) => `${name}${colon}${REDACTED}`)
    .replace(HASH, REDACTED)
    .toWellFormed();
}
