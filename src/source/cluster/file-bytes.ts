import { PlimsollError } from '../../model/error.js';
import type { Blob } from '../archive/blob.js';
import { compressionOf, isReadable, MAGIC_LENGTH } from '../archive/compression.js';
import { Inflate } from '../archive/inflate.js';

/** The bytes of a file, plain or compressed. */
export async function eachPiece(blob: Blob, take: (piece: Buffer) => void): Promise<void> {
  const compression = compressionOf(await blob.head(MAGIC_LENGTH));
  await blob.use(async (file) => {
    if (compression === 'none' || !isReadable(compression)) {
      for (const piece of blob.pieces(file)) take(piece);
      return;
    }
    const inflate = new Inflate(compression, blob.name);
    try {
      for (const piece of blob.pieces(file)) inflate.write(piece, take);
      inflate.end(take);
    } finally {
      inflate.close();
    }
  });
}

/** All of a file, up to a limit. */
export class Whole {
  private readonly parts: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly name: string,
    private readonly most: number,
    private readonly what: string,
  ) {}

  add(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.bytes > this.most) {
      const message = `${this.name} has more than ${this.most} bytes, the limit for ${this.what}.`;
      throw new PlimsollError('limit_exceeded', message);
    }
    this.parts.push(Buffer.from(piece));
  }

  content(): Buffer {
    return Buffer.concat(this.parts);
  }
}
