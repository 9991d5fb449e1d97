import { PlimsollError } from '../../model/error.js';

/** Bytes of a header, and the unit that data is padded to. */
export const BLOCK = 512;

/** What an entry is, or which attribute of the entry after it it holds. */
type TarHeaderType =
  | 'file'
  | 'sparse'
  | 'hardlink'
  | 'symlink'
  | 'directory'
  | 'other'
  | 'longname'
  | 'longlink'
  | 'pax'
  | 'paxglobal';

export interface TarHeader {
  type: TarHeaderType;
  path: string;
  linkName: string;
  /** Bytes of data that follow, without padding. */
  size: number;
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  mode: number;
  uid: number;
  gid: number;
  /** More headers of a sparse file's map follow before the data. */
  extended: boolean;
}

/**
 * Reads one header block (POSIX.1-1988 ustar, and the GNU and V7 variants); null when it is none.
 *
 * @param at where the block begins in `bytes`
 */
export function parseHeader(bytes: Buffer, at: number): TarHeader | null {
  if (!checksumMatches(bytes, at)) return null;
  const stated = readNumber(bytes, at + 124, 12);
  if (stated === null) return null;
  const flag = bytes[at + 156] ?? 0;
  const name = readText(bytes, at, 100);
  const prefix = bytes[at + 345] !== 0 && isUstar(bytes, at + 257) ? readText(bytes, at + 345, 155) : '';
  const path = prefix === '' ? name : `${prefix}/${name}`;
  const type = typeOf(flag, path);
  return {
    type,
    path,
    linkName: bytes[at + 157] === 0 ? '' : readText(bytes, at + 157, 100),
    size: hasData(type, flag) ? stated : 0,
    // What cannot be read counts as 0: these three decide about no byte of the archive.
    mode: (readNumber(bytes, at + 100, 8) ?? 0) % 0o10000,
    uid: readNumber(bytes, at + 108, 8) ?? 0,
    gid: readNumber(bytes, at + 116, 8) ?? 0,
    extended: type === 'sparse' && bytes[at + 482] === 1,
  };
}

/** POSIX' magic, `ustar` and a NUL; GNU's has blanks, and no prefix. */
function isUstar(bytes: Buffer, at: number): boolean {
  for (let i = 0; i < USTAR.length; i += 1) if (bytes[at + i] !== USTAR[i]) return false;
  return true;
}

const USTAR = Buffer.from('ustar\0');

/** Whether another block of a GNU sparse map comes after this one. */
export function isMapContinued(bytes: Buffer, at: number): boolean {
  return bytes[at + 504] === 1;
}

export function isZeroBlock(bytes: Buffer, at: number): boolean {
  for (let i = at; i < at + BLOCK; i += 1) if (bytes[i] !== 0) return false;
  return true;
}

/**
 * Reads pax records, `length key=value\n` (POSIX.1-2001). An empty value takes back what the header says, so it is left
 * out.
 *
 * @throws PlimsollError `archive_corrupt`
 */
export function parsePax(data: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const digits = space < 0 ? '' : data.toString('latin1', at, space);
    const end = at + Number(digits);
    if (!/^\d{1,8}$/.test(digits) || end <= space || end > data.length || data[end - 1] !== 0x0a) {
      throw corrupt('an extended header cannot be read');
    }
    const record = data.toString('utf8', space + 1, end - 1);
    const equals = record.indexOf('=');
    if (equals > 0 && equals < record.length - 1) records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
}

/** Without `.`, `..` and empty components, never above the root; no leading slash. */
export function normalisePath(path: string): string {
  if (!mayNeedNormalising(path) || !/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** Most paths begin with a letter, and have neither a dot nor a slash behind a slash. */
function mayNeedNormalising(path: string): boolean {
  const first = path.charCodeAt(0);
  if (first === DOT || first === SLASH || path.charCodeAt(path.length - 1) === SLASH) return true;
  return path === '' || path.includes('/.') || path.includes('//');
}

const DOT = 0x2e;
const SLASH = 0x2f;

export function corrupt(what: string): PlimsollError {
  return new PlimsollError('archive_corrupt', `The tar archive is damaged: ${what}. Write it again from its source.`);
}

function typeOf(flag: number, path: string): TarHeaderType {
  switch (String.fromCharCode(flag)) {
    case '\0':
      return path.endsWith('/') ? 'directory' : 'file';
    case '0':
    case '7':
      return 'file';
    case '1':
      return 'hardlink';
    case '2':
      return 'symlink';
    case '5':
      return 'directory';
    case 'L':
      return 'longname';
    case 'K':
      return 'longlink';
    case 'x':
    case 'X':
      return 'pax';
    case 'g':
      return 'paxglobal';
    case 'S':
      return 'sparse';
    default:
      return 'other';
  }
}

/** Links, folders, devices (3, 4) and FIFOs (6) have none, whatever their size field says. */
function hasData(type: TarHeaderType, flag: number): boolean {
  if (type === 'hardlink' || type === 'symlink' || type === 'directory') return false;
  return flag !== 0x33 && flag !== 0x34 && flag !== 0x36;
}

/** The sum of all bytes with the checksum field as blanks; some old writers summed signed bytes. */
function checksumMatches(bytes: Buffer, at: number): boolean {
  const stated = readNumber(bytes, at + CHECKSUM.at, CHECKSUM.length);
  if (stated === null || bytes.length < at + BLOCK) return false;
  const sum = sumOfBlock(bytes, at);
  if (stated === sum) return true;
  // As if the bytes from 128 were negative.
  return stated < sum && stated === sum - 256 * highBytesOfBlock(bytes, at);
}

const CHECKSUM = { at: 148, length: 8 };

function sumOfBlock(bytes: Buffer, at: number): number {
  let sum = CHECKSUM.length * BLANK;
  if (((bytes.byteOffset + at) & 3) === 0) {
    // Two bytes at a time in each half of a word: 256 of them fit into 16 bits.
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset + at, BLOCK / 4);
    let pairs = 0;
    for (let i = 0; i < BLOCK / 4; i += 1) {
      const word = words[i] as number;
      pairs += (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff);
    }
    sum += (pairs & 0xffff) + (pairs >>> 16);
    for (let i = 0; i < CHECKSUM.length; i += 1) sum -= bytes[at + CHECKSUM.at + i] as number;
    return sum;
  }
  for (let i = 0; i < BLOCK; i += 1) {
    if (i === CHECKSUM.at) i += CHECKSUM.length;
    sum += bytes[at + i] as number;
  }
  return sum;
}

function highBytesOfBlock(bytes: Buffer, at: number): number {
  let count = 0;
  for (let i = 0; i < BLOCK; i += 1) {
    if (i === CHECKSUM.at) i += CHECKSUM.length;
    if ((bytes[at + i] as number) > 127) count += 1;
  }
  return count;
}

/** Octal digits between blanks up to a NUL, or GNU's base-256 when the first bit is set; null for anything else. */
function readNumber(bytes: Buffer, at: number, length: number): number | null {
  const end = at + length;
  let value = 0;
  if ((bytes[at] ?? 0) & 0x80) {
    value = (bytes[at] ?? 0) & 0x7f;
    for (let i = at + 1; i < end; i += 1) value = value * 256 + (bytes[i] ?? 0);
    return value > Number.MAX_SAFE_INTEGER ? null : value;
  }
  let i = at;
  while (i < end && bytes[i] === BLANK) i += 1;
  for (; i < end; i += 1) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  while (i < end && bytes[i] === BLANK) i += 1;
  return i === end || bytes[i] === 0 ? value : null;
}

const BLANK = 0x20;

function readText(bytes: Buffer, at: number, length: number): string {
  let end = at;
  while (end < at + length && bytes[end] !== 0) end += 1;
  return bytes.toString('utf8', at, end);
}
