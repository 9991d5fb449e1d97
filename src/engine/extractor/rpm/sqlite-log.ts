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
export function hasTransaction(log: FileView): boolean {
  for (const { pageCount } of validFrames(log)) if (pageCount > 0) return true;
  return false;
}

/** The pages that a write-ahead log has for its database. */
export interface LoggedPages {
  /** Bytes. */
  pageSize: number;
  /** Of the database with them, in pages. */
  pageCount: number;
  /** Where the newest of each page is in the log; pages are numbered from 1. */
  offsets: ReadonlyMap<number, number>;
}

/** What the whole transactions of a log make of its database, which may have it already. Null where there are none. */
export function pagesOf(log: FileView): LoggedPages | null {
  const offsets = new Map<number, number>();
  const uncommitted = new Map<number, number>();
  let last: Pick<LoggedPages, 'pageSize' | 'pageCount'> | null = null;
  for (const { page, pageCount, pageSize, offset } of validFrames(log)) {
    uncommitted.set(page, offset);
    if (pageCount === 0) continue;
    last = { pageSize, pageCount };
    for (const entry of uncommitted) offsets.set(...entry);
    uncommitted.clear();
  }
  return last && { ...last, offsets };
}

interface Frame {
  page: number;
  /** Of the database after the transaction that the frame ends; 0 for any other frame. */
  pageCount: number;
  pageSize: number;
  /** Of the page in the log. */
  offset: number;
}

/** The frames that SQLite would read, up to the first whose salts or checksum are not those of the log. */
function* validFrames(log: FileView): Generator<Frame> {
  const header = log.read(0, WAL_HEADER);
  if (header.length < WAL_HEADER) return;
  const magic = header.readUInt32BE(0);
  const pageSize = header.readUInt32BE(8);
  const isPageSize = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0;
  if ((magic & ~1) >>> 0 !== 0x377f0682 || !isPageSize) return;
  const salts = Buffer.from(header.subarray(16, 24));
  const sum = new LogSum((magic & 1) === 0);
  sum.add(header.subarray(0, 24));
  if (!sum.equals(header, 24)) return;
  for (let at = WAL_HEADER; ; at += FRAME_HEADER + pageSize) {
    const frame = log.read(at, FRAME_HEADER + pageSize);
    // Frames of the log's former use have other salts.
    if (frame.length < FRAME_HEADER + pageSize || !frame.subarray(8, 16).equals(salts)) return;
    sum.add(frame.subarray(0, 8));
    sum.add(frame.subarray(FRAME_HEADER));
    if (!sum.equals(frame, 16)) return;
    yield { page: frame.readUInt32BE(0), pageCount: frame.readUInt32BE(4), pageSize, offset: at + FRAME_HEADER };
  }
}

/** A database as SQLite sees it beside its log: a page of the log is in the place of the one of the file. */
export class LoggedDatabase implements FileView {
  readonly path: string;
  /** Pages that neither file has are not there. */
  readonly size: number;

  constructor(
    private readonly database: FileView,
    private readonly log: FileView,
    private readonly pages: LoggedPages,
  ) {
    this.path = database.path;
    // No more than both together hold, whatever the log says.
    const most = database.size + pages.offsets.size * pages.pageSize;
    this.size = Math.min(pages.pageCount * pages.pageSize, most - (most % pages.pageSize));
  }

  read(offset: number, length: number): Buffer {
    const { pageSize, offsets } = this.pages;
    const end = Math.min(offset + length, this.size);
    const parts: Buffer[] = [];
    for (let at = offset; at < end; ) {
      let next = at - (at % pageSize) + pageSize;
      const logged = offsets.get(next / pageSize);
      // Pages that lie together in the database are read together.
      if (logged === undefined) while (next < end && !offsets.has(next / pageSize + 1)) next += pageSize;
      const wanted = Math.min(end, next) - at;
      const part =
        logged === undefined ? this.database.read(at, wanted) : this.log.read(logged + (at % pageSize), wanted);
      // A page that neither has is one of zeros, which belongs to no table.
      parts.push(part, Buffer.alloc(wanted - part.length));
      at += wanted;
    }
    return Buffer.concat(parts);
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
