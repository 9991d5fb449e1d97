import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

const WINDOW_BYTES = 2 ** 20;
/** After a jump, as an archive in no order makes one at every record. */
const JUMP_BYTES = 2 ** 15;

/** A file read in order by many small reads: keeps the bytes around the last read, so most need no system call. */
export class FileWindow {
  private buffer: Buffer = Buffer.alloc(0);
  private start = 0;

  /** @param size of the file, in bytes */
  constructor(
    private readonly handle: FileHandle,
    private readonly size: number,
  ) {}

  /** The bytes are the caller's until the next read. Reading behind the end of the file throws. */
  async read(position: number, length: number): Promise<Buffer> {
    return this.peek(position, length) ?? this.fill(position, length);
  }

  /** The bytes if they are in the window. */
  peek(position: number, length: number): Buffer | null {
    const offset = position - this.start;
    return offset >= 0 && offset + length <= this.buffer.length ? this.buffer.subarray(offset, offset + length) : null;
  }

  private async fill(position: number, length: number): Promise<Buffer> {
    const ahead = position - (this.start + this.buffer.length);
    const inOrder = ahead <= JUMP_BYTES && position >= this.start;
    const wanted = Math.min(Math.max(length, inOrder ? WINDOW_BYTES : JUMP_BYTES), this.size - position);
    if (length > wanted) throw new Error(`expected ${length} bytes at ${position}, the file ends at ${this.size}`);
    const buffer = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.handle.read(buffer, filled, wanted - filled, position + filled);
      if (bytesRead === 0) throw new Error(`expected ${wanted} bytes at ${position}, the file ended after ${filled}`);
      filled += bytesRead;
    }
    this.buffer = buffer;
    this.start = position;
    return buffer.subarray(0, length);
  }
}

/** A window as yauzl reads it. It is asked for the directory alone, by `read`. */
export class WindowReader extends RandomAccessReader {
  constructor(private readonly window: FileWindow) {
    super();
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    const deliver = (bytes: Buffer) => {
      bytes.copy(target, offset);
      callback(null, length);
    };
    const inWindow = this.window.peek(position, length);
    if (inWindow) deliver(inWindow);
    else this.window.read(position, length).then(deliver, callback);
  }

  override _readStreamForRange(): Readable {
    throw new Error('records are read from a window, not by streams');
  }

  /** The file belongs to who opened it. */
  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}
