import { reportsOf } from '../engine/benchmark/benchmarks.js';
import type { FindingsOf } from '../engine/cluster/attack-path/image-risk.js';
import { judgeClusterExposure } from '../engine/cluster/attack-path/judge-cluster-exposure.js';
import type { AuditedWorkload } from '../engine/cluster/workloads.js';
import { CLUSTER_CONTROLS } from '../engine/control/cluster/cluster-controls.js';
import { clusterSubject } from '../engine/control/cluster/cluster-subject.js';
import { judgeClusterControls } from '../engine/control/cluster/judge-cluster-controls.js';
import type { ClusterFacts } from '../model/cluster/cluster-facts.js';
import type { Inventory } from '../model/inventory.js';
import type { JudgeContext, Judged } from './judge-image.js';
import type { OwnControls } from './own-controls.js';

/** endoflife.date's name. */
const PRODUCT = 'kubernetes';

/**
 * Judges a cluster by its controls, benchmarks, and the ways that lead from outside to what nobody from there should get
 * at. What rests on facts that are not known, or in part, is left open.
 */
export async function judgeCluster(
  facts: ClusterFacts,
  inventory: Inventory,
  context: Omit<JudgeContext, 'reference' | 'maxImageAgeDays'>,
  images: (workloads: readonly AuditedWorkload[]) => Promise<FindingsOf>,
  own: OwnControls,
): Promise<Judged> {
  const { now, trustedRegistries, lifecycles, onFault } = context;
  const { products } = await lifecycles.find([PRODUCT]);
  const lifecycle = products.find(({ name }) => name === PRODUCT) ?? null;
  const subject = clusterSubject(facts, { now, trustedRegistries, lifecycle });
  const controls = judgeClusterControls([...CLUSTER_CONTROLS, ...own.controls], subject, onFault);
  const exposure = judgeClusterExposure(facts, subject.workloads, await images(subject.workloads));
  const items = [...inventory.gaps, ...own.gaps];
  return {
    judgements: [...controls.judgements, ...exposure.judgements],
    undecided: [
      ...controls.undecided,
      ...(exposure.isDecided ? [] : [{ kind: 'exposure' as const, ruleId: null }]),
      // Which controls those are that could not be read, nobody knows.
      ...(own.gaps.length === 0 ? [] : [{ kind: 'misconfiguration' as const, ruleId: null }]),
    ],
    controls: controls.results,
    benchmarks: reportsOf('cluster', controls.results),
    coverage: { complete: items.length === 0, items },
  };
}
