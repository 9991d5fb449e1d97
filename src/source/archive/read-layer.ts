import type { KnownLayer, LayerCache } from '../../engine/layer/layer-facts.js';
import type { CoverageItem } from '../../model/coverage.js';
import { PlimsollError } from '../../model/error.js';
import { type Blob, digestMismatch } from './blob.js';
import { type Compression, compressionOf, isReadable, MAGIC_LENGTH } from './compression.js';
import type { DigestMemory } from './digest-memory.js';
import type { LayerWorkers } from './layer-workers.js';
import { algorithmOf } from './unpack-layer.js';

/** A layer as an image's documents describe it. */
export type PlannedLayer = LayerSource | RemoteLayer;

/** A layer that is on this machine. */
interface LayerSource {
  blob: Blob;
  /** Of the bytes as stored, where a manifest names it. */
  digest: string | null;
  /** Of the uncompressed tar, where a configuration names it. */
  diffId: string | null;
}

/** A layer that is fetched only if its facts are not known. */
export interface RemoteLayer {
  /** As messages call it. */
  name: string;
  /** Of the bytes as stored, by a manifest that was checked against its own digest. */
  digest: string;
  diffId: string;
  /** Bytes, as stored. */
  size: number;
  /**
   * Fetches the layer and lends it for as long as `use` takes, which has to check the digest.
   *
   * @param onBytes called with how many bytes came that had not come before
   * @returns a gap when nobody has the layer
   */
  lend<T>(
    use: (blob: Blob) => Promise<T>,
    signal: AbortSignal,
    onBytes: (count: number) => void,
  ): Promise<T | CoverageItem>;
}

export interface ReadLayerOptions {
  cache: LayerCache;
  /** Layers that the cache was asked for beforehand. */
  known: ReadonlyMap<string, KnownLayer>;
  digests: DigestMemory;
  workers: LayerWorkers;
  signal: AbortSignal;
  maxLayerBytes: number;
  tempDir: string;
  /** Of the hashes of secrets; null where the scan does not ask for them. */
  secretKey: Uint8Array | null;
  /** Called with how much was done since the last call, in bytes; in all, the layer's `workOf`. */
  onBytes(count: number): void;
}

/** Bytes to fetch and to read. */
export function workOf(layer: PlannedLayer): number {
  return 'blob' in layer ? layer.blob.size : 2 * layer.size;
}

/**
 * Reads a layer, or takes it from the cache if it is known by the digest of its bytes. That digest is always one that
 * was computed here; what manifest and configuration claim is compared with it.
 *
 * @returns a gap instead of the layer for what is not read by design
 * @throws PlimsollError `digest_mismatch` and what a damaged archive gives
 */
export async function readLayer(source: PlannedLayer, options: ReadLayerOptions): Promise<KnownLayer | CoverageItem> {
  let left = workOf(source);
  // What has to be done twice, because a mirror failed, counts once.
  const onBytes = (count: number) => {
    const counted = Math.min(count, left);
    left -= counted;
    options.onBytes(counted);
  };
  const reading = { ...options, onBytes };
  const layer = await ('blob' in source ? readStored(source, reading) : readRemote(source, reading));
  onBytes(left);
  const { diffId } = source;
  if ('diffId' in layer && diffId !== null && layer.diffId !== diffId) {
    const { name } = 'blob' in source ? source.blob : source;
    throw digestMismatch(`${name}, uncompressed,`, diffId, layer.diffId);
  }
  return layer;
}

/**
 * A digest that a checked manifest names stands for its bytes: whoever has read such bytes before need not fetch them to
 * know what is in them.
 */
async function readRemote(source: RemoteLayer, options: ReadLayerOptions): Promise<KnownLayer | CoverageItem> {
  const { digest, size, name } = source;
  const { signal, maxLayerBytes, onBytes } = options;
  const known = await recall(digest, options);
  if (known) return known;
  if (size > maxLayerBytes) return tooLarge(name, maxLayerBytes);
  const read = async (blob: Blob) => {
    try {
      return await readStored({ blob, digest, diffId: null }, options);
    } catch (error) {
      throw await explained(error, blob, digest, options);
    }
  };
  return source.lend(read, signal, onBytes);
}

/** A layer that cannot be unpacked was either made so, or is not the one that was asked for. */
async function explained(error: unknown, blob: Blob, digest: string, options: ReadLayerOptions): Promise<unknown> {
  const { workers, signal } = options;
  if (!(error instanceof PlimsollError) || !DAMAGE.has(error.code)) return error;
  const hashed = await workers.hash({ blob: blob.location, algorithm: algorithmOf(digest) }, signal);
  return hashed.digest === digest ? error : digestMismatch(blob.name, digest, hashed.digest);
}

const DAMAGE = new Set<string>(['archive_truncated', 'archive_corrupt', 'layer_not_a_tar', 'limit_exceeded']);

async function readStored(source: LayerSource, options: ReadLayerOptions): Promise<KnownLayer | CoverageItem> {
  const { blob, digest } = source;
  const { cache, digests, workers, signal, maxLayerBytes, tempDir, secretKey, onBytes } = options;
  const { head, identity } = await blob.look(MAGIC_LENGTH);
  const compression = compressionOf(head);
  if (!isReadable(compression)) {
    const message = `${blob.name} is compressed with ${compression}, which is not read: store the image with gzip, zstd or plain layers.`;
    return { code: 'layer_unsupported', subject: blob.name, message };
  }
  const known = await find(source, compression, identity, options);
  if (known) return known;
  const task = { blob: blob.location, compression, digest, maxLayerBytes, tempDir, secretKey };
  const read = await workers.unpack(task, signal, onBytes);
  if (!read) return tooLarge(blob.name, maxLayerBytes);
  if (read.identity !== null) digests.set(read.identity, read.digest);
  await cache.put(read.digest, read.layer);
  return read.layer;
}

/** Looks for the layer in the cache. The bytes are hashed only if that can help: it costs much less than to unpack them. */
async function find(
  { blob, digest, diffId }: LayerSource,
  compression: Compression,
  identity: string | null,
  options: ReadLayerOptions,
): Promise<KnownLayer | null> {
  const { digests, workers, signal } = options;
  const claimed = digest ?? (compression === 'none' ? diffId : null);
  let actual = digests.get(identity);
  if (actual === null) {
    if (claimed !== null && !(await recall(claimed, options))) return null;
    const algorithm = claimed === null ? 'sha256' : algorithmOf(claimed);
    const hashed = await workers.hash({ blob: blob.location, algorithm }, signal);
    if (hashed.identity !== null) digests.set(hashed.identity, hashed.digest);
    actual = hashed.digest;
  }
  // A file that is remembered by a digest of another algorithm than the claimed one proves nothing of the claim.
  if (claimed !== null && algorithmOf(actual) !== algorithmOf(claimed)) return null;
  if (claimed !== null && actual !== claimed) throw digestMismatch(blob.name, claimed, actual);
  return recall(actual, options);
}

/** From the cache. Another scan may have put it there in the meantime. */
async function recall(digest: string, { cache, known }: ReadLayerOptions): Promise<KnownLayer | null> {
  return known.get(digest) ?? (await cache.get([digest])).get(digest) ?? null;
}

function tooLarge(name: string, maxLayerBytes: number): CoverageItem {
  const message = `${name} unpacks to more than ${maxLayerBytes} bytes and was not read: raise PLIMSOLL_MAX_LAYER_BYTES if that is right.`;
  return { code: 'layer_too_large', subject: name, message };
}
