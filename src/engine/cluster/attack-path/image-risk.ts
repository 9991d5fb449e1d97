import type { ImageFinding } from '../../../model/cluster/running-workload.js';
import type { Severity } from '../../../model/severity.js';
import type { AuditedWorkload } from '../workloads.js';

/** The open vulnerabilities of what runs in a workload; null where an image of it was not audited. */
export type FindingsOf = (workload: AuditedWorkload) => readonly ImageFinding[] | null;

/** How likely somebody who reaches a workload gets into it, and by what. */
export interface ImageRisk {
  /** 0 to 1. */
  likelihood: number;
  shown: string;
}

export function imageRisk(findings: readonly ImageFinding[] | null): ImageRisk {
  if (findings === null) return { likelihood: NOT_AUDITED, shown: 'its images were not audited' };
  let worst: ImageRisk = { likelihood: NONE_FOUND, shown: 'no open vulnerability is known' };
  for (const finding of findings) {
    const likelihood = likelihoodOf(finding);
    const { ruleId, isExploited } = finding;
    if (likelihood > worst.likelihood)
      worst = { likelihood, shown: `${ruleId}${isExploited ? ', which is exploited' : ''}` };
  }
  return worst;
}

/** Faults of an application's own are not known to any advisory. */
const NONE_FOUND = 0.5;
const NOT_AUDITED = 0.7;

const BY_SEVERITY: Record<Severity, number> = { critical: 0.85, high: 0.75, unknown: 0.7, medium: 0.6, low: 0.5 };

/** docs/clusters.md has the formula. */
function likelihoodOf({ severity, isExploited, probability }: ImageFinding): number {
  if (isExploited) return 1;
  return Math.max(BY_SEVERITY[severity], probability !== null && probability >= 0.1 ? 0.95 : 0);
}
