import { FINDER_PADDING } from './literal-finder.js';

/**
 * Bytes that are looked at together. As a string they fit into the part of V8's heap that is for small objects: with
 * windows of 128 KiB or more, files that need several take a third longer.
 */
const SIZE = 120 * 1024;

/** The longest match that is found wherever it stands. */
export const REACH = 48 * 1024;

/** What is kept of the text before a match, for its line. */
const BEHIND = 8 * 1024;

const NEWLINE = 0x0a;
const FOUR_NEWLINES = 0x0a0a0a0a;
const LOW_BITS = 0x7f7f7f7f;

/**
 * The part of a file that is looked at: it slides over files that are longer. Its place depends on the file alone, not
 * on the pieces in which the file comes.
 */
export class ScanWindow {
  readonly bytes = Buffer.alloc(SIZE + FINDER_PADDING);
  readonly pairs = new Uint16Array(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length >> 1);
  private readonly words = new Int32Array(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length >> 2);
  /** How many bytes there are. */
  length = 0;
  /** Where in the file the window begins. */
  base = 0;
  /** Raised whenever the content changes. */
  generation = 0;
  private decoded: string | null = null;
  private marked = 0;
  private linesBefore = 0;

  reset(): void {
    this.length = 0;
    this.base = 0;
    this.marked = 0;
    this.linesBefore = 0;
    this.changed();
  }

  get isFull(): boolean {
    return this.length === SIZE;
  }

  /** @returns how many bytes of the piece, from an index on, were taken */
  append(chunk: Buffer, from: number): number {
    const taken = chunk.copy(this.bytes, this.length, from, Math.min(chunk.length, from + SIZE - this.length));
    this.length += taken;
    this.changed();
    return taken;
  }

  /** No more bytes come. */
  close(): void {
    this.bytes.fill(0, this.length, this.length + FINDER_PADDING);
  }

  /** Where anchors may be in a window that is not the last: all that a match needs is there behind them. Even. */
  get horizon(): number {
    return SIZE - REACH;
  }

  /** Makes room in a full window. @returns by how many bytes it moved, even */
  slide(): number {
    const by = this.horizon - BEHIND;
    this.linesBefore = this.lineAt(by) - 1;
    this.bytes.copyWithin(0, by, this.length);
    this.length -= by;
    this.base += by;
    this.marked = 0;
    this.changed();
    return by;
  }

  /** One character for each byte (ISO 8859-1), so that offsets are the same. */
  get text(): string {
    this.decoded ??= this.bytes.toString('latin1', 0, this.length);
    return this.decoded;
  }

  /** The line, from 1 in the file, of an index. Cheap where indexes are asked for in their order. */
  lineAt(index: number): number {
    if (index < this.marked) this.linesBefore -= this.newlines(index, this.marked);
    else this.linesBefore += this.newlines(this.marked, index);
    this.marked = index;
    return this.linesBefore + 1;
  }

  private newlines(from: number, to: number): number {
    const first = Math.min(to, (from + 3) & ~3);
    const last = Math.max(first, to & ~3);
    return (
      this.newlinesByByte(from, first) + this.newlinesByWord(first >> 2, last >> 2) + this.newlinesByByte(last, to)
    );
  }

  private newlinesByByte(from: number, to: number): number {
    const { bytes } = this;
    let count = 0;
    for (let i = from; i < to; i += 1) if (bytes[i] === NEWLINE) count += 1;
    return count;
  }

  /** Four bytes at a time: the high bit of each byte that is a newline, and of no other, is set, and then counted. */
  private newlinesByWord(from: number, to: number): number {
    const { words } = this;
    let count = 0;
    for (let i = from; i < to; i += 1) {
      const different = (words[i] as number) ^ FOUR_NEWLINES;
      const isNewline = ~(((different & LOW_BITS) + LOW_BITS) | different | LOW_BITS);
      // The product adds the four bits up in the highest byte.
      count += Math.imul(isNewline >>> 7, 0x01010101) >>> 24;
    }
    return count;
  }

  private changed(): void {
    this.decoded = null;
    this.generation += 1;
  }
}
