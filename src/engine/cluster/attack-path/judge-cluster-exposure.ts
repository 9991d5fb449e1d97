import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import type { Judgement } from '../../../model/finding.js';
import { ownJudgement } from '../../host/own-judgement.js';
import type { AuditedWorkload } from '../workloads.js';
import type { AttackPath, End } from './attack-path.js';
import { type AttackPaths, attackPaths, NAMES } from './attack-paths.js';
import { clusterAnalysis } from './cluster-analysis.js';
import type { FindingsOf } from './image-risk.js';

const RULES: Record<End, string> = {
  cluster: 'cluster-takeover-from-outside',
  node: 'node-takeover-from-outside',
  secrets: 'secrets-readable-from-outside',
};

/**
 * The findings of ways from outside to what nobody from there should get at: one for each workload and end.
 *
 * @returns `isDecided`: whether all that they rest on is known, so that one which is not found again is gone
 */
export function judgeClusterExposure(
  facts: ClusterFacts,
  workloads: readonly AuditedWorkload[],
  findingsOf: FindingsOf,
): { judgements: Judgement[]; isDecided: boolean; gaps: string[] } {
  const { paths, gaps } = attackPaths(clusterAnalysis(facts, workloads), findingsOf);
  return { judgements: paths.map(judgementOf), isDecided: gaps.length === 0, gaps };
}

/** What shows such a finding in the facts; null where it is not there. */
export function explainClusterExposure(
  facts: ClusterFacts,
  workloads: readonly AuditedWorkload[],
  findingsOf: FindingsOf,
  { ruleId, location }: Pick<Judgement, 'ruleId' | 'location'>,
): AttackPath | null {
  const { paths }: AttackPaths = attackPaths(clusterAnalysis(facts, workloads), findingsOf);
  return paths.find(({ end, workload }) => RULES[end] === ruleId && workload === location?.resource) ?? null;
}

function judgementOf({ end, workload, severity, isSure }: AttackPath): Judgement {
  const title = `${workload} ${isSure ? 'can' : 'may'} be reached from outside and leads to ${NAMES[end]}`;
  const judgement = ownJudgement('exposure', { ruleId: RULES[end], title, severity, resource: workload });
  return isSure ? judgement : { ...judgement, status: 'undetermined' };
}
