/** Words of a name that say that its value is a secret. */
const SECRET_WORDS = new Set([
  ...['PASSWORD', 'PASSWD', 'PASSPHRASE', 'PASS', 'PWD', 'SECRET', 'SECRETS', 'TOKEN', 'CREDENTIAL', 'CREDENTIALS'],
  ...['APIKEY', 'PRIVATEKEY', 'ACCESSKEY', 'SECRETKEY', 'PGPASSWORD', 'MYSQLPASSWORD', 'AUTHTOKEN', 'PAT'],
]);

/** Words before KEY with which it is a secret; a `GPG_KEY` or `PUBLIC_KEY` is none. */
const SECRET_KEYS = new Set([
  ...['API', 'ACCESS', 'PRIVATE', 'ENCRYPTION', 'SIGNING', 'MASTER', 'DEPLOY', 'AUTH', 'ACCOUNT', 'STORAGE', 'SHARED'],
  ...['APP', 'SSH', 'JWT', 'SESSION', 'COOKIE', 'LICENSE', 'INSTRUMENTATION'],
]);

/** Last words of names whose value only tells of a secret. */
const ABOUT = new Set([
  ...['FILE', 'FILES', 'PATH', 'DIR', 'FOLDER', 'URL', 'URI', 'ENDPOINT', 'HOST', 'PORT', 'NAME', 'USER', 'USERNAME'],
  ...['TTL', 'EXPIRY', 'EXPIRATION', 'EXPIRES', 'DAYS', 'TIMEOUT', 'LENGTH', 'SIZE', 'MIN', 'MAX', 'COUNT', 'LIMIT'],
  ...['TYPE', 'HASHER', 'ALGORITHM', 'ALG', 'POLICY', 'ENABLED', 'DISABLED', 'REQUIRED', 'MODE', 'FORMAT', 'VERSION'],
  ...['PREFIX', 'SUFFIX', 'HEADER', 'FIELD', 'PARAM', 'ISSUER', 'AUDIENCE', 'PROVIDER', 'BACKEND', 'STORE', 'MANAGER'],
]);

/** What a variable holds that is switched, not kept secret. */
const SETTING = /^(?:true|false|yes|no|on|off|none|null|nil|undefined|default|0|1|\*+|x+|<.*>)$/i;

/** `$A`, `${A:-b}`, `$(command)`. */
const REFERENCE = /^(?:\$\w+|\$\{[^}]*\}|\$\(.*\)|`.*`)$/s;

/** A path of two folders or more; a secret seldom looks so. */
const PATH = /^~?(?:\/[\w.-]+){2,}\/?$|^\.{1,2}\/|^[A-Za-z]:\\/;

/** Whether a variable's name says that its value is a secret, as `DB_PASSWORD`, `githubToken`, `AWS_SECRET_ACCESS_KEY`. */
export function isSecretName(name: string): boolean {
  if (name.length > 200 || name === 'PWD' || name === 'OLDPWD') return false;
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (ABOUT.has(last)) return false;
  if (words.some((word) => SECRET_WORDS.has(word))) return true;
  return words.some((word, index) => word === 'KEY' && SECRET_KEYS.has(words[index - 1] ?? ''));
}

/** Whether a value is written out: neither empty, nor a reference to another variable, a switch, or a path. */
export function isLiteral(value: string): boolean {
  const bare = value
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim();
  return bare !== '' && !REFERENCE.test(bare) && !SETTING.test(bare) && !PATH.test(bare);
}

/** `githubToken` → `GITHUB`, `TOKEN`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split(/[_.\-\s]+/)
    .filter((word) => word !== '')
    .map((word) => word.toUpperCase());
}
