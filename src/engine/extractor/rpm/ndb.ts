import type { FileView } from '../file-view.js';
import { type Fault, type HeaderSource, MAX_HEADER } from './header-source.js';

const PAGE = 4096;
const BLOCK = 16;
const SLOT = 16;
/** The first slots of the first page are the file's own header. */
const FILE_HEADER = 32;
const BLOB_HEADER = 16;
const BLOB_TRAILER = 12;
/** As many packages as an extraction keeps, and then some. */
const MAX_SLOTS = 200_000;

/** Four letters as a little-endian number. */
const letters = (text: string) => Buffer.from(text, 'latin1').readUInt32LE(0);
const FILE_MAGIC = letters('RpmP');
const SLOT_MAGIC = letters('Slot');
const BLOB_MAGIC = letters('BlbS');
const BLOB_END = letters('BlbE');

/**
 * rpm's own "new database", `Packages.db`: pages of slots that name a blob each, then the blobs in blocks of 16 bytes,
 * each with an Adler-32 checksum behind it. What no blob takes is zero. All numbers are little-endian.
 *
 * The layout is that of rpm 4.20's lib/backend/ndb/rpmpkg.c.
 */
export const readNdb: HeaderSource = function* (file, fault) {
  const slots = readSlots(file, fault);
  if (!slots) return;
  let free = slots.end;
  for (const slot of slots.used.sort((a, b) => a.start - b.start)) {
    if (slot.start < free) {
      fault('two packages in the same place');
      continue;
    }
    if (!isZero(file, free, slot.start)) fault('data that belongs to no package');
    free = slot.start + slot.length;
    const header = readBlob(file, slot);
    if (header) yield header;
    else fault('a package whose checksum does not match');
  }
  if (!isZero(file, free, file.size)) fault('data that belongs to no package');
};

export function isNdb(start: Buffer): boolean {
  return start.length >= 4 && start.readUInt32LE(0) === FILE_MAGIC;
}

/** Offset and length in bytes. */
interface Slot {
  index: number;
  start: number;
  length: number;
}

/** @returns null where there are none, which was told */
function readSlots(file: FileView, fault: Fault): { used: Slot[]; end: number } | null {
  const header = file.read(0, FILE_HEADER);
  if (header.length < FILE_HEADER || header.readUInt32LE(4) !== 0) {
    fault('a version of the format that is not known');
    return null;
  }
  const end = header.readUInt32LE(12) * PAGE;
  if (end === 0 || end > file.size || file.size % BLOCK !== 0) fault('fewer blocks than it counts');
  const used: Slot[] = [];
  for (let offset = 0; offset < end; offset += PAGE) {
    const page = file.read(offset, PAGE);
    if (page.length < PAGE) return { used, end: file.size };
    for (let at = offset === 0 ? FILE_HEADER : 0; at < PAGE; at += SLOT) {
      const slot = {
        index: page.readUInt32LE(at + 4),
        start: page.readUInt32LE(at + 8) * BLOCK,
        length: page.readUInt32LE(at + 12) * BLOCK,
      };
      if (page.readUInt32LE(at) !== SLOT_MAGIC) fault('a slot that is none');
      // A free one.
      else if (slot.start === 0) continue;
      else if (slot.start < end || slot.start + slot.length > file.size) fault('a slot that leads out of the file');
      else used.push(slot);
    }
    if (used.length > MAX_SLOTS) {
      fault(`more than ${MAX_SLOTS} packages`);
      return { used, end };
    }
  }
  return { used, end };
}

/** Null where slot, header, trailer and checksum do not agree. */
function readBlob(file: FileView, { index, start, length }: Slot): Buffer | null {
  if (length > MAX_HEADER || length < BLOB_HEADER + BLOB_TRAILER) return null;
  const blob = file.read(start, length);
  const trailer = length - BLOB_TRAILER;
  if (blob.length < length || blob.readUInt32LE(0) !== BLOB_MAGIC || blob.readUInt32LE(4) !== index) return null;
  const size = blob.readUInt32LE(12);
  const isConsistent =
    Math.ceil((BLOB_HEADER + size + BLOB_TRAILER) / BLOCK) * BLOCK === length &&
    blob.readUInt32LE(trailer + 4) === size &&
    blob.readUInt32LE(trailer + 8) === BLOB_END &&
    blob.readUInt32LE(trailer) === adler32(blob.subarray(0, trailer));
  return isConsistent ? blob.subarray(BLOB_HEADER, BLOB_HEADER + size) : null;
}

/** RFC 1950, section 9. The sums stay below 2^31 for 2,048 bytes. */
function adler32(bytes: Buffer): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    for (const end = Math.min(at + 2_048, bytes.length); at < end; at += 1) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}

const ZERO = Buffer.alloc(64 * 1024);

function isZero(file: FileView, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    const bytes = file.read(at, Math.min(ZERO.length, end - at));
    if (bytes.length === 0) return true;
    if (!bytes.equals(ZERO.subarray(0, bytes.length))) return false;
    at += bytes.length;
  }
  return true;
}
