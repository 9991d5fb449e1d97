import type { KnownLayer } from '../../src/engine/layer/layer-facts.js';
import { DigestMemory } from '../../src/source/archive/digest-memory.js';
import type { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import type { ReadImageOptions } from '../../src/source/archive/read-image.js';

export interface ReadFixtures {
  workers: LayerWorkers;
  tempDir: string;
  /** What stands for the layer cache. */
  known: Map<string, KnownLayer>;
  /** Every report of progress. */
  progress: number[];
}

/** How an image is read where nothing about it is special. */
export function readOptions({ workers, tempDir, known, progress }: ReadFixtures): ReadImageOptions {
  return {
    cache: {
      get: async (digests) => new Map([...known].filter(([digest]) => digests.includes(digest))),
      put: async (digest, layer) => {
        known.set(digest, layer);
      },
    },
    digests: new DigestMemory(),
    workers,
    signal: new AbortController().signal,
    onProgress: (fraction) => progress.push(fraction),
    platform: null,
    maxLayerBytes: 2 ** 30,
    tempDir,
    secretKey: null,
  };
}
