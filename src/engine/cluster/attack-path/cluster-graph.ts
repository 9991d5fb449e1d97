import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import type { Graph, GraphEdge, GraphNode, GraphNodeKind } from '../../../model/graph.js';
import type { ClusterReachability } from '../network/cluster-reachability.js';
import { shownPorts } from '../network/port-set.js';
import { CLUSTER, type Escalation, isGathering } from '../rights/escalation.js';
import type { AuditedWorkload } from '../workloads.js';
import { clusterAnalysis } from './cluster-analysis.js';
import { OUTSIDE } from './ways-in.js';

/** Through it pods reach each other of which no policy says anything. */
const OPEN_NETWORK = 'network/open';

/** What people and programs look at still; that there is more is a gap. */
const MAX_EDGES = 20_000;
const MAX_PAIRS = 1_500_000;

/**
 * Who reaches whom, and who may become whom, in a cluster: by workload, not by pod. What no policy isolates is joined by a
 * node of its own, so that a thousand workloads are two thousand edges and not a million.
 */
export function clusterGraph(facts: ClusterFacts, workloads: readonly AuditedWorkload[]): Graph {
  const { escalations, reach, exposures, gaps } = clusterAnalysis(facts, workloads);
  const builder = new Builder();
  builder.node(OUTSIDE, 'outside', {});
  for (const { resource, pods } of workloads)
    builder.node(resource, 'workload', pods.length > 0 ? { pods: `${pods.length}` } : {});
  for (const { workload, how, by, ports, from, isReached } of exposures) {
    if (isReached === 'yes')
      builder.edge({ from: OUTSIDE, to: workload, kind: 'reaches', via: `${how} ${by}, ${ports}, from ${from}` });
  }
  addNetwork(builder, reach);
  addEscalations(
    builder,
    escalations.leaving,
    workloads.map(({ resource }) => resource),
  );
  const perhaps = exposures
    .filter(({ isReached }) => isReached === 'maybe')
    .map(({ workload, by }) => `Whether ${workload} is reached by ${by} cannot be told for every address.`);
  return builder.build([...gaps, ...new Set(perhaps)]);
}

class Builder {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly edges = new Map<string, GraphEdge>();
  private readonly gaps = new Set<string>();

  node(id: string, kind: GraphNodeKind, data: Record<string, string> = {}): void {
    if (!this.nodes.has(id)) this.nodes.set(id, { id, kind, label: id, data });
  }

  edge(edge: GraphEdge): void {
    if (this.edges.size >= MAX_EDGES) this.gap(`There are more than ${MAX_EDGES} edges: the others are not shown.`);
    else this.edges.set(JSON.stringify([edge.from, edge.to, edge.kind, edge.via]), edge);
  }

  gap(text: string): void {
    this.gaps.add(text);
  }

  build(gaps: readonly string[]): Graph {
    return {
      nodes: [...this.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      edges: [...this.edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge),
      gaps: [...gaps, ...this.gaps],
    };
  }
}

/** What no policy is about goes through the open network; of all else each two are looked at. */
function addNetwork(builder: Builder, reach: ClusterReachability): void {
  const isolation = reach.classes.map((_, index) => reach.isolation(index));
  const members = reach.classes.map((one) => [...new Set(one.members.map(({ workload }) => workload))]);
  const leavesFreely = isolation.map(({ policies }) => policies.egress.length === 0);
  const isOpen = isolation.map(({ policies }) => policies.ingress.length === 0);
  builder.node(OPEN_NETWORK, 'network');
  for (const [index, names] of members.entries()) {
    for (const name of names) {
      if (leavesFreely[index])
        builder.edge({ from: name, to: OPEN_NETWORK, kind: 'reaches', via: 'no policy for egress' });
      if (isOpen[index]) builder.edge({ from: OPEN_NETWORK, to: name, kind: 'reaches', via: 'no policy for ingress' });
    }
  }
  let pairs = 0;
  let undetermined = 0;
  for (const from of members.keys()) {
    for (const to of members.keys()) {
      if (leavesFreely[from] && isOpen[to]) continue;
      pairs += 1;
      if (pairs > MAX_PAIRS) {
        builder.gap('There are too many kinds of pods to look at each two: some connections are not shown.');
        return;
      }
      const { surely, perhaps } = reach.between(from, to);
      if (surely.length === 0) {
        if (perhaps.length > 0) undetermined += 1;
        continue;
      }
      const via = shownPorts(surely);
      for (const source of members[from] ?? []) {
        for (const target of members[to] ?? []) builder.edge({ from: source, to: target, kind: 'reaches', via });
      }
    }
  }
  if (undetermined > 0)
    builder.gap(`Of ${undetermined} pairs of kinds of pods it cannot be told whether one reaches the other.`);
}

/** All that workloads may come to, and whoever may come to have every right. */
function addEscalations(
  builder: Builder,
  leaving: ReadonlyMap<string, readonly Escalation[]>,
  workloads: readonly string[],
): void {
  const seen = new Set<string>();
  const front = [...workloads];
  for (let id = front.pop(); id !== undefined; id = front.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const { from, to, technique, via } of leaving.get(id) ?? []) {
      builder.node(to, kindOf(to));
      builder.edge({ from, to, kind: edgeKind(to, technique), via });
      front.push(to);
    }
  }
}

function kindOf(id: string): GraphNodeKind {
  if (id === CLUSTER) return 'cluster';
  if (isGathering(id)) return 'group';
  if (id.startsWith('Node/')) return 'node';
  if (id === 'Secrets' || id.startsWith('Secrets/')) return 'secrets';
  return /^(?:ServiceAccount|User|Group)\/|^rights of /.test(id) ? 'principal' : 'workload';
}

function edgeKind(to: string, technique: Escalation['technique']): GraphEdge['kind'] {
  switch (technique) {
    case 'read-secrets':
      return kindOf(to) === 'secrets' ? 'reads' : 'becomes';
    case 'node-of-pod':
    case 'run-in-pod':
    case 'nodes-proxy':
    case 'host-path-volume':
      return 'controls';
    default:
      return 'becomes';
  }
}
