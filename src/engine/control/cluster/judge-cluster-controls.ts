import type { ControlResult } from '../../../model/control.js';
import type { Judgement, UndecidedRule } from '../../../model/finding.js';
import { notApplicable, ownVerdict, resultOf, undetermined, type Verdict } from '../control.js';
import { findingsOfFailures } from '../failure-finding.js';
import type { ClusterControl, ClusterSubject } from './cluster-subject.js';

export interface JudgedCluster {
  results: ControlResult[];
  judgements: Judgement[];
  undecided: UndecidedRule[];
}

/**
 * Judges a cluster by each control, in their order. A control that rests on facts that are not known is `undetermined`;
 * one that does not fail, but rests on facts with gaps, is `undetermined` too: what is not there may not have been seen.
 *
 * @param onFault told of a control that threw, which is a fault of the control; its result is `undetermined`
 */
export function judgeClusterControls(
  controls: readonly ClusterControl[],
  subject: ClusterSubject,
  onFault: (id: string, error: unknown) => void,
): JudgedCluster {
  const verdicts = controls.map((control) => ({ control, verdict: verdictOf(control, subject, onFault) }));
  const results = verdicts.map(({ control, verdict }) => resultOf(control, verdict));
  // Of the whole evidence: a result shows a part of it, but each workload that fails is a finding.
  const whole = verdicts.map(({ control: { id, title, severity, remediation }, verdict }) => {
    return { id, title, severity, remediation, ...verdict };
  });
  return { results, ...findingsOfFailures(controls, whole) };
}

function verdictOf(
  control: ClusterControl,
  subject: ClusterSubject,
  onFault: (id: string, error: unknown) => void,
): Verdict {
  const facts = control.restsOn.map((name) => subject.facts[name]);
  const unknown = facts.filter((fact) => !fact.known);
  const [first] = unknown;
  if (first && (!control.judgedInPart || unknown.length === facts.length)) {
    return first.code === 'not_present' ? notApplicable(first.reason) : undetermined(first.reason);
  }
  const verdict = ownVerdict(control, subject, onFault);
  if (verdict.status === 'fail' || verdict.status === 'undetermined') return verdict;
  const [gap, ...others] = facts.flatMap((fact) => {
    if (fact.known) return fact.gaps;
    return fact.code === 'not_present' ? [] : [fact.reason];
  });
  if (gap === undefined) return verdict;
  const more = others.length > 0 ? ` There are ${others.length} more such gaps.` : '';
  return {
    ...verdict,
    status: 'undetermined',
    reason: `Nothing was found, but not everything could be read: ${gap}${more}`,
  };
}
