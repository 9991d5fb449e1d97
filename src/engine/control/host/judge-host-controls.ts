import { notApplicable, ownVerdict, undetermined, type Verdict } from '../control.js';
import { type Judged, judgedOf, weighed } from '../judged.js';
import type { HostControl, HostSubject } from './host-subject.js';

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
): Judged {
  return judgedOf(controls.map((control) => ({ control, verdict: verdictOf(control, subject, onFault) })));
}

function verdictOf(control: HostControl, subject: HostSubject, onFault: (id: string, error: unknown) => void): Verdict {
  const facts = control.restsOn.map((name) => subject.facts[name]);
  for (const fact of facts) {
    if (fact.known) continue;
    return fact.code === 'not_present' ? notApplicable(fact.reason) : undetermined(fact.reason);
  }
  return weighed(
    ownVerdict(control, subject, onFault),
    facts.flatMap((fact) => (fact.known ? fact.gaps : [])),
  );
}
