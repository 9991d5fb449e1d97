import type { ZipArchive, ZipEntry } from './zip-archive.js';
import { readEntry } from './zip-entry.js';
import { ZipFault } from './zip-fault.js';

/** Bytes that any file may unpack to, and how many times its own size more: real ones stay far below. */
const FREE = 1024 * 1024;
const RATIO = 30;

/** Bounds what is unpacked of one file, with the archives in it: a bomb costs no more time than other files of its size. */
export class UnpackBudget {
  private left: number;

  /** @param fileBytes the size of the file */
  constructor(fileBytes: number) {
    this.left = FREE + RATIO * fileBytes;
  }

  /**
   * The content of an entry.
   *
   * @param limit bytes
   * @throws ZipFault
   */
  read(archive: ZipArchive, entry: ZipEntry, limit: number): Buffer {
    if (this.left <= 0) throw new ZipFault('too_large', `entries that unpack to more than ${RATIO} times its size`);
    const content = readEntry(archive, entry, Math.min(limit, this.left));
    this.left -= content.length;
    return content;
  }
}
