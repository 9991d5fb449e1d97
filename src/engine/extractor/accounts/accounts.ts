import { type Extraction, type Extractor, emptyExtraction, type ListedAccount } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';

export const PASSWD = 'etc/passwd';
export const SHADOW = 'etc/shadow';

/** More users than any system has; those after them are not looked at. */
const MAX_ACCOUNTS = 10_000;
const MAX_NAME = 256;
const MAX_UID = 2 ** 32 - 1;

/**
 * passwd(5) and shadow(5): who there is, and who needs no password. Passwords themselves are not kept. A line that is
 * none is left out, as login(1) and container engines do.
 */
export const accounts: Extractor = {
  name: 'accounts',
  version: 1,
  maxBytes: 4 * 1024 * 1024,
  // A link there is not followed: that users are not known says nothing of packages, so it is no gap of the scan.
  fixedPaths: [],
  candidates: { endings: [PASSWD, SHADOW] },
  wants(path: string): boolean {
    return path.length === PASSWD.length && (path === PASSWD || path === SHADOW);
  },
  extract(file: FileView): Extraction {
    const read = file.path === PASSWD ? passwdLine : shadowLine;
    const found: ListedAccount[] = [];
    for (const line of contentOf(file).toString('utf8').split('\n')) {
      if (found.length === MAX_ACCOUNTS) break;
      const account = read(line.split(':'));
      if (account && isName(account.name)) found.push(account);
    }
    return { ...emptyExtraction(), accounts: found };
  },
};

/** `name:password:uid:gid:…`; `x` says that the password is in shadow(5). */
function passwdLine([name, password, uid]: string[]): ListedAccount | null {
  if (name === undefined || password === undefined || uid === undefined || !/^\d{1,10}$/.test(uid)) return null;
  if (Number(uid) > MAX_UID) return null;
  return { name, uid: Number(uid), password: password === 'x' ? 'elsewhere' : password === '' ? 'none' : 'some' };
}

/** `name:password:…`; anything that is no hash (`!`, `*`) is a password that nobody can enter. */
function shadowLine([name, password]: string[]): ListedAccount | null {
  if (name === undefined || password === undefined) return null;
  return { name, uid: null, password: password === '' ? 'none' : 'some' };
}

/** PostgreSQL stores neither NUL nor unpaired surrogates. */
function isName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return name !== '' && name.length <= MAX_NAME && !/[\u0000-\u001f\u007f]/.test(name) && name.isWellFormed();
}
