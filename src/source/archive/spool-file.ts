import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FileView, Spool } from '../../engine/extractor/file-view.js';

/**
 * Bodies that are too large for memory, in one temporary file that has no name as soon as it is open: it is gone with
 * the process, however that ends. Calls block, which is right in a thread that reads one layer.
 */
export class SpoolFile implements Spool {
  private file: number | null = null;
  private size = 0;

  constructor(private readonly tempDir: string) {}

  write(chunk: Buffer): void {
    const file = this.open();
    for (let done = 0; done < chunk.length; ) {
      done += writeSync(file, chunk, done, chunk.length - done, this.size + done);
    }
    this.size += chunk.length;
  }

  view(path: string): FileView {
    const file = this.open();
    const { size } = this;
    return {
      path,
      size,
      read(offset, length) {
        const wanted = Math.max(0, Math.min(length, size - offset));
        const bytes = Buffer.allocUnsafe(wanted);
        let filled = 0;
        while (filled < wanted) {
          const count = readSync(file, bytes, filled, wanted - filled, offset + filled);
          if (count === 0) break;
          filled += count;
        }
        return bytes.subarray(0, filled);
      },
    };
  }

  clear(): void {
    if (this.file !== null) ftruncateSync(this.file, 0);
    this.size = 0;
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }

  private open(): number {
    if (this.file === null) {
      mkdirSync(this.tempDir, { recursive: true, mode: 0o700 });
      const path = join(this.tempDir, randomUUID());
      this.file = openSync(path, 'wx+', 0o600);
      unlinkSync(path);
    }
    return this.file;
  }
}
