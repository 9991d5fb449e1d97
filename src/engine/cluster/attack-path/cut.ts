import type { Escalation } from '../rights/escalation.js';
import type { EscalationGraph } from '../rights/escalation-graph.js';
import { waysTo } from '../rights/takeover.js';
import type { AttackPath, Cut, End } from './attack-path.js';
import { remediationOf } from './remediation.js';
import type { Arrival } from './ways-in.js';

type Uncut = Pick<AttackPath, 'end' | 'workload' | 'wayIn' | 'escalation'>;

/** Each is a search of the whole graph. */
const MAX_TRIED = 200;

/**
 * The step to cut of each path: of those after the way in without which there is no way from the workload to the end, the
 * one that is on the most paths, and of these the first. Where there is none, of all of its steps the one on the most paths.
 */
export function cutOf(graph: EscalationGraph, paths: readonly Uncut[], isEndOf: (end: End) => (id: string) => boolean) {
  const counts = new Map<string, number>();
  for (const { escalation, wayIn } of paths) {
    for (const step of [...wayIn.steps, ...escalation]) counts.set(keyOf(step), (counts.get(keyOf(step)) ?? 0) + 1);
  }
  const tried = new Map<string, ReadonlyMap<string, Escalation>>();
  const without = (step: Escalation, end: End): ReadonlyMap<string, Escalation> | null => {
    const key = `${end} ${keyOf(step)}`;
    const known = tried.get(key);
    if (known || tried.size >= MAX_TRIED) return known ?? null;
    const edge = edgeOf(graph, step);
    const ways = waysTo(graph, isEndOf(end), edge);
    tried.set(key, ways);
    return ways;
  };
  return ({ end, workload, escalation, wayIn }: Uncut): Cut => {
    const cutting = escalation.filter((step) => without(step, end)?.has(workload) === false);
    const [best] = mostUsed(cutting.length > 0 ? cutting : [...wayIn.steps, ...escalation], counts);
    const step = best as Escalation | Arrival;
    return {
      from: step.from,
      to: step.to,
      via: step.via,
      paths: counts.get(keyOf(step)) ?? 0,
      isWhole: cutting.length > 0,
      remediation: remediationOf(step),
    };
  };
}

/** A step through many to one of them is taken away where it starts. */
function edgeOf({ leaving }: EscalationGraph, { from, technique, via, grants }: Escalation): Escalation | null {
  const edges = leaving.get(from) ?? [];
  return edges.find((edge) => edge.technique === technique && edge.via === via && edge.grants === grants) ?? null;
}

function mostUsed<T extends Escalation | Arrival>(steps: readonly T[], counts: ReadonlyMap<string, number>): T[] {
  return [...steps].sort((a, b) => (counts.get(keyOf(b)) ?? 0) - (counts.get(keyOf(a)) ?? 0));
}

function keyOf({ from, to, via }: Pick<Escalation | Arrival, 'from' | 'to' | 'via'>): string {
  return JSON.stringify([from, to, via]);
}
