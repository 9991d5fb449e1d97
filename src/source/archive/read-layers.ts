import type { ImageFacts, KnownLayer, LayerCache } from '../../engine/layer/layer-facts.js';
import type { CoverageItem } from '../../model/coverage.js';
import type { ImageConfig } from '../../model/image-config.js';
import type { ImageDigests } from '../../model/image-digests.js';
import { type PlannedLayer, type ReadLayerOptions, readLayer, workOf } from './read-layer.js';

/** An image of which everything but the layers was read. */
export interface ImagePlan {
  /** Bottom to top; a gap in the place of one that cannot be read. */
  layers: (PlannedLayer | CoverageItem)[];
  config: ImageConfig;
  gaps: CoverageItem[];
  digests: ImageDigests;
}

/** An image as a source gives it. */
export interface SourceImage extends ImageFacts {
  digests: ImageDigests;
}

export type ReadLayersOptions = Omit<ReadLayerOptions, 'onBytes' | 'known'> & { onProgress(fraction: number): void };

/** Layers that are read at the same time: one is unpacked while another is hashed. Each takes a few megabytes. */
const CONCURRENT_LAYERS = 2;

/** Of those that have to be fetched, some wait for the network while others are read. */
const CONCURRENT_REMOTE_LAYERS = 4;

/** Layers that the cache is asked for in one question: their answer is in memory twice for a moment. */
const LAYERS_AT_ONCE = 16;

/** Reads layers side by side. The first that fails stops the others. */
export async function readLayers(
  layers: ImagePlan['layers'],
  options: ReadLayersOptions,
): Promise<{ layers: KnownLayer[]; gaps: CoverageItem[] }> {
  const stop = new AbortController();
  const work = distinct(layers.filter(isLayer));
  const total = work.reduce((sum, layer) => sum + workOf(layer), 0);
  let done = 0;
  const readOptions: ReadLayerOptions = {
    ...options,
    known: await askFor(work, options.cache),
    signal: AbortSignal.any([options.signal, stop.signal]),
    onBytes: (count) => {
      done += count;
      options.onProgress(total === 0 ? 1 : done / total);
    },
  };
  const results = new Map<PlannedLayer, Awaited<ReturnType<typeof readLayer>>>();
  const queue = work.values();
  const readNext = async () => {
    for (const layer of queue) {
      options.signal.throwIfAborted();
      results.set(layer, await readLayer(layer, readOptions));
    }
  };
  const isRemote = work.some((layer) => !('blob' in layer));
  const readers = Array.from({ length: isRemote ? CONCURRENT_REMOTE_LAYERS : CONCURRENT_LAYERS }, readNext);
  try {
    await Promise.all(readers);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(readers);
    throw error;
  }
  const read = layers.map((layer) => (isLayer(layer) ? results.get(layer) : layer)).filter((one) => one !== undefined);
  return {
    layers: read.filter((result) => 'facts' in result),
    gaps: read.filter((result) => 'message' in result),
  };
}

/**
 * What the cache knows of the layers by the digests that are claimed: to ask for them one by one costs more than all
 * else that is done about a known layer.
 */
async function askFor(layers: PlannedLayer[], cache: LayerCache): Promise<Map<string, KnownLayer>> {
  const claims = [...new Set(layers.map(({ digest, diffId }) => digest ?? diffId).filter((claim) => claim !== null))];
  const known = new Map<string, KnownLayer>();
  for (let at = 0; at < claims.length; at += LAYERS_AT_ONCE) {
    for (const [digest, layer] of await cache.get(claims.slice(at, at + LAYERS_AT_ONCE))) known.set(digest, layer);
  }
  return known;
}

function isLayer(layer: PlannedLayer | CoverageItem): layer is PlannedLayer {
  return !('message' in layer);
}

function distinct(layers: PlannedLayer[]): PlannedLayer[] {
  return [...new Set(layers)];
}
