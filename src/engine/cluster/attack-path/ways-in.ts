import type { Exposure } from '../exposure/exposures.js';
import type { ClusterReachability } from '../network/cluster-reachability.js';
import { intersection, NO_PORTS, type PortSet, portsOf, shownPorts, union } from '../network/port-set.js';
import type { ClusterAnalysis } from './cluster-analysis.js';
import type { ImageRisk } from './image-risk.js';

/** A step over the network, from outside or from a workload. */
export interface Arrival {
  /** `outside`, or a workload. */
  from: string;
  to: string;
  via: string;
}

export interface WayIn {
  steps: Arrival[];
  exposure: Exposure;
  /** 0 to 1: that somebody gets into the last of the workloads. */
  likelihood: number;
}

export interface WaysIn {
  /** The most likely of the shortest ways, by workload. */
  ways: ReadonlyMap<string, WayIn>;
  /** Likewise of workloads that are reached only if what cannot be told is so. */
  perhaps: ReadonlyMap<string, WayIn>;
  /** There are too many classes of pods to look at each two. */
  isCut: boolean;
}

export const OUTSIDE = 'outside';

/** Pairs of classes of pods: about a second's work. */
const MAX_PAIRS = 1_500_000;

/** From one workload to the next is a step that often fails: it takes a second way in. */
const NEXT_WORKLOAD = 0.6;
/** Who is in the network of the nodes already is nearer than the internet, and rarer. */
const FROM: Record<Exposure['from'], number> = { internet: 1, network: 0.85 };

export function waysIn(analysis: ClusterAnalysis, riskOf: (workload: string) => ImageRisk): WaysIn {
  const sure = search(analysis, riskOf, 'surely');
  const all = search(analysis, riskOf, 'perhaps');
  const perhaps = new Map([...all.ways].filter(([workload]) => !sure.ways.has(workload)));
  return { ways: sure.ways, perhaps, isCut: sure.isCut || all.isCut };
}

function search(
  { exposures, reach }: ClusterAnalysis,
  riskOf: (workload: string) => ImageRisk,
  how: 'surely' | 'perhaps',
) {
  const ways = new Map<string, WayIn>();
  for (const exposure of exposures) {
    if (how === 'surely' && exposure.isReached !== 'yes') continue;
    const { workload, from, by, ports } = exposure;
    const likelihood = FROM[from] * riskOf(workload).likelihood;
    if ((ways.get(workload)?.likelihood ?? 0) >= likelihood) continue;
    ways.set(workload, {
      steps: [{ from: OUTSIDE, to: workload, via: `${exposure.how} ${by}, ${ports}` }],
      exposure,
      likelihood,
    });
  }
  const budget = { pairs: MAX_PAIRS };
  const listening = reach.classes.map(({ members }) => portsOfAll(members.flatMap(({ ports }) => ports)));
  const unreached = new Set(reach.classes.keys());
  let front = [...ways.keys()];
  while (front.length > 0 && unreached.size > 0) {
    // The most likely of them first: what it reaches is reached by it.
    front.sort((a, b) => (ways.get(b)?.likelihood ?? 0) - (ways.get(a)?.likelihood ?? 0) || (a < b ? -1 : 1));
    const next = new Set<string>();
    for (const from of front) {
      for (const source of reach.classesOf(from)) {
        for (const target of unreached) {
          budget.pairs -= 1;
          if (budget.pairs < 0) return { ways, isCut: true };
          const open = openPorts(reach, source, target, listening, how);
          if (open.length === 0) continue;
          unreached.delete(target);
          for (const to of new Set(reach.classes[target]?.members.map(({ workload }) => workload))) {
            if (ways.has(to)) continue;
            const before = ways.get(from) as WayIn;
            const step = { from, to, via: `network, ${shownPorts(open)}` };
            const likelihood = before.likelihood * NEXT_WORKLOAD * riskOf(to).likelihood;
            ways.set(to, { steps: [...before.steps, step], exposure: before.exposure, likelihood });
            next.add(to);
          }
        }
      }
    }
    front = [...next];
  }
  return { ways, isCut: false };
}

/** What listens is what containers say that they open; where they say nothing, anything may. */
function openPorts(
  reach: ClusterReachability,
  from: number,
  to: number,
  listening: readonly (PortSet | null)[],
  how: 'surely' | 'perhaps',
) {
  const open = reach.between(from, to)[how];
  const ports = listening[to];
  return ports ? intersection(open, ports) : open;
}

function portsOfAll(ports: readonly { port: number; protocol: string }[]): PortSet | null {
  if (ports.length === 0) return null;
  const each = new Map(ports.map(({ port, protocol }) => [`${protocol} ${port}`, portsOf(protocol, port) ?? NO_PORTS]));
  return [...each.values()].reduce<PortSet>(union, NO_PORTS);
}
