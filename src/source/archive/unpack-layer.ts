import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { KnownLayer } from '../../engine/layer/layer-facts.js';
import { LayerReader } from '../../engine/layer/layer-reader.js';
import { TarReader } from '../../engine/layer/tar-reader.js';
import { PlimsollError } from '../../model/error.js';
import { Blob, type BlobLocation, digestMismatch } from './blob.js';
import type { ReadableCompression } from './compression.js';
import { Inflate } from './inflate.js';
import { secretFinder } from './secret-finder.js';
import { SpoolFile } from './spool-file.js';

export interface UnpackTask {
  blob: BlobLocation;
  compression: ReadableCompression;
  /** Of the bytes as stored, where it is known. */
  digest: string | null;
  /** Bytes, uncompressed. */
  maxLayerBytes: number;
  /** Where bodies of files go that are too large for memory. */
  tempDir: string;
  /** Of the hashes of secrets; null where they are not looked for. */
  secretKey: Uint8Array | null;
}

export interface UnpackedLayer {
  /** Of the bytes as stored. */
  digest: string;
  /** Of the file, as long as its bytes are those that were read; null when that cannot be said. */
  identity: string | null;
  layer: KnownLayer;
}

export interface HashTask {
  blob: BlobLocation;
  /** `sha256` or `sha512`. */
  algorithm: string;
}

export type HashedBlob = Pick<UnpackedLayer, 'digest' | 'identity'>;

/** Called with how many stored bytes were read since the last call. */
export type OnBytes = (count: number) => void;

/** Hashes a blob as it is stored. */
export async function hashBlob({ blob: location, algorithm }: HashTask): Promise<HashedBlob> {
  const blob = new Blob(location);
  return watched(blob, async (file) => {
    const hash = createHash(algorithm);
    for (const piece of blob.pieces(file)) hash.update(piece);
    return { digest: `${algorithm}:${hash.digest('hex')}` };
  });
}

/**
 * Reads a layer from its blob. A hard link to a file that was not wanted under its own name costs a second pass.
 *
 * @returns null for a layer over the limit
 * @throws PlimsollError `digest_mismatch` and what a damaged archive gives
 */
export async function unpackLayer(task: UnpackTask, onBytes: OnBytes): Promise<UnpackedLayer | null> {
  const spool = new SpoolFile(task.tempDir);
  try {
    return await unpackWith(spool, task, onBytes);
  } finally {
    spool.close();
  }
}

async function unpackWith(spool: SpoolFile, task: UnpackTask, onBytes: OnBytes): Promise<UnpackedLayer | null> {
  const blob = new Blob(task.blob);
  const { identity, result } = await watched(blob, async (file) => {
    const parts = { spool, secrets: secretFinder(task.secretKey) };
    const first = new LayerReader(parts);
    const digests = pass(blob, file, task, first, onBytes);
    if (!digests) return { result: null };
    const { missed } = first;
    if (missed.size === 0) return { result: { ...digests, facts: first.end() } };
    const second = new LayerReader(parts, missed);
    const again = pass(blob, file, task, second, () => undefined);
    if (again?.tar !== digests.tar) {
      throw new PlimsollError('archive_corrupt', `${blob.name} changed while it was read: scan it again.`);
    }
    return { result: { ...again, facts: second.end() } };
  });
  return result && { identity, digest: result.stored, layer: { diffId: result.tar, facts: result.facts } };
}

/** Adds the file's identity, if it stayed the same all along. */
async function watched<T>(
  blob: Blob,
  work: (file: FileHandle) => Promise<T>,
): Promise<T & { identity: string | null }> {
  return blob.use(async (file) => {
    const before = await blob.identity(file);
    const result = await work(file);
    return { ...result, identity: before !== null && before === (await blob.identity(file)) ? before : null };
  });
}

/** Reads the layer once, front to back, and hashes it as stored and as a tar. It blocks: layers have threads of their own. */
function pass(
  blob: Blob,
  file: FileHandle,
  { compression, digest, maxLayerBytes }: UnpackTask,
  reader: LayerReader,
  onBytes: OnBytes,
): { stored: string; tar: string } | null {
  const algorithm = digest === null ? 'sha256' : algorithmOf(digest);
  const isOneHash = compression === 'none' && algorithm === 'sha256';
  const stored = isOneHash ? null : createHash(algorithm);
  const hash = createHash('sha256');
  const tar = new TarReader(reader);
  let bytes = 0;
  const take = (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxLayerBytes) throw TOO_LARGE;
    hash.update(piece);
    tar.write(piece);
  };
  const inflate = compression === 'none' ? null : new Inflate(compression, blob.name);
  try {
    for (const piece of blob.pieces(file)) {
      stored?.update(piece);
      onBytes(piece.length);
      if (inflate) inflate.write(piece, take);
      else take(piece);
    }
    inflate?.end(take);
    tar.end();
  } catch (error) {
    if (error === TOO_LARGE) return null;
    throw error instanceof PlimsollError ? named(error, blob.name) : error;
  } finally {
    inflate?.close();
  }
  const tarDigest = `sha256:${hash.digest('hex')}`;
  const storedDigest = stored ? `${algorithm}:${stored.digest('hex')}` : tarDigest;
  if (digest !== null && storedDigest !== digest) throw digestMismatch(blob.name, digest, storedDigest);
  return { stored: storedDigest, tar: tarDigest };
}

/** Ends the reading of a layer over the limit. */
const TOO_LARGE = Symbol('too large');

export function algorithmOf(digest: string): string {
  return digest.slice(0, digest.indexOf(':'));
}

function named(error: PlimsollError, name: string): PlimsollError {
  if (error.message.includes(name)) return error;
  return new PlimsollError(error.code, `${name}: ${error.message}`, { cause: error });
}
