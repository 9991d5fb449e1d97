import { notApplicable, ownVerdict, undetermined, type Verdict } from '../control.js';
import { type Judged, judgedOf, weighed } from '../judged.js';
import type { ClusterControl, ClusterSubject } from './cluster-subject.js';

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
): Judged {
  return judgedOf(controls.map((control) => ({ control, verdict: verdictOf(control, subject, onFault) })));
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
  const gaps = facts.flatMap((fact) => {
    if (fact.known) return fact.gaps;
    return fact.code === 'not_present' ? [] : [fact.reason];
  });
  return weighed(ownVerdict(control, subject, onFault), gaps);
}
