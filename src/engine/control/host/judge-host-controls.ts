import type { ControlResult } from '../../../model/control.js';
import type { Judgement, UndecidedRule } from '../../../model/finding.js';
import { notApplicable, ownVerdict, resultOf, undetermined, type Verdict } from '../control.js';
import { findingsOfFailures } from '../failure-finding.js';
import type { HostControl, HostSubject } from './host-subject.js';

export interface JudgedHost {
  results: ControlResult[];
  judgements: Judgement[];
  undecided: UndecidedRule[];
}

/**
 * Judges a host by each control, in their order. A control that rests on facts that are not known is `undetermined`; on
 * a container engine, `not_applicable` where the host has none. One that does not fail, but rests on facts with gaps, is
 * `undetermined` too: what is not there may not have been seen.
 *
 * @param onFault told of a control that threw, which is a fault of the control; its result is `undetermined`
 */
export function judgeHostControls(
  controls: readonly HostControl[],
  subject: HostSubject,
  onFault: (id: string, error: unknown) => void,
): JudgedHost {
  const verdicts = controls.map((control) => ({ control, verdict: verdictOf(control, subject, onFault) }));
  const results = verdicts.map(({ control, verdict }) => resultOf(control, verdict));
  // Of the whole evidence: a result shows a part of it, but each container that fails is a finding.
  const whole = verdicts.map(({ control: { id, title, severity, remediation }, verdict }) => {
    return { id, title, severity, remediation, ...verdict };
  });
  return { results, ...findingsOfFailures(controls, whole) };
}

function verdictOf(control: HostControl, subject: HostSubject, onFault: (id: string, error: unknown) => void): Verdict {
  const facts = control.restsOn.map((name) => subject.facts[name]);
  for (const fact of facts) {
    if (fact.known) continue;
    return fact.code === 'not_present' ? notApplicable(fact.reason) : undetermined(fact.reason);
  }
  const verdict = ownVerdict(control, subject, onFault);
  if (verdict.status === 'fail' || verdict.status === 'undetermined') return verdict;
  const [gap, ...others] = facts.flatMap((fact) => (fact.known ? fact.gaps : []));
  if (gap === undefined) return verdict;
  const more = others.length > 0 ? ` There are ${others.length} more such gaps.` : '';
  return {
    ...verdict,
    status: 'undetermined',
    reason: `Nothing was found, but not everything could be read: ${gap}${more}`,
  };
}
