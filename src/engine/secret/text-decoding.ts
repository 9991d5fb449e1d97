import { TextDecoder } from 'node:util';

/**
 * Text in UTF-16 with a byte order mark as UTF-8; everything else as it is. Pieces may be cut anywhere.
 */
export class TextDecoding {
  private decoder: TextDecoder | null = null;
  /** The first byte of a file, until the second is there. */
  private first: Buffer | null = null;
  private isKnown = false;

  reset(): void {
    this.decoder = null;
    this.first = null;
    this.isKnown = false;
  }

  decode(chunk: Buffer): Buffer {
    let bytes = chunk;
    if (!this.isKnown) {
      if (this.first) bytes = Buffer.concat([this.first, chunk]);
      this.first = null;
      if (bytes.length === 1) this.first = Buffer.from(bytes);
      if (bytes.length < 2) return Buffer.alloc(0);
      this.isKnown = true;
      const mark = bytes.readUInt16BE(0);
      if (mark === 0xfffe) this.decoder = new TextDecoder('utf-16le');
      if (mark === 0xfeff) this.decoder = new TextDecoder('utf-16be');
    }
    return this.decoder ? Buffer.from(this.decoder.decode(bytes, { stream: true })) : bytes;
  }

  /** What is left when no more comes. */
  end(): Buffer {
    return this.first ?? Buffer.alloc(0);
  }
}
