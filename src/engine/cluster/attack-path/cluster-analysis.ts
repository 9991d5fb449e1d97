import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import { type Exposure, exposuresOf } from '../exposure/exposures.js';
import { type ClusterReachability, clusterReachability } from '../network/cluster-reachability.js';
import { type EscalationGraph, escalationGraph } from '../rights/escalation-graph.js';
import type { AuditedWorkload } from '../workloads.js';

/** What follows from the facts of a cluster: its rights, its network, and the ways into it. */
export interface ClusterAnalysis {
  workloads: readonly AuditedWorkload[];
  escalations: EscalationGraph;
  reach: ClusterReachability;
  exposures: readonly Exposure[];
  /** What could not be told, a sentence each. */
  gaps: string[];
}

const known = new WeakMap<ClusterFacts, ClusterAnalysis>();

/** Worked out once for the same facts: many controls, the graph and the findings rest on it. */
export function clusterAnalysis(facts: ClusterFacts, workloads: readonly AuditedWorkload[]): ClusterAnalysis {
  let analysis = known.get(facts);
  if (analysis?.workloads !== workloads) {
    const reach = clusterReachability(facts, workloads);
    const escalations = escalationGraph(facts, workloads);
    const exposures = exposuresOf(facts, workloads, reach);
    const gaps = [...new Set([...escalations.gaps, ...reach.gaps, ...exposureGaps(facts)])];
    analysis = { workloads, escalations, reach, exposures, gaps };
    known.set(facts, analysis);
  }
  return analysis;
}

function exposureGaps({ services, routes }: ClusterFacts): string[] {
  return Object.entries({ services, 'routes from outside': routes }).flatMap(([name, fact]) => {
    if (!fact.known) return fact.code === 'not_present' ? [] : [`The ${name} are not known: ${fact.reason}`];
    return fact.gaps.map((gap) => `Not all ${name} are known: ${gap}`);
  });
}
