import type { ImageFacts } from '../../engine/layer/layer-facts.js';
import type { CoverageItem } from '../../model/coverage.js';
import { type LayerSource, type ReadLayerOptions, readLayer } from './read-layer.js';

/** The layers of an image, bottom to top; a gap in the place of one that cannot be read. */
export type ImagePlan = (LayerSource | CoverageItem)[];

export type ReadLayersOptions = Omit<ReadLayerOptions, 'onBytes'> & { onProgress(fraction: number): void };

/** Layers that are read at the same time: one is unpacked while another is hashed. Each takes a few megabytes. */
const CONCURRENT_LAYERS = 2;

/** Reads layers side by side. The first that fails stops the others. */
export async function readLayers(plan: ImagePlan, options: ReadLayersOptions): Promise<ImageFacts> {
  const stop = new AbortController();
  const total = plan.reduce((sum, layer) => sum + ('blob' in layer ? layer.blob.size : 0), 0);
  let done = 0;
  const readOptions: ReadLayerOptions = {
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
    onBytes: (count) => {
      done += count;
      options.onProgress(total === 0 ? 1 : done / total);
    },
  };
  const results: Awaited<ReturnType<typeof readLayer>>[] = [];
  const numbers = plan.keys();
  const readNext = async () => {
    for (const number of numbers) {
      options.signal.throwIfAborted();
      const layer = plan[number];
      if (layer) results[number] = 'blob' in layer ? await readLayer(layer, readOptions) : layer;
    }
  };
  const readers = Array.from({ length: CONCURRENT_LAYERS }, readNext);
  try {
    await Promise.all(readers);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(readers);
    throw error;
  }
  return {
    config: null,
    layers: results.filter((result) => 'facts' in result),
    gaps: results.filter((result) => 'message' in result),
  };
}
