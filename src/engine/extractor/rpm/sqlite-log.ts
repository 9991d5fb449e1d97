import type { FileView } from '../file-view.js';

const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const JOURNAL_MAGIC = 0xd9d505f9;

/**
 * Whether a write-ahead log has a whole transaction, which its database may not have yet: rpm empties the log when it
 * ends in order. What comes after the last whole transaction was never part of the database.
 *
 * https://www.sqlite.org/fileformat2.html#walformat
 */
export function hasTransaction(file: FileView): boolean {
  const header = file.read(0, WAL_HEADER);
  if (header.length < WAL_HEADER) return false;
  const magic = header.readUInt32BE(0);
  const pageSize = header.readUInt32BE(8);
  if ((magic & ~1) >>> 0 !== 0x377f0682 || pageSize < 512 || pageSize > 65_536) return false;
  const sum = new LogSum((magic & 1) === 0);
  sum.add(header.subarray(0, 24));
  if (!sum.equals(header, 24)) return false;
  for (let at = WAL_HEADER; ; at += FRAME_HEADER + pageSize) {
    const frame = file.read(at, FRAME_HEADER + pageSize);
    // Frames of the log's former use have other salts.
    if (frame.length < FRAME_HEADER + pageSize || !frame.subarray(8, 16).equals(header.subarray(16, 24))) return false;
    sum.add(frame.subarray(0, 8));
    sum.add(frame.subarray(FRAME_HEADER));
    if (!sum.equals(frame, 16)) return false;
    const isCommit = frame.readUInt32BE(4) !== 0;
    if (isCommit) return true;
  }
}

/**
 * Whether a rollback journal is of a transaction that was not finished, so that the database has a part of it: at the
 * end of one the journal is deleted, emptied or its header overwritten with zeros.
 *
 * https://www.sqlite.org/fileformat2.html#rollbackjournal
 */
export function isUnfinished(file: FileView): boolean {
  const magic = file.read(0, 4);
  return magic.length === 4 && magic.readUInt32BE(0) === JOURNAL_MAGIC;
}

/** The running checksum of a log, over pairs of 32-bit words in either byte order. */
class LogSum {
  private first = 0;
  private second = 0;

  constructor(private readonly isLittle: boolean) {}

  /** @param bytes a multiple of 8 */
  add(bytes: Buffer): void {
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      this.first = (this.first + this.word(bytes, at) + this.second) >>> 0;
      this.second = (this.second + this.word(bytes, at + 4) + this.first) >>> 0;
    }
  }

  /** The stored sum is always big-endian. */
  equals(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.first && bytes.readUInt32BE(at + 4) === this.second;
  }

  private word(bytes: Buffer, at: number): number {
    return this.isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }
}
