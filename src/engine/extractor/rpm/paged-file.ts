import type { FileView } from '../file-view.js';

/** Bytes that are read at once: pages that belong together mostly lie together. A multiple of every page size. */
const WINDOW = 64 * 1024;

/** A file of pages that are of one size and belong to one structure each. */
export class PagedFile {
  private readonly taken: Uint8Array;
  private window: Buffer = Buffer.alloc(0);
  private windowStart = 0;

  /** @param pageSize a power of two up to 65536 */
  constructor(
    private readonly file: FileView,
    readonly pageSize: number,
  ) {
    this.taken = new Uint8Array(this.count);
  }

  /** Whole pages. */
  get count(): number {
    return Math.floor(this.file.size / this.pageSize);
  }

  /**
   * A page, numbered from 0. Each is handed out once, so that a reader ends though links of a damaged file go round in
   * circles or meet; null for one that was handed out before or is not there.
   */
  take(number: number): Buffer | null {
    if (this.taken[number] !== 0) return null;
    this.taken[number] = 1;
    const offset = number * this.pageSize;
    if (offset < this.windowStart || offset + this.pageSize > this.windowStart + this.window.length) {
      this.windowStart = offset - (offset % WINDOW);
      this.window = this.file.read(this.windowStart, WINDOW);
    }
    const page = this.window.subarray(offset - this.windowStart, offset - this.windowStart + this.pageSize);
    return page.length === this.pageSize ? page : null;
  }
}
