import { readSbom } from '../../engine/sbom/read-sbom.js';
import type { SbomFacts } from '../../engine/sbom/sbom-facts.js';
import { PlimsollError } from '../../model/error.js';
import { Blob, type BlobLocation } from '../archive/blob.js';
import { compressionOf, isReadable } from '../archive/compression.js';
import { Inflate } from '../archive/inflate.js';

/** A compressed file that a server compressed once more. */
const MAX_LEVELS = 2;

export interface SbomTask {
  blob: BlobLocation;
  /** Uncompressed. */
  maxBytes: number;
}

/**
 * Reads an SBOM, plain or compressed. It blocks, and takes several times the memory of the document: it is for a thread.
 *
 * @throws PlimsollError `sbom_invalid`, `limit_exceeded`, `archive_truncated`, `archive_corrupt`
 */
export async function parseSbom({ blob: location, maxBytes }: SbomTask): Promise<SbomFacts> {
  const blob = new Blob(location);
  const limit = new BoundedPieces(blob.name, maxBytes);
  await blob.use(async (file) => {
    for (const piece of blob.pieces(file)) limit.add(piece);
  });
  let content = limit.whole();
  for (let level = 0; level < MAX_LEVELS; level += 1) {
    const compression = compressionOf(content);
    if (compression === 'none' || !isReadable(compression)) break;
    const output = new BoundedPieces(blob.name, maxBytes);
    const inflate = new Inflate(compression, blob.name);
    try {
      inflate.write(content, (piece) => output.add(piece));
      inflate.end((piece) => output.add(piece));
    } finally {
      inflate.close();
    }
    content = output.whole();
  }
  return readSbom(content, blob.name);
}

/** Pieces that are put together, up to a limit. */
class BoundedPieces {
  private readonly pieces: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly name: string,
    private readonly maxBytes: number,
  ) {}

  /** @param piece valid only during the call */
  add(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.bytes > this.maxBytes) {
      const message = `${this.name} has more than ${this.maxBytes} bytes, the limit for an SBOM: split it.`;
      throw new PlimsollError('limit_exceeded', message);
    }
    this.pieces.push(Buffer.from(piece));
  }

  whole(): Buffer {
    return Buffer.concat(this.pieces);
  }
}
