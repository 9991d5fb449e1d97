/** Names that say of their value that it is a secret: `MYSQL_ROOT_PASSWORD`, `db.password`, `splunk-token`. */
const SECRET_NAME =
  /(?:(?:^|[-_.])pass|password|passwd|passphrase|secret|token|credentials?|(?:api|app|access|private|secret|encryption|signing|master|account|auth)[-_.]?keys?|secret[-_.]key[-_.]base)$/i;

/** What stands for no secret: a switch, a number, or where the secret is to be found. */
const NO_SECRET = /^(?:|true|false|yes|no|on|off|none|null|[\d.]{1,5}|\/.*|file:.*|\$.*|%.*%|\{\{.*\}\}|<.*>|\*+)$/i;

/** The password of `scheme://user:password@host`. */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#:@'"]{0,100}:)([^\s/?#@'"]{1,200})@/gi;

/** A rule by which a value is a secret for its name or place, whatever it looks like. */
export type NamedRule = 'secret-by-name' | 'password-in-url';

/**
 * Whether a value is a secret by its name, or holds the password of a URL. Rules that know secrets by how they look pass
 * over `hunter2`, which in a variable `DB_PASSWORD` is one.
 */
export function namedSecret(name: string, value: string): { ruleId: NamedRule; hint: string } | null {
  if (isSecretName(name) && !NO_SECRET.test(value)) return { ruleId: 'secret-by-name', hint: hintOf(value) };
  for (const [, , password = ''] of value.matchAll(URL_PASSWORD)) {
    if (!NO_SECRET.test(password)) return { ruleId: 'password-in-url', hint: hintOf(password) };
  }
  return null;
}

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Replaces passwords of URLs. */
export function withoutUrlPasswords(text: string, redacted: string): string {
  return text.includes('://') ? text.replace(URL_PASSWORD, `$1${redacted}@`) : text;
}

function hintOf(value: string): string {
  return `… (${value.length} characters)`;
}
