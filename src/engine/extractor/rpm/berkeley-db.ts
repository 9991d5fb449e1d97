import type { FileView } from '../file-view.js';
import { type Fault, type HeaderSource, MAX_HEADER } from './header-source.js';
import { PagedFile } from './paged-file.js';

/** Bytes of the first page that are looked at. */
const META = 512;
const HASH_MAGIC = 0x061561;
const HASH_META = 8;
/** A page that was allocated and never used. */
const UNUSED = 0;
/** Hash pages with items in any order (up to Berkeley DB 4.5), and sorted. */
const UNSORTED_HASH = 2;
const HASH = 13;
const OVERFLOW = 7;
/** Items of a hash page: bytes in place, or in a chain of overflow pages. */
const IN_PLACE = 1;
const OFF_PAGE = 3;
/** What a page begins with, bytes; and with a checksum. */
const PAGE_HEADER = 26;
const CHECKED_PAGE_HEADER = 32;

/**
 * Berkeley DB's hash access method, as rpm used it up to 4.16: `Packages` maps a header's number to the header. Number
 * 0 is a counter.
 *
 * The layout is that of Berkeley DB's dbinc/db_page.h, versions 4 to 5 (hash versions 7 to 10), in either byte order:
 * bucket b is the page b + spares[⌈log2(b + 1)⌉] and those that it links to. Offsets of a page's items follow its
 * header; items fill the page from its end, keys and values by turns.
 */
export const readBerkeleyDb: HeaderSource = function* (file, fault) {
  const meta = readMeta(file.read(0, META));
  if (typeof meta === 'string') {
    fault(meta);
    return;
  }
  if (file.size % meta.pageSize !== 0 || file.size / meta.pageSize <= meta.lastPage)
    fault('fewer pages than it counts');
  yield* new HashDatabase(file, meta, fault).headers();
};

export function isBerkeleyDb(start: Buffer): boolean {
  return start.length >= 16 && (start.readUInt32LE(12) === HASH_MAGIC || start.readUInt32BE(12) === HASH_MAGIC);
}

interface Meta {
  isLittle: boolean;
  pageSize: number;
  pageHeader: number;
  lastPage: number;
  maxBucket: number;
  /** Pairs of key and value. Nothing but an insertion or a removal changes it, so it tells of pairs that are lost. */
  pairs: number;
  /** For each power of two, what to add to a bucket's number for its page. */
  spares: number[];
}

function readMeta(page: Buffer): Meta | string {
  if (page.length < META) return 'no whole page';
  const isLittle = page.readUInt32LE(12) === HASH_MAGIC;
  const u32 = (at: number) => (isLittle ? page.readUInt32LE(at) : page.readUInt32BE(at));
  const pageSize = u32(20);
  if (page[25] !== HASH_META) return 'a first page that describes no hash table';
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return `pages of ${pageSize} bytes`;
  if (page[24] !== 0) return 'encrypted pages';
  return {
    isLittle,
    pageSize,
    pageHeader: ((page[26] ?? 0) & 1) === 0 ? PAGE_HEADER : CHECKED_PAGE_HEADER,
    lastPage: u32(32),
    maxBucket: u32(72),
    pairs: u32(88),
    spares: Array.from({ length: 32 }, (_, i) => u32(96 + 4 * i)),
  };
}

class HashDatabase {
  private readonly pages: PagedFile;
  private pairs = 0;

  constructor(
    file: FileView,
    private readonly meta: Meta,
    private readonly fault: Fault,
  ) {
    this.pages = new PagedFile(file, meta.pageSize);
  }

  *headers(): Generator<Buffer> {
    const { maxBucket, pairs, spares } = this.meta;
    if (maxBucket >= this.pages.count) this.fault('more buckets than pages');
    for (let bucket = 0; bucket <= Math.min(maxBucket, this.pages.count); bucket += 1) {
      const first = bucket + (spares[32 - Math.clz32(bucket)] ?? 0);
      for (let number = first; ; ) {
        const page = this.pages.take(number);
        if (page !== null && number === first && isBlank(page)) break;
        if (page === null || !this.isHash(page, number)) {
          this.fault('a bucket that leads to no page of its own');
          break;
        }
        yield* this.headersOn(page);
        number = this.u32(page, 16);
        if (number === 0) break;
      }
    }
    if (this.pairs < pairs) this.fault(`${this.pairs} of the ${pairs} records that it counts`);
    for (let number = 1; number < this.pages.count; number += 1) {
      const page = this.pages.take(number);
      // Pages for buckets to come are empty.
      if (page && this.isHash(page, number) && this.u16(page, 20) > 0) this.fault('a page that no bucket leads to');
    }
  }

  private *headersOn(page: Buffer): Generator<Buffer> {
    const { pageSize, pageHeader } = this.meta;
    const items = this.u16(page, 20);
    const lowest = pageHeader + 2 * items;
    if (items % 2 !== 0 || lowest > pageSize) {
      this.fault('a page with a wrong number of items');
      return;
    }
    let end = pageSize;
    for (let i = 0; i < items; i += 2) {
      const key = this.u16(page, pageHeader + 2 * i);
      const value = this.u16(page, pageHeader + 2 * i + 2);
      if (!(lowest <= value && value < key && key < end)) {
        this.fault('a page with items that overlap');
        return;
      }
      this.pairs += 1;
      const header = this.valueOf(page.subarray(key, end), page.subarray(value, key));
      if (header) yield header;
      end = value;
    }
  }

  /** Null for the counter, and for what cannot be read. */
  private valueOf(key: Buffer, value: Buffer): Buffer | null {
    if (key.length !== 5 || key[0] !== IN_PLACE) {
      this.fault('a key that is no number of a header');
      return null;
    }
    if (this.u32(key, 1) === 0) {
      if (value.length !== 5 || value[0] !== IN_PLACE) this.fault('a header in the place of its counter');
      return null;
    }
    if (value[0] === IN_PLACE) return value.subarray(1);
    if (value[0] === OFF_PAGE && value.length === 12) return this.chain(this.u32(value, 4), this.u32(value, 8));
    this.fault('a value of a kind that rpm does not write');
    return null;
  }

  /** @param length bytes that the chain's pages have together */
  private chain(first: number, length: number): Buffer | null {
    const { pageSize, pageHeader } = this.meta;
    const parts: Buffer[] = [];
    let found = 0;
    for (let number = first; number !== 0; ) {
      const page = this.pages.take(number);
      const size = page === null ? 0 : this.u16(page, 22);
      if (page === null || !this.isPage(page, number, OVERFLOW) || size > pageSize - pageHeader) {
        this.fault('a header in pages that are not its own');
        return null;
      }
      parts.push(page.subarray(pageHeader, pageHeader + size));
      found += size;
      number = this.u32(page, 16);
      if (found > MAX_HEADER) break;
    }
    if (found === length && found <= MAX_HEADER) return Buffer.concat(parts, found);
    this.fault(`a header of ${found} bytes where ${length} were expected`);
    return null;
  }

  private isHash(page: Buffer, number: number): boolean {
    return this.isPage(page, number, HASH) || this.isPage(page, number, UNSORTED_HASH);
  }

  private isPage(page: Buffer, number: number, type: number): boolean {
    return page[25] === type && this.u32(page, 8) === number;
  }

  private u16(bytes: Buffer, at: number): number {
    return this.meta.isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  private u32(bytes: Buffer, at: number): number {
    return this.meta.isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }
}

/** Pages of buckets that nothing was put into yet are not even given their number. */
function isBlank(page: Buffer): boolean {
  return page[25] === UNUSED && page.subarray(0, PAGE_HEADER).every((byte) => byte === 0);
}
