import type { FileView } from '../../extractor/file-view.js';
import { ZipFault } from './zip-fault.js';

/** An entry as the central directory describes it: what it claims is checked where the entry is read. */
export interface ZipEntry {
  name: string;
  flags: number;
  /** 0 is stored, 8 deflated. */
  method: number;
  crc32: number;
  /** Bytes, in the archive and unpacked. */
  compressedSize: number;
  size: number;
  /** Of the local header, from the beginning of the file. */
  offset: number;
}

const END = { signature: 0x06054b50, bytes: 22, maxComment: 0xffff };
/** A comment may hold the mark of an end too, but not for ever. */
const MAX_ENDS = 64;
const LOCATOR_64 = { signature: 0x07064b50, bytes: 20 };
const END_64 = { signature: 0x06064b50, bytes: 56 };
const ENTRY = { signature: 0x02014b50, bytes: 46 };
/** Stands in place of a number that an extra field has. */
const IN_EXTRA = 0xffffffff;
const EXTRA_64 = 1;
/** The directory is read in pieces, so that a size that it only claims costs nothing. */
const WINDOW_BYTES = 1024 * 1024;
/** Longest entry: three fields of 16 bits. */
const MAX_ENTRY_BYTES = ENTRY.bytes + 3 * 0xffff;

/**
 * The central directory of a zip archive, APPNOTE.TXT 6.3.10 §4.3, with zip64 and with anything in front of it, as
 * executable archives have a script. The directory is what Java and Node read; what local headers say is not.
 */
export class ZipArchive {
  private constructor(
    readonly file: FileView,
    private readonly directory: { start: number; end: number },
    /** What was put in front, where offsets were not adjusted. */
    private readonly shift: number,
  ) {}

  /** Null for a file that is no zip archive. */
  static open(file: FileView): ZipArchive | null {
    const tailAt = Math.max(0, file.size - END.bytes - END.maxComment);
    const tail = file.read(tailAt, file.size - tailAt);
    let at = tail.length;
    for (let tried = 0; at > 0 && tried < MAX_ENDS; tried += 1) {
      at = tail.lastIndexOf(END_MARK, at - 1);
      if (at < 0) break;
      if (at + END.bytes > tail.length || at + END.bytes + tail.readUInt16LE(at + 20) > tail.length) continue;
      const found = readEnd(file, tail.subarray(at, at + END.bytes), tailAt + at);
      if (found) return new ZipArchive(file, found.directory, found.shift);
    }
    return null;
  }

  /**
   * Entries in the order of the directory, which ends where it ends: the number that it claims is not asked, as writers
   * without zip64 wrote it modulo 65,536.
   *
   * @throws ZipFault
   */
  *entries(): Generator<ZipEntry> {
    const { start, end } = this.directory;
    let window: Buffer = EMPTY;
    let windowAt = start;
    for (let at = start; at + ENTRY.bytes <= end; ) {
      if (at - windowAt + MAX_ENTRY_BYTES > window.length && windowAt + window.length < end) {
        windowAt = at;
        window = this.file.read(at, Math.min(WINDOW_BYTES, end - at));
      }
      const head = at - windowAt;
      const length = entryLength(window, head);
      if (length === null) throw new ZipFault('corrupt', 'a zip directory that breaks off');
      yield this.readEntry(window.subarray(head, head + length));
      at += length;
    }
  }

  private readEntry(bytes: Buffer): ZipEntry {
    const nameEnd = ENTRY.bytes + bytes.readUInt16LE(28);
    const entry: ZipEntry = {
      name: bytes.toString('utf8', ENTRY.bytes, nameEnd),
      flags: bytes.readUInt16LE(8),
      method: bytes.readUInt16LE(10),
      crc32: bytes.readUInt32LE(16),
      compressedSize: bytes.readUInt32LE(20),
      size: bytes.readUInt32LE(24),
      offset: bytes.readUInt32LE(42),
    };
    if (entry.compressedSize === IN_EXTRA || entry.size === IN_EXTRA || entry.offset === IN_EXTRA) {
      readExtra(entry, bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(30)));
    }
    entry.offset += this.shift;
    return entry;
  }
}

const EMPTY = Buffer.alloc(0);
const END_MARK = Buffer.from('PK\x05\x06', 'latin1');

/** Null where an entry does not begin here, or is cut off. */
function entryLength(window: Buffer, at: number): number | null {
  if (at + ENTRY.bytes > window.length || window.readUInt32LE(at) !== ENTRY.signature) return null;
  const names = window.readUInt16LE(at + 28) + window.readUInt16LE(at + 30) + window.readUInt16LE(at + 32);
  const length = ENTRY.bytes + names;
  return at + length > window.length ? null : length;
}

/** Where the directory is, by its end record; null where there is none. */
function readEnd(
  file: FileView,
  end: Buffer,
  endAt: number,
): { directory: { start: number; end: number }; shift: number } | null {
  let size = end.readUInt32LE(12);
  let offset = end.readUInt32LE(16);
  let directoryEnd = endAt;
  const end64 = readEnd64(file, endAt);
  if (end64) {
    directoryEnd = end64.at;
    if (size === IN_EXTRA) size = end64.size;
    if (offset === IN_EXTRA) offset = end64.offset;
  }
  const start = directoryEnd - size;
  // An empty archive has nothing but its end.
  if (size === 0) return { directory: { start: directoryEnd, end: directoryEnd }, shift: 0 };
  if (start >= 0 && isEntry(file, start)) {
    // Offsets count from the beginning of the file, or from that of the archive where something was put in front.
    return { directory: { start, end: directoryEnd }, shift: start - offset };
  }
  if (offset + size <= endAt && isEntry(file, offset)) {
    return { directory: { start: offset, end: offset + size }, shift: 0 };
  }
  return null;
}

function readEnd64(file: FileView, endAt: number): { at: number; size: number; offset: number } | null {
  const locator = file.read(Math.max(0, endAt - LOCATOR_64.bytes), Math.min(endAt, LOCATOR_64.bytes));
  if (locator.length < LOCATOR_64.bytes || locator.readUInt32LE(0) !== LOCATOR_64.signature) return null;
  // Directly before its locator, unless it is extended; or where that says, which something in front makes wrong.
  const places = [endAt - LOCATOR_64.bytes - END_64.bytes, Number(locator.readBigUInt64LE(8))];
  for (const at of places) {
    const record = at >= 0 && at < endAt ? file.read(at, END_64.bytes) : EMPTY;
    if (record.length === END_64.bytes && record.readUInt32LE(0) === END_64.signature) {
      return { at, size: Number(record.readBigUInt64LE(40)), offset: Number(record.readBigUInt64LE(48)) };
    }
  }
  return null;
}

function isEntry(file: FileView, at: number): boolean {
  const mark = file.read(at, 4);
  return mark.length === 4 && mark.readUInt32LE(0) === ENTRY.signature;
}

/** §4.5.3: of the fields that stand elsewhere as 0xffffffff, in this order. */
function readExtra(entry: ZipEntry, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    const field = extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    if (extra.readUInt16LE(at - 4 - length) !== EXTRA_64) continue;
    let next = 0;
    for (const key of ['size', 'compressedSize', 'offset'] as const) {
      if (entry[key] !== IN_EXTRA || next + 8 > field.length) continue;
      entry[key] = Number(field.readBigUInt64LE(next));
      next += 8;
    }
  }
}
