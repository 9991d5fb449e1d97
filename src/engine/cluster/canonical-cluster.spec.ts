import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { clusterFacts, clusterObject, pod } from '../../../test/support/cluster-facts.js';
import { canonicalCluster } from './canonical-cluster.js';

describe('the canonical JSON of a cluster', () => {
  it('is that of the whole, whatever pieces it comes in', () => {
    for (const count of [0, 1, 99, 100, 101, 250]) {
      const pods = Array.from({ length: count }, (_, i) => pod(`web-${i}`, {}, { labels: { b: '1', a: 'ä"' } }));
      const namespaces = [{ ...clusterObject('Namespace', 'shop', { namespace: null }) }];
      const { collectedAt: _, ...cluster } = clusterFacts({ pods, namespaces });
      const unknown = { known: false as const, code: 'not_permitted' as const, reason: 'no right' };
      for (const facts of [cluster, { ...cluster, services: unknown }]) {
        expect([...canonicalCluster(facts)].join('')).toBe(canonicalize(facts));
      }
    }
  });
});
