import type { HostAccount, HostGroup } from '../../../model/host/system.js';

/** More users and groups than any host has. */
const MAX_ACCOUNTS = 50_000;
const MAX_FIELD = 1_024;
const MAX_MEMBERS = 10_000;
const MAX_ID = 2 ** 32 - 1;

/** What a list of users or groups could not be read of. */
export interface Parsed<T> {
  list: T[];
  /** Lines that are none, which login(1) passes over too. */
  unparsed: number;
  isCut: boolean;
  /** Lines that take in users of a network, NIS: `+`. */
  isOpen: boolean;
}

/** What shadow(5) says of a user. */
export type ShadowLine = Pick<
  HostAccount,
  'name' | 'password' | 'hash' | 'maxAge' | 'minAge' | 'warnAge' | 'inactive' | 'lastChange'
>;

const NOTHING_SAID = { maxAge: null, minAge: null, warnAge: null, inactive: null, lastChange: null };

/**
 * `name:password:uid:gid:comment:home:shell`, passwd(5). Hashes are looked at, and kept nowhere.
 *
 * @param shadow by name; null where it could not be read
 */
export function parsePasswd(text: string, shadow: ReadonlyMap<string, ShadowLine> | null): Parsed<HostAccount> {
  return parseLines(text, ([name = '', password, uid = '', gid = '', , home = '', shell = '']) => {
    const numbers = [idOf(uid), idOf(gid)] as const;
    const [uidNumber, gidNumber] = numbers;
    if (password === undefined || uidNumber === null || gidNumber === null) return null;
    const said =
      password === 'x'
        ? (shadow?.get(name) ?? {
            // In shadow(5) or not, nobody can log in whom it does not list.
            password: shadow === null ? ('unknown' as const) : ('locked' as const),
            hash: null,
            ...NOTHING_SAID,
          })
        : { ...NOTHING_SAID, ...shadow?.get(name), ...passwordOf(password) };
    return { ...said, name, uid: uidNumber, gid: gidNumber, home: fieldOf(home), shell: fieldOf(shell) };
  });
}

/** `name:password:last change:min:max:warn:inactive:expires:`, shadow(5), in days. */
export function parseShadow(text: string): Parsed<ShadowLine> {
  return parseLines(text, ([name = '', password, lastChange, min, max, warn, inactive]) => {
    if (password === undefined) return null;
    return {
      name,
      ...passwordOf(password),
      lastChange: daysOf(lastChange),
      minAge: daysOf(min),
      maxAge: daysOf(max),
      warnAge: daysOf(warn),
      inactive: daysOf(inactive),
    };
  });
}

/** `name:password:gid:member,member`, group(5). */
export function parseGroup(text: string): Parsed<HostGroup> {
  return parseLines(text, ([name = '', password, gid = '', members = '']) => {
    const number = idOf(gid);
    if (password === undefined || number === null) return null;
    const names = members.split(',', MAX_MEMBERS).map((member) => member.trim());
    return { name, gid: number, members: [...new Set(names.filter(isName))].sort() };
  });
}

/** What crypt(5) would make of a password field. What no hash looks like is a password that nobody can enter. */
function passwordOf(field: string): Pick<HostAccount, 'password' | 'hash'> {
  if (field === '') return { password: 'none', hash: null };
  const hash = hashKind(field);
  return hash === null ? { password: 'locked', hash: null } : { password: 'set', hash };
}

/** By their prefixes, crypt(5). */
const HASHES: readonly (readonly [prefix: string, kind: string])[] = [
  ['$y$', 'yescrypt'],
  ['$gy$', 'gost-yescrypt'],
  ['$7$', 'scrypt'],
  ['$2', 'bcrypt'],
  ['$6$', 'sha512'],
  ['$5$', 'sha256'],
  ['$sha1$', 'sha1'],
  ['$md5', 'sunmd5'],
  ['$1$', 'md5'],
  ['$3$', 'nt'],
];

function hashKind(field: string): string | null {
  const known = HASHES.find(([prefix]) => field.startsWith(prefix));
  if (known) return known[1];
  if (field.startsWith('$')) return /^\$[A-Za-z0-9_-]{1,16}\$/.test(field) ? 'other' : null;
  if (/^_[./0-9A-Za-z]{19}$/.test(field)) return 'bsdi';
  return /^[./0-9A-Za-z]{13}(?:[./0-9A-Za-z]{11})*$/.test(field) ? 'des' : null;
}

function parseLines<T>(text: string, read: (fields: string[]) => T | null): Parsed<T> {
  const list: T[] = [];
  let unparsed = 0;
  let isOpen = false;
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (list.length === MAX_ACCOUNTS) return { list, unparsed, isCut: true, isOpen };
    if (line.startsWith('+') || line.startsWith('-')) {
      isOpen ||= line.startsWith('+');
      continue;
    }
    const fields = line.split(':', 16);
    const entry = isName(fields[0] ?? '') ? read(fields) : null;
    if (entry === null) unparsed += 1;
    else list.push(entry);
  }
  return { list, unparsed, isCut: false, isOpen };
}

function idOf(text: string): number | null {
  if (!/^\d{1,10}$/.test(text)) return null;
  const id = Number(text);
  return id <= MAX_ID ? id : null;
}

/** Negative and absurd numbers mean none: tools write -1, and 99999 for "never". */
function daysOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function fieldOf(text: string): string {
  return text.slice(0, MAX_FIELD).toWellFormed().replaceAll('\0', '');
}

/** PostgreSQL stores neither NUL nor unpaired surrogates. */
function isName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return name !== '' && name.length <= 256 && !/[\u0000-\u001f\u007f]/.test(name) && name.isWellFormed();
}
