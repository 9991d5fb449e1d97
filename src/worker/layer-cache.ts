import { Injectable } from '@nestjs/common';
import { EXTRACTOR_SET, type LayerCache } from '../engine/layer/layer-facts.js';
import { SECRET_SET } from '../engine/secret/secret-rules.js';
import { LayerStore } from '../store/layer.store.js';
import { knownLayer, storedLayer } from './stored-facts.js';

const WITHOUT_SECRETS = EXTRACTOR_SET;
const WITH_SECRETS = `${EXTRACTOR_SET};secrets.${SECRET_SET}`;

/** The engine's layer cache, kept in the store: facts of these extractors and rules only. */
@Injectable()
export class StoredLayerCache {
  constructor(private readonly layers: LayerStore) {}

  /** @param secrets whether the layers are searched for secrets; who does not ask for them is served by either reading */
  for(secrets: boolean): LayerCache {
    const sets = secrets ? [WITH_SECRETS] : [WITHOUT_SECRETS, WITH_SECRETS];
    return {
      get: async (digests) => {
        const known = [...(await this.layers.get(digests, sets))].map(([digest, stored]) => {
          const layer = knownLayer(stored);
          if (!secrets) layer.facts.secrets = null;
          return [digest, layer] as const;
        });
        return new Map(known);
      },
      put: (digest, layer) => this.layers.put(digest, secrets ? WITH_SECRETS : WITHOUT_SECRETS, storedLayer(layer)),
    };
  }
}
