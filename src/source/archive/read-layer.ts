import type { KnownLayer, LayerCache } from '../../engine/layer/layer-facts.js';
import type { CoverageItem } from '../../model/coverage.js';
import { type Blob, digestMismatch } from './blob.js';
import { type Compression, compressionOf, isReadable, MAGIC_LENGTH } from './compression.js';
import type { DigestMemory } from './digest-memory.js';
import type { LayerWorkers } from './layer-workers.js';
import { algorithmOf } from './unpack-layer.js';

/** A layer as an image's documents describe it. */
export interface LayerSource {
  blob: Blob;
  /** Of the bytes as stored, where a manifest names it. */
  digest: string | null;
  /** Of the uncompressed tar, where a configuration names it. */
  diffId: string | null;
}

export interface ReadLayerOptions {
  cache: LayerCache;
  digests: DigestMemory;
  workers: LayerWorkers;
  signal: AbortSignal;
  maxLayerBytes: number;
  tempDir: string;
  /** Called with how many stored bytes were read since the last call; in all, the blob's size. */
  onBytes(count: number): void;
}

/**
 * Reads a layer, or takes it from the cache if it is known by the digest of its bytes. That digest is always one that
 * was computed here; what manifest and configuration claim is compared with it.
 *
 * @returns a gap instead of the layer for what is not read by design
 * @throws PlimsollError `digest_mismatch` and what a damaged archive gives
 */
export async function readLayer(source: LayerSource, options: ReadLayerOptions): Promise<KnownLayer | CoverageItem> {
  const { blob, digest, diffId } = source;
  const { cache, digests, workers, signal, maxLayerBytes, tempDir } = options;
  const compression = compressionOf(await blob.head(MAGIC_LENGTH));
  if (!isReadable(compression)) {
    const message = `${blob.name} is compressed with ${compression}, which is not read: store the image with gzip, zstd or plain layers.`;
    return { code: 'layer_unsupported', subject: blob.name, message };
  }
  let done = 0;
  const onBytes = (count: number) => {
    done += count;
    options.onBytes(count);
  };
  let layer = await find(source, compression, options);
  if (!layer) {
    const task = { blob: blob.location, compression, digest, maxLayerBytes, tempDir };
    const read = await workers.unpack(task, signal, onBytes);
    if (read) {
      if (read.identity !== null) digests.set(read.identity, read.digest);
      await cache.put(read.digest, read.layer);
      layer = read.layer;
    }
  }
  options.onBytes(blob.size - done);
  if (!layer) {
    const message = `${blob.name} unpacks to more than ${maxLayerBytes} bytes and was not read: raise PLIMSOLL_MAX_LAYER_BYTES if that is right.`;
    return { code: 'layer_too_large', subject: blob.name, message };
  }
  if (diffId !== null && layer.diffId !== diffId) {
    throw digestMismatch(`${blob.name}, uncompressed,`, diffId, layer.diffId);
  }
  return layer;
}

/** Looks for the layer in the cache. The bytes are hashed only if that can help: it costs much less than to unpack them. */
async function find(
  { blob, digest, diffId }: LayerSource,
  compression: Compression,
  { cache, digests, workers, signal }: ReadLayerOptions,
): Promise<KnownLayer | null> {
  const claimed = digest ?? (compression === 'none' ? diffId : null);
  let actual = digests.get(await blob.use((file) => blob.identity(file)));
  if (actual === null) {
    if (claimed !== null && !(await cache.get(claimed))) return null;
    const algorithm = claimed === null ? 'sha256' : algorithmOf(claimed);
    const hashed = await workers.hash({ blob: blob.location, algorithm }, signal);
    if (hashed.identity !== null) digests.set(hashed.identity, hashed.digest);
    actual = hashed.digest;
  }
  // A file that is remembered by a digest of another algorithm than the claimed one proves nothing of the claim.
  if (claimed !== null && algorithmOf(actual) !== algorithmOf(claimed)) return null;
  if (claimed !== null && actual !== claimed) throw digestMismatch(blob.name, claimed, actual);
  return cache.get(actual);
}
