import type { ClusterFact, ClusterFacts } from '../../model/cluster/cluster-facts.js';
import type { CoverageItem } from '../../model/coverage.js';
import type { Fact } from '../../model/host/fact.js';
import type { Inventory } from '../../model/inventory.js';
import { boundedGaps } from '../gap-list.js';

/** The facts of a cluster as they are stored and judged, and what of them is not known. */
export function clusterInventory(facts: ClusterFacts): Inventory {
  const { collectedAt: _when, ...cluster } = facts;
  return { distribution: null, packages: [], image: null, cluster, gaps: boundedGaps(gapsOf(facts)) };
}

/** What is a gap of many lists, as a file that could not be read, is said once. */
function gapsOf(facts: ClusterFacts): CoverageItem[] {
  const lists = factsOf(facts);
  const subjects = new Map<string, ClusterFact[]>();
  for (const [name, fact] of lists) {
    if (!fact.known && fact.code === 'not_present') continue;
    for (const message of fact.known ? fact.gaps : [fact.reason]) {
      const named = subjects.get(message);
      if (named === undefined) subjects.set(message, [name]);
      else named.push(name);
    }
  }
  return [...subjects].map(([message, [first = 'pods', ...others]]) => {
    return { code: 'facts_missing', subject: others.length === 0 ? first : 'objects', message };
  });
}

function factsOf(facts: ClusterFacts): [ClusterFact, Fact<unknown>][] {
  return Object.entries(facts).flatMap(([name, fact]) => {
    return typeof fact === 'object' && fact !== null && 'known' in fact
      ? [[name as ClusterFact, fact as Fact<unknown>]]
      : [];
  });
}
