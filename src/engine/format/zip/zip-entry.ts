import { crc32, inflateRawSync } from 'node:zlib';
import type { FileView } from '../../extractor/file-view.js';
import { FileSlice } from '../file-slice.js';
import type { ZipArchive, ZipEntry } from './zip-archive.js';
import { ZipFault } from './zip-fault.js';

const LOCAL = { signature: 0x04034b50, bytes: 30 };
const ENCRYPTED = 1;
const METHOD = { stored: 0, deflated: 8 };
/** Deflate makes no more of a byte. */
const MAX_RATIO = 1_032;

/**
 * The content of an entry, unpacked into memory.
 *
 * @param limit bytes; a larger entry is not read, whatever it claims
 * @throws ZipFault
 */
export function readEntry(archive: ZipArchive, entry: ZipEntry, limit: number): Buffer {
  const data = entryData(archive, entry);
  if (entry.method === METHOD.stored) {
    if (data.size > limit) throw tooLarge(entry, limit);
    return checked(entry, data.read(0, data.size));
  }
  // So much cannot become less than the limit.
  if (data.size > limit + 1024 + limit / 100) throw tooLarge(entry, limit);
  return checked(entry, inflate(entry, data.read(0, data.size), limit));
}

/**
 * A stored entry where it lies, null for one that is compressed. Its checksum is not verified: an archive has those of
 * its own entries.
 *
 * @throws ZipFault
 */
export function storedEntry(archive: ZipArchive, entry: ZipEntry): FileView | null {
  const data = entryData(archive, entry);
  return entry.method === METHOD.stored ? data : null;
}

/** §4.3.7: the local header repeats name and extra field, whose lengths may differ from the directory's. */
function entryData({ file }: ZipArchive, entry: ZipEntry): FileView {
  const { name, method } = entry;
  if (entry.flags & ENCRYPTED) throw new ZipFault('corrupt', `an encrypted entry ${quoted(name)}`);
  if (method !== METHOD.stored && method !== METHOD.deflated) {
    throw new ZipFault('corrupt', `an entry ${quoted(name)} of compression method ${method}`);
  }
  const header = entry.offset >= 0 ? file.read(entry.offset, LOCAL.bytes) : Buffer.alloc(0);
  if (header.length < LOCAL.bytes || header.readUInt32LE(0) !== LOCAL.signature) {
    throw new ZipFault('corrupt', `an entry ${quoted(name)} that is not where the directory says`);
  }
  const start = entry.offset + LOCAL.bytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (!(start + entry.compressedSize <= file.size)) {
    throw new ZipFault('corrupt', `an entry ${quoted(name)} that ends behind the archive`);
  }
  return new FileSlice(file, start, entry.compressedSize);
}

function inflate(entry: ZipEntry, data: Buffer, limit: number): Buffer {
  // One piece that holds all, but no more than can come of what is there.
  const expected = Math.min(entry.size, limit, data.length * MAX_RATIO) + 64;
  try {
    return inflateRawSync(data, { maxOutputLength: limit, chunkSize: Math.max(1024, expected) });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(entry, limit);
    throw new ZipFault('corrupt', `an entry ${quoted(entry.name)} that cannot be decompressed`);
  }
}

function checked(entry: ZipEntry, content: Buffer): Buffer {
  if (crc32(content) === entry.crc32) return content;
  throw new ZipFault('corrupt', `an entry ${quoted(entry.name)} with another checksum than the directory says`);
}

function tooLarge(entry: ZipEntry, limit: number): ZipFault {
  return new ZipFault('too_large', `an entry ${quoted(entry.name)} over the limit of ${limit} bytes`);
}

/** Names come from an untrusted archive and go into messages. */
function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 200).replace(/\p{Cc}/gu, '?'));
}
