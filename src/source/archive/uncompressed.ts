import { randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BLOCK, isZeroBlock, parseHeader } from '../../engine/layer/tar-header.js';
import { PlimsollError } from '../../model/error.js';
import { Blob, type BlobLocation } from './blob.js';
import { compressionOf, isReadable, MAGIC_LENGTH, type ReadableCompression } from './compression.js';
import { Inflate } from './inflate.js';
import type { LayerWorkers } from './layer-workers.js';
import { notAnArchive } from './tar-archive.js';
import type { OnBytes } from './unpack-layer.js';

/** `docker save | gzip` of an archive that was compressed already happens; more is an attack. */
const MAX_LEVELS = 2;

export interface UncompressOptions {
  workers: LayerWorkers;
  tempDir: string;
  signal: AbortSignal;
  maxBytes: number;
  /** Called with how many stored bytes were read since the last call, and how many there are. */
  onRead(count: number, total: number): void;
  /** How often it may be compressed. */
  levels?: number;
}

/**
 * Lends an archive in a form that can be read at any place: a compressed one is unpacked into a temporary file for as
 * long as `use` takes.
 *
 * @param path absolute and resolved
 */
export async function uncompressed<T>(
  path: string,
  name: string,
  options: UncompressOptions,
  use: (plainPath: string) => Promise<T>,
): Promise<T> {
  const { levels = MAX_LEVELS, maxBytes, workers, signal } = options;
  const blob = await Blob.ofFile(path, name);
  if (!blob) throw new PlimsollError('path_not_found', `There is no ${path}: check the path after the transport.`);
  const compression = compressionOf(await blob.head(MAGIC_LENGTH));
  if (compression === 'none') return use(path);
  if (levels === 0) throw notAnArchive(name);
  if (!isReadable(compression)) {
    const message = `${name} is compressed with ${compression}, which is not read: store it plain, or with gzip or zstd.`;
    throw new PlimsollError('not_an_archive', message);
  }
  await mkdir(options.tempDir, { recursive: true, mode: 0o700 });
  const to = join(options.tempDir, randomUUID());
  try {
    const onBytes = (count: number) => options.onRead(count, blob.size);
    await workers.uncompress({ blob: blob.location, compression, to, maxBytes }, signal, onBytes);
    return await uncompressed(to, name, { ...options, onRead: () => undefined, levels: levels - 1 }, use);
  } finally {
    await rm(to, { force: true });
  }
}

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
