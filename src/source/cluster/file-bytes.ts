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
