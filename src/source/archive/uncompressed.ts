import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlimsollError } from '../../model/error.js';
import { Blob } from './blob.js';
import { compressionOf, isReadable, MAGIC_LENGTH } from './compression.js';
import type { LayerWorkers } from './layer-workers.js';
import { notAnArchive } from './tar-archive.js';

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
  // What is opened is compared with where it really is.
  const to = join(await realpath(options.tempDir), randomUUID());
  try {
    const onBytes = (count: number) => options.onRead(count, blob.size);
    await workers.uncompress({ blob: blob.location, compression, to, maxBytes }, signal, onBytes);
    return await uncompressed(to, name, { ...options, onRead: () => undefined, levels: levels - 1 }, use);
  } finally {
    await rm(to, { force: true });
  }
}
