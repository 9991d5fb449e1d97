import { Injectable } from '@nestjs/common';
import { EXTRACTOR_SET, type KnownLayer, type LayerCache } from '../engine/layer/layer-facts.js';
import { LayerStore } from '../store/layer.store.js';

/** The engine's layer cache, kept in the store: facts of this extractor set only. */
@Injectable()
export class StoredLayerCache implements LayerCache {
  constructor(private readonly layers: LayerStore) {}

  async get(digest: string): Promise<KnownLayer | null> {
    return (await this.layers.get(digest, EXTRACTOR_SET)) as KnownLayer | null;
  }

  put(digest: string, layer: KnownLayer): Promise<void> {
    return this.layers.put(digest, EXTRACTOR_SET, layer);
  }
}
