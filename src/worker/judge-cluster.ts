import { reportsOf } from '../engine/benchmark/benchmarks.js';
import { CLUSTER_CONTROLS } from '../engine/control/cluster/cluster-controls.js';
import { clusterSubject } from '../engine/control/cluster/cluster-subject.js';
import { judgeClusterControls } from '../engine/control/cluster/judge-cluster-controls.js';
import type { ClusterFacts } from '../model/cluster/cluster-facts.js';
import type { Inventory } from '../model/inventory.js';
import type { JudgeContext, Judged } from './judge-image.js';

/** endoflife.date's name. */
const PRODUCT = 'kubernetes';

/** Judges a cluster by its controls and benchmarks. What rests on facts that are not known, or in part, is left open. */
export async function judgeCluster(
  facts: ClusterFacts,
  inventory: Inventory,
  { now, trustedRegistries, lifecycles, onFault }: Omit<JudgeContext, 'reference' | 'maxImageAgeDays'>,
): Promise<Judged> {
  const { products } = await lifecycles.find([PRODUCT]);
  const lifecycle = products.find(({ name }) => name === PRODUCT) ?? null;
  const subject = clusterSubject(facts, { now, trustedRegistries, lifecycle });
  const controls = judgeClusterControls(CLUSTER_CONTROLS, subject, onFault);
  return {
    judgements: controls.judgements,
    undecided: controls.undecided,
    controls: controls.results,
    benchmarks: reportsOf('cluster', controls.results),
    coverage: { complete: inventory.gaps.length === 0, items: inventory.gaps },
  };
}
