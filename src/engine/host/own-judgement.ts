import type { FindingKind, Judgement } from '../../model/finding.js';
import type { Severity } from '../../model/severity.js';
import { fingerprint } from '../matcher/fingerprint.js';

/** A problem that a rule of our own sees in one thing of a host. */
interface OwnProblem {
  ruleId: string;
  /** One line for people. */
  title: string;
  severity: Severity;
  /** What it is about, `container/web`: the same in every scan. */
  resource: string;
}

export function ownJudgement(kind: FindingKind, { ruleId, title, severity, resource }: OwnProblem): Judgement {
  return {
    fingerprint: fingerprint(kind, ruleId, resource),
    kind,
    ruleId,
    aliases: [],
    advisories: [],
    title,
    severity,
    severitySource: 'plimsoll',
    cvss: null,
    ratings: [],
    status: 'open',
    package: null,
    fixedVersion: null,
    fixState: 'unknown',
    location: { path: null, line: null, layer: null, resource },
  };
}
