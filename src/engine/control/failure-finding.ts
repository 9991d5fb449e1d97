import type { ControlResult } from '../../model/control.js';
import type { Judgement, UndecidedRule } from '../../model/finding.js';
import { fingerprint } from '../matcher/fingerprint.js';
import type { Control } from './control.js';

/**
 * The findings of controls that failed, one for each (or for each resource, where the control says so): it stays the same finding over rebuilds,
 * tags, and the files that show it. What a control could not decide closes nothing.
 */
export function findingsOfFailures<S, F extends string>(
  controls: readonly Control<S, F>[],
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
    if (result.status === 'fail') judgements.push(...judgementsOf(control, result));
    else if (result.status === 'undetermined') undecided.push({ kind: 'misconfiguration', ruleId: result.id });
  }
  return { judgements, undecided };
}

function judgementsOf<S, F extends string>(control: Control<S, F>, result: ControlResult): Judgement[] {
  if (!control.eachResource) return [judgementOf(control.problem, '', result)];
  const byResource = Map.groupBy(result.evidence, ({ resource, path }) => resource ?? path ?? '');
  return [...byResource].map(([resource, evidence]) => {
    return judgementOf(`${control.problem}: ${resource}`, resource, { ...result, evidence });
  });
}

/** @param about which of the target's things, as one control may fail of several; empty: the target */
function judgementOf(problem: string, about: string, { id, severity, evidence }: ControlResult): Judgement {
  const [first] = evidence;
  return {
    fingerprint: fingerprint('misconfiguration', id, about),
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
