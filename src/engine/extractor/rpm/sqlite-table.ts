import type { FileView } from '../file-view.js';
import { type Fault, MAX_HEADER } from './header-source.js';
import { PagedFile } from './paged-file.js';

const FILE_HEADER = 100;
const INTERIOR = 5;
const LEAF = 13;
/** SQLite's own limit for the height of a tree. */
const MAX_DEPTH = 20;
const MIN_USABLE = 480;
const UTF8 = 1;

/**
 * The tables of an SQLite 3 database: b-trees of rows in the order of their row numbers.
 *
 * https://www.sqlite.org/fileformat2.html. Each page is read once; besides links and bounds it is checked that cells
 * and free space fill a page and that row numbers ascend, so that a page that lost cells or took another's place shows.
 */
export class SqliteTables {
  private lastRow = Number.NEGATIVE_INFINITY;

  private constructor(
    private readonly pages: PagedFile,
    /** Bytes of a page that are not reserved for extensions. */
    private readonly usable: number,
    private readonly fault: Fault,
  ) {}

  /** Null for a file whose header describes no database that can be read, which is told. */
  static open(file: FileView, fault: Fault): SqliteTables | null {
    const header = file.read(0, FILE_HEADER);
    if (header.length < FILE_HEADER) {
      fault('no whole header');
      return null;
    }
    const stated = header.readUInt16BE(16);
    const pageSize = stated === 1 ? 65_536 : stated;
    const usable = pageSize - header.readUInt8(20);
    if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < MIN_USABLE) {
      fault(`pages of ${pageSize} bytes`);
      return null;
    }
    if (header.readUInt32BE(56) > UTF8) fault('text in UTF-16');
    // The count of pages is only kept by versions that also write the change counter a second time, "In-header Size".
    const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92);
    const isShort = isCounted && header.readUInt32BE(28) * pageSize > file.size;
    if (isShort || file.size % pageSize !== 0) fault('fewer pages than it counts');
    return new SqliteTables(new PagedFile(file, pageSize), usable, fault);
  }

  /**
   * The records of a table, "Record Format".
   *
   * @param root page of the table, from 1
   */
  *rows(root: number): Generator<Buffer> {
    this.lastRow = Number.NEGATIVE_INFINITY;
    yield* this.subtree(root, 0);
  }

  private *subtree(number: number, depth: number): Generator<Buffer> {
    const page = this.pages.take(number - 1);
    const start = number === 1 ? FILE_HEADER : 0;
    const type = page?.[start];
    if (page === null || depth >= MAX_DEPTH || (type !== INTERIOR && type !== LEAF)) {
      this.fault('a page that is no part of a table');
      return;
    }
    const cells = this.cellsOf(page, start);
    if (type === LEAF) {
      let filled = 0;
      for (const at of cells) {
        const cell = this.leafCell(page, at);
        if (cell === null) this.fault('a row that cannot be read');
        else {
          filled += cell.size;
          this.checkOrder(cell.row);
          if (cell.record) yield cell.record;
        }
      }
      this.checkSpace(page, start, filled);
    } else {
      let filled = 0;
      for (const at of cells) {
        if (at + 4 > this.usable) this.fault('a link that cannot be read');
        else {
          yield* this.subtree(page.readUInt32BE(at), depth + 1);
          const key = readVarint(page, at + 4);
          filled += key.end - at;
          if (key.value < this.lastRow) this.fault('rows out of order');
          this.lastRow = key.value;
        }
      }
      yield* this.subtree(page.readUInt32BE(start + 8), depth + 1);
      this.checkSpace(page, start, filled);
    }
  }

  /** Where the cells of a page begin. */
  private cellsOf(page: Buffer, start: number): number[] {
    const array = start + (page[start] === LEAF ? 8 : 12);
    const count = page.readUInt16BE(start + 3);
    if (array + 2 * count > this.usable) {
      this.fault('a page with a wrong number of cells');
      return [];
    }
    return Array.from({ length: count }, (_, i) => page.readUInt16BE(array + 2 * i));
  }

  /** @returns the cell's size on its page; the record is null where it could not be read, which was told */
  private leafCell(page: Buffer, at: number): { size: number; row: number; record: Buffer | null } | null {
    const length = readVarint(page, at);
    const row = readVarint(page, length.end);
    const start = row.end;
    const { usable } = this;
    // "Cell Payload Overflow Pages": how much of a record stays on its page.
    const most = usable - 35;
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const some = least + ((length.value - least) % (usable - 4));
    const local = length.value <= most ? length.value : some <= most ? some : least;
    const isWhole = local === length.value;
    const end = start + local + (isWhole ? 0 : 4);
    if (end > usable) return null;
    const first = page.subarray(start, start + local);
    return {
      size: Math.max(4, end - at),
      row: row.value,
      record: isWhole ? first : this.chain(first, length.value, page.readUInt32BE(start + local)),
    };
  }

  private chain(first: Buffer, length: number, link: number): Buffer | null {
    const parts = [first];
    let missing = length - first.length;
    let next = link;
    if (length <= MAX_HEADER) {
      while (missing > 0) {
        const page = this.pages.take(next - 1);
        if (page === null) break;
        const part = page.subarray(4, Math.min(this.usable, 4 + missing));
        parts.push(part);
        missing -= part.length;
        next = page.readUInt32BE(0);
      }
    }
    if (missing === 0 && next === 0) return Buffer.concat(parts, length);
    this.fault('a row in pages that are not its own');
    return null;
  }

  private checkOrder(row: number): void {
    if (row <= this.lastRow) this.fault('rows out of order');
    this.lastRow = row;
  }

  /** Cells, free blocks and fragments of free space fill a page from where its content starts. */
  private checkSpace(page: Buffer, start: number, filled: number): void {
    const content = page.readUInt16BE(start + 5) || 65_536;
    let free = page.readUInt8(start + 7);
    for (let at = page.readUInt16BE(start + 1), last = 0; at !== 0; ) {
      if (at <= last || at + 4 > this.usable) {
        this.fault('a page whose free space cannot be read');
        return;
      }
      free += page.readUInt16BE(at + 2);
      last = at;
      at = page.readUInt16BE(at);
    }
    if (filled + free !== this.usable - content) this.fault('a page with space that nothing fills');
  }
}

/** Up to nine bytes, seven bits in each of the first eight; `value` is exact up to 2^53, beyond which nothing here is. */
export function readVarint(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 8; i += 1) {
    const byte = bytes[at + i] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), end: at + 9 };
}
