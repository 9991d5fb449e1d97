import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyExtraction } from '../../src/engine/extractor/extractor.js';
import type { KnownLayer } from '../../src/engine/layer/layer-facts.js';
import { PathSetBuilder } from '../../src/engine/path/path-set.js';
import { LayerStore } from '../../src/store/layer.store.js';
import { StoredLayerCache } from '../../src/worker/layer-cache.js';
import { openStores, type Stores } from './stores.js';

function layer(paths: number, isSearched: boolean): KnownLayer {
  const occupied = new PathSetBuilder();
  for (let i = 0; i < paths; i += 1) occupied.add(`srv/file-${i}`);
  return {
    diffId: `sha256:${paths}`,
    facts: {
      files: [{ path: 'etc/passwd', extraction: emptyExtraction() }],
      notes: [],
      secrets: isSearched ? [] : null,
      packageCaches: [],
      whiteouts: ['nul\0, and half a pair \ud800'],
      opaques: [],
      links: [],
      folders: [],
      gaps: [],
      occupied: occupied.build(),
      directories: new PathSetBuilder().build(),
    },
  };
}

const digest = () => `sha256:${randomBytes(32).toString('hex')}`;

describe('the stored cache of layers', () => {
  let stores: Stores;
  let cache: StoredLayerCache;
  beforeAll(async () => {
    stores = await openStores();
    cache = new StoredLayerCache(new LayerStore(stores.database));
  });
  afterAll(() => stores.close());

  it.each([0, 1, 100_000])('gives a layer of %d files back as it was', async (paths) => {
    const [known, key] = [layer(paths, false), digest()];
    await cache.for(false).put(key, known);
    expect(await cache.for(false).get([key])).toEqual(new Map([[key, known]]));
  });

  it('gives all that it knows of those that are asked for', async () => {
    const keys = [digest(), digest(), digest()];
    const [first = '', second = ''] = keys;
    await cache.for(false).put(first, layer(1, false));
    await cache.for(false).put(second, layer(2, false));
    const known = await cache.for(false).get([...keys, first]);
    expect([...known].map(([key, { diffId }]) => [key, diffId]).sort()).toEqual(
      [
        [first, 'sha256:1'],
        [second, 'sha256:2'],
      ].sort(),
    );
    expect(await cache.for(false).get([])).toEqual(new Map());
  });

  it('serves who asks for secrets only with a layer that was searched, and others with either', async () => {
    const [searched, plain] = [digest(), digest()];
    await cache.for(true).put(searched, layer(1, true));
    await cache.for(false).put(plain, layer(1, false));
    expect([...(await cache.for(true).get([searched, plain])).keys()]).toEqual([searched]);
    const others = await cache.for(false).get([searched, plain]);
    expect([...others.keys()].sort()).toEqual([searched, plain].sort());
    expect([...others.values()].map(({ facts }) => facts.secrets)).toEqual([null, null]);
  });
});
