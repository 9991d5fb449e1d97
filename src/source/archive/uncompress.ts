import { closeSync, openSync, writeSync } from 'node:fs';
import { BLOCK, isZeroBlock, parseHeader } from '../../engine/layer/tar-header.js';
import { PlimsollError } from '../../model/error.js';
import { Blob, type BlobLocation } from './blob.js';
import { compressionOf, type ReadableCompression } from './compression.js';
import { Inflate } from './inflate.js';
import { notAnArchive } from './tar-archive.js';
import type { OnBytes } from './unpack-layer.js';

export interface UncompressTask {
  blob: BlobLocation;
  compression: Exclude<ReadableCompression, 'none'>;
  /** A file that is not there yet. */
  to: string;
  maxBytes: number;
}

/**
 * Unpacks an archive into a file. What is no tar is refused before it fills the disk. It blocks: it is for a thread.
 *
 * @throws PlimsollError `not_an_archive`, `archive_truncated`, `archive_corrupt`, `limit_exceeded`
 */
export async function uncompress({ blob: location, compression, to, maxBytes }: UncompressTask, onBytes: OnBytes) {
  const blob = new Blob(location);
  const inflate = new Inflate(compression, blob.name);
  const output = openSync(to, 'wx', 0o600);
  let bytes = 0;
  const take = (piece: Buffer) => {
    if (bytes === 0 && !mayBeArchive(piece)) throw notAnArchive(blob.name);
    bytes += piece.length;
    if (bytes > maxBytes) throw tooLarge(blob.name, maxBytes);
    for (let done = 0; done < piece.length; ) done += writeSync(output, piece, done);
  };
  try {
    await blob.use(async (file) => {
      for (const piece of blob.pieces(file)) {
        onBytes(piece.length);
        inflate.write(piece, take);
      }
      inflate.end(take);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    const message = `There is no space left to unpack ${blob.name} in the data folder: make space, or store the archive uncompressed.`;
    throw new PlimsollError('limit_exceeded', message, { cause: error });
  } finally {
    inflate.close();
    closeSync(output);
  }
}

function mayBeArchive(start: Buffer): boolean {
  if (start.length < BLOCK || compressionOf(start) !== 'none') return true;
  return isZeroBlock(start, 0) || parseHeader(start, 0) !== null;
}

function tooLarge(name: string, maxBytes: number): PlimsollError {
  const message = `${name} unpacks to more than ${maxBytes} bytes: raise PLIMSOLL_MAX_LAYER_BYTES if that is right.`;
  return new PlimsollError('limit_exceeded', message);
}
