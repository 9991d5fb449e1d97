import type { ControlResult } from '../../model/control.js';
import type { Judgement, UndecidedRule } from '../../model/finding.js';
import { fingerprint } from '../matcher/fingerprint.js';
import type { Control } from './control.js';

/**
 * The findings of controls that failed, one for each, whatever its evidence: it stays the same finding over rebuilds,
 * tags, and the files that show it. What a control could not decide closes nothing.
 */
export function findingsOfFailures<S>(
  controls: readonly Control<S>[],
  results: readonly ControlResult[],
): { judgements: Judgement[]; undecided: UndecidedRule[] } {
  const opening = new Map(
    controls.flatMap((control) => (control.opens === null ? [] : [[control.id, control] as const])),
  );
  const judgements: Judgement[] = [];
  const undecided: UndecidedRule[] = [];
  for (const result of results) {
    const control = opening.get(result.id);
    if (!control) continue;
    if (result.status === 'fail') judgements.push(judgementOf(control, result));
    else if (result.status === 'undetermined') undecided.push({ kind: 'misconfiguration', ruleId: result.id });
  }
  return { judgements, undecided };
}

function judgementOf<S>({ problem }: Control<S>, { id, severity, evidence }: ControlResult): Judgement {
  const [first] = evidence;
  return {
    fingerprint: fingerprint('misconfiguration', id, ''),
    kind: 'misconfiguration',
    ruleId: id,
    aliases: [],
    advisories: [],
    title: problem,
    severity,
    severitySource: 'plimsoll',
    cvss: null,
    ratings: [],
    status: 'open',
    package: null,
    fixedVersion: null,
    fixState: 'unknown',
    location: first ? { path: first.path, line: null, layer: null, resource: first.resource } : null,
  };
}
