import type { Severity } from '../../../model/severity.js';
import { CLUSTER, type Escalation } from '../rights/escalation.js';
import type { EscalationGraph } from '../rights/escalation-graph.js';
import { shownStep, wayFrom, waysTo } from '../rights/takeover.js';
import { isStatic } from '../workloads.js';
import type { AttackPath, End } from './attack-path.js';
import type { ClusterAnalysis } from './cluster-analysis.js';
import { cutOf } from './cut.js';
import { type FindingsOf, type ImageRisk, imageRisk } from './image-risk.js';
import { type WayIn, waysIn } from './ways-in.js';

export interface AttackPaths {
  /** By score, the highest first. */
  paths: AttackPath[];
  /** A path that is not found may be there. */
  gaps: string[];
}

/** More than these nobody mends at once; that there are more is a gap. */
const MAX_PATHS = 500;

const ENDS: readonly { end: End; isEnd: (id: string) => boolean; worth: number }[] = [
  { end: 'cluster', isEnd: (id) => id === CLUSTER, worth: 1 },
  { end: 'node', isEnd: (id) => id.startsWith('Node/'), worth: 0.9 },
  { end: 'secrets', isEnd: (id) => id === 'Secrets' || id.startsWith('Secrets/'), worth: 0.7 },
];

/** Each step more may fail, or be seen. */
const FURTHER_STEP = 0.9;

/** One path for each workload and end, the shortest. */
export function attackPaths(analysis: ClusterAnalysis, findingsOf: FindingsOf): AttackPaths {
  const { workloads, escalations } = analysis;
  const risks = new Map(workloads.map((workload) => [workload.resource, imageRisk(findingsOf(workload))]));
  const riskOf = (workload: string): ImageRisk => risks.get(workload) ?? imageRisk(null);
  const { ways, perhaps, isCut } = waysIn(analysis, riskOf);
  // What the control plane runs has its power by right.
  const judged = workloads.filter(({ pods }) => !pods.some(isStatic)).map(({ resource }) => resource);
  const gaps = [...analysis.gaps];
  const found: Omit<AttackPath, 'cut'>[] = [];
  for (const { end, isEnd, worth } of ENDS) {
    const first = waysTo(escalations, isEnd);
    const undetermined = judged.filter((workload) => perhaps.has(workload) && first.has(workload));
    for (const workload of undetermined.slice(0, MAX_GAPS)) {
      gaps.push(`Whether ${workload}, which has a way to ${NAMES[end]}, is reached from outside cannot be told.`);
    }
    for (const workload of judged) {
      const wayIn = ways.get(workload) ?? perhaps.get(workload);
      const escalation = wayIn ? wayFrom(first, workload) : [];
      if (!wayIn || escalation.length === 0) continue;
      const score = Math.round(100 * worth * wayIn.likelihood * FURTHER_STEP ** (escalation.length - 1));
      const steps = stepsOf(wayIn, escalation, riskOf);
      found.push({
        end,
        workload,
        score,
        severity: severityOf(score),
        wayIn,
        isSure: ways.has(workload),
        escalation,
        steps,
      });
    }
  }
  found.sort((a, b) => b.score - a.score || compare(a.workload, b.workload) || compare(a.end, b.end));
  if (isCut) gaps.push('There are too many kinds of pods to follow every connection between them.');
  if (found.length > MAX_PATHS) gaps.push(`There are ${found.length} attack paths: the first ${MAX_PATHS} are told.`);
  return { paths: withCuts(found.slice(0, MAX_PATHS), escalations), gaps };
}

const MAX_GAPS = 20;

export const NAMES: Record<End, string> = { cluster: 'every right in the cluster', node: 'a node', secrets: 'secrets' };

function severityOf(score: number): Severity {
  if (score >= 75) return 'critical';
  if (score >= 50) return 'high';
  return score >= 25 ? 'medium' : 'low';
}

function stepsOf(
  { steps }: WayIn,
  escalation: readonly Escalation[],
  riskOf: (workload: string) => ImageRisk,
): string[] {
  const arrivals = steps.map(({ from, to, via }) => `${from} → ${to}: ${via} (${riskOf(to).shown})`);
  return [...arrivals, ...escalation.map(shownStep)];
}

function withCuts(paths: readonly Omit<AttackPath, 'cut'>[], escalations: EscalationGraph): AttackPath[] {
  const cut = cutOf(escalations, paths, (end) => ENDS.find((one) => one.end === end)?.isEnd ?? (() => false));
  return paths.map((path) => ({ ...path, cut: cut(path) }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
