import { BLOCK, parseHeader } from '../../engine/layer/tar-header.js';
import { mayBeSbom, SBOM_START } from '../../engine/sbom/read-sbom.js';
import { Blob } from '../archive/blob.js';
import { compressionOf, isReadable } from '../archive/compression.js';
import { Inflate } from '../archive/inflate.js';

/** Bytes of a compressed file that surely unpack to what `mayBeSbom` wants. */
const COMPRESSED_START = 64 * 1024;
const MAX_LEVELS = 2;

/**
 * Whether a file, plain or compressed, begins as an SBOM may, and not as an archive whose first member is called so.
 *
 * @param path absolute and resolved
 */
export async function isSbomFile(path: string): Promise<boolean> {
  const blob = await Blob.ofFile(path, path);
  if (!blob) return false;
  const start = uncompressedStart(await blob.head(COMPRESSED_START), path, MAX_LEVELS);
  return mayBeSbom(start) && !(start.length >= BLOCK && parseHeader(start, 0) !== null);
}

/** What a compressed file begins with; nothing where it is damaged before that. */
function uncompressedStart(start: Buffer, name: string, levels: number): Buffer {
  const compression = compressionOf(start);
  if (compression === 'none' || !isReadable(compression) || levels === 0) return start.subarray(0, SBOM_START);
  const inflate = new Inflate(compression, name);
  const enough = new Error('enough');
  const wanted = levels > 1 ? COMPRESSED_START : SBOM_START;
  let output = Buffer.alloc(0);
  try {
    const sink = (piece: Buffer) => {
      output = Buffer.concat([output, piece]);
      if (output.length >= wanted) throw enough;
    };
    inflate.write(start, sink);
    inflate.end(sink);
  } catch (error) {
    if (error !== enough && output.length === 0) return output;
  } finally {
    inflate.close();
  }
  return uncompressedStart(output.subarray(0, wanted), name, levels - 1);
}
