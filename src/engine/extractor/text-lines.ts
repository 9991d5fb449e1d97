const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Walks over the lines of a large file without making a string of each: package databases are mostly lines that
 * nobody asks for.
 */
export class TextLines {
  /** Bytes of the current line in `content`: [start, end), without the line break. */
  start = 0;
  end = 0;
  /** From 1. */
  line = 0;
  private nextStart = 0;

  constructor(readonly content: Buffer) {}

  next(): boolean {
    const { content } = this;
    if (this.nextStart >= content.length) return false;
    this.start = this.nextStart;
    const newline = content.indexOf(NEWLINE, this.start);
    this.end = newline < 0 ? content.length : newline;
    this.nextStart = this.end + 1;
    if (this.end > this.start && content[this.end - 1] === CARRIAGE_RETURN) this.end -= 1;
    this.line += 1;
    return true;
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  /** The byte at an index of the line, or -1 behind its end. */
  byte(index: number): number {
    const at = this.start + index;
    return at < this.end ? (this.content[at] ?? -1) : -1;
  }

  text(from: number, to: number = this.end - this.start): string {
    return this.content.toString('utf8', this.start + from, this.start + to);
  }
}
