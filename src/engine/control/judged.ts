import type { ControlResult } from '../../model/control.js';
import type { Judgement, UndecidedRule } from '../../model/finding.js';
import { type Control, resultOf, type Verdict } from './control.js';
import { findingsOfFailures } from './failure-finding.js';

/** What controls over a target said: of each its result, and the findings of those that failed. */
export interface Judged {
  results: ControlResult[];
  judgements: Judgement[];
  undecided: UndecidedRule[];
}

export function judgedOf<S, F extends string>(
  verdicts: readonly { control: Control<S, F>; verdict: Verdict }[],
): Judged {
  const results = verdicts.map(({ control, verdict }) => resultOf(control, verdict));
  // Of the whole evidence: a result shows a part of it, but each resource that fails is a finding.
  const whole = verdicts.map(({ control: { id, title, severity, remediation }, verdict }) => {
    return { id, title, severity, remediation, ...verdict };
  });
  const controls = verdicts.map(({ control }) => control);
  return { results, ...findingsOfFailures(controls, whole) };
}

/** That nothing was found is no pass while something may not have been seen. @param gaps a sentence each */
export function weighed(verdict: Verdict, gaps: readonly string[]): Verdict {
  if (verdict.status === 'fail' || verdict.status === 'undetermined') return verdict;
  const [gap, ...others] = gaps;
  if (gap === undefined) return verdict;
  const more = others.length > 0 ? ` There are ${others.length} more such gaps.` : '';
  const reason = `Nothing was found, but not everything could be read: ${gap}${more}`;
  return { ...verdict, status: 'undetermined', reason };
}
