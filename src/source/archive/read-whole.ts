import { PlimsollError } from '../../model/error.js';
import { Blob, type BlobLocation } from './blob.js';
import { compressionOf, isReadable } from './compression.js';
import { Inflate } from './inflate.js';

/** A compressed file that a server compressed once more. */
const MAX_LEVELS = 2;

export interface DocumentTask {
  blob: BlobLocation;
  /** Uncompressed. */
  maxBytes: number;
}

/**
 * Reads all of a document, plain or compressed. It blocks: it is for a thread.
 *
 * @param what messages call such a document: `an SBOM`
 * @throws PlimsollError `limit_exceeded`, `archive_truncated`, `archive_corrupt`
 */
export async function readWhole({ blob: location, maxBytes }: DocumentTask, what: string): Promise<Buffer> {
  const blob = new Blob(location);
  const limit = new BoundedPieces(blob.name, maxBytes, what);
  await blob.use(async (file) => {
    for (const piece of blob.pieces(file)) limit.add(piece);
  });
  let content = limit.whole();
  for (let level = 0; level < MAX_LEVELS; level += 1) {
    const compression = compressionOf(content);
    if (compression === 'none' || !isReadable(compression)) break;
    const output = new BoundedPieces(blob.name, maxBytes, what);
    const inflate = new Inflate(compression, blob.name);
    try {
      inflate.write(content, (piece) => output.add(piece));
      inflate.end((piece) => output.add(piece));
    } finally {
      inflate.close();
    }
    content = output.whole();
  }
  return content;
}

/** Pieces that are put together, up to a limit. */
export class BoundedPieces {
  private readonly pieces: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly name: string,
    private readonly maxBytes: number,
    private readonly what: string,
  ) {}

  /** @param piece valid only during the call */
  add(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.bytes > this.maxBytes) {
      const message = `${this.name} has more than ${this.maxBytes} bytes, the limit for ${this.what}.`;
      throw new PlimsollError('limit_exceeded', message);
    }
    this.pieces.push(Buffer.from(piece));
  }

  whole(): Buffer {
    return Buffer.concat(this.pieces);
  }
}
