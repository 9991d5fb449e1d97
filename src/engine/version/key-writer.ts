/**
 * Builds the key of a version: bytes whose order is the order of versions. Everything written is self-delimiting, so
 * of two keys written by the same rules the first byte that differs decides.
 */
export class KeyWriter {
  bytes = new Uint8Array(INITIAL_SIZE);
  /** Above the length of `bytes` where they did not suffice: then the version is to be written once more. */
  length = 0;

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** The decimal digits from `start` to `end`, ordered by value, of any size; no digits are 0. */
  number(text: string, start: number, end: number): void {
    let i = start;
    while (i < end && text.charCodeAt(i) === 0x30) i++;
    this.count(end - i);
    const bytes = this.bytes;
    let length = this.length;
    for (; i < end; i++) bytes[length++] = text.charCodeAt(i);
    this.length = length;
  }

  /** As `number`, but below 0, where the greater value comes first. */
  negative(text: string, start: number, end: number): void {
    const from = this.length;
    this.number(text, start, end);
    this.invert(from);
  }

  /** A number below 2^32. */
  count(value: number): void {
    if (value < 0xff) {
      this.bytes[this.length++] = value;
      return;
    }
    this.byte(0xff);
    for (let shift = 24; shift >= 0; shift -= 8) this.byte((value >>> shift) & 0xff);
  }

  /** As `count`, the greater first. */
  countDown(value: number): void {
    const from = this.length;
    this.count(value);
    this.invert(from);
  }

  /** The ASCII characters from `start` to `end`, none of which may be NUL; a beginning comes before what it begins. */
  text(text: string, start: number, end: number): void {
    for (let i = start; i < end; i++) this.byte(text.charCodeAt(i));
    this.byte(0);
  }

  /** Forgets what was written, and makes room for that much. */
  reset(): void {
    if (this.length > this.bytes.length) this.bytes = new Uint8Array(this.length);
    else if (this.bytes.length > INITIAL_SIZE) this.bytes = new Uint8Array(INITIAL_SIZE);
    this.length = 0;
  }

  private invert(from: number): void {
    for (let i = from; i < this.length; i++) this.bytes[i] = 0xff - (this.bytes[i] ?? 0);
  }
}

const INITIAL_SIZE = 256;
