import { START_BYTES } from '../extractor/extractor.js';
import { type FileView, MemoryFile, type Spool } from '../extractor/file-view.js';

/** Bodies up to this size are read into memory, bytes; larger ones into the spool. */
const IN_MEMORY = 16 * 1024 * 1024;

/**
 * Collects the body of one file after the other, for extractors: in one buffer that is used again for each, so that
 * reading makes no garbage.
 */
export class BodyReader {
  private buffer = Buffer.alloc(64 * 1024);
  private length = 0;
  private spooled = false;

  constructor(private readonly spool: Spool) {}

  /** @param size as the entry states it; what comes is what counts */
  begin(size: number): void {
    this.length = 0;
    this.spooled = size > IN_MEMORY;
  }

  write(chunk: Buffer): void {
    if (!this.spooled && this.length + chunk.length > IN_MEMORY) {
      this.spool.write(this.buffer.subarray(0, this.length));
      this.spooled = true;
    }
    if (this.spooled) this.spool.write(chunk);
    else {
      this.reserve(this.length + chunk.length);
      chunk.copy(this.buffer, this.length);
    }
    this.length += chunk.length;
  }

  /** The first bytes while the body is still short, for `recognises`. */
  get start(): Buffer {
    return this.buffer.subarray(0, Math.min(this.length, START_BYTES));
  }

  view(path: string): FileView {
    return this.spooled ? this.spool.view(path) : new MemoryFile(path, this.buffer.subarray(0, this.length));
  }

  /** Lets go of a large body. */
  end(): void {
    if (this.spooled) this.spool.clear();
    this.spooled = false;
    this.length = 0;
  }

  private reserve(bytes: number): void {
    if (bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(IN_MEMORY, 2 ** Math.ceil(Math.log2(bytes))));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}
