import type { BenchmarkName, BenchmarkReport, RequirementResult } from '../../model/benchmark.js';
import { CONTROL_STATUSES, type ControlResult, type ControlStatus, type Evidence } from '../../model/control.js';
import type { TargetKind } from '../../model/target.js';

/** A published set of requirements, as data. */
export interface Benchmark {
  name: BenchmarkName;
  /** For people, without the publisher's text. */
  title: string;
  version: string;
  /** In the document's order. */
  requirements: readonly Requirement[];
}

export interface Requirement {
  /** As the document numbers it. */
  id: string;
  /** In our own words. */
  title: string;
  /** Targets that it is about. */
  targets: readonly TargetKind[];
  /** Ids of the controls that tell whether it is met; none where only a person can tell. */
  controls: readonly string[];
  /** The controls see a part of what is asked for: when none fails, the rest is still for a person to look at. */
  partly?: true;
}

/** Evidence of a requirement: as much as a control has. */
const MAX_FAILED = 50;

/** The requirements about targets of this kind, judged by their controls' results. */
export function reportOf(
  { name, version, requirements }: Benchmark,
  kind: TargetKind,
  results: readonly ControlResult[],
): BenchmarkReport {
  const byId = new Map(results.map((result) => [result.id, result]));
  const items = requirements
    .filter(({ targets }) => targets.includes(kind))
    .map((requirement) => resultOf(requirement, byId));
  const counts = Object.fromEntries(CONTROL_STATUSES.map((status) => [status, 0])) as Record<ControlStatus, number>;
  for (const { status } of items) counts[status] += 1;
  return { name, version, counts, items };
}

function resultOf(requirement: Requirement, byId: ReadonlyMap<string, ControlResult>): RequirementResult {
  const { id, title, controls } = requirement;
  const results = controls.map((control) => byId.get(control));
  const failed = results.flatMap((result): Evidence[] => (result?.status === 'fail' ? evidenceOf(result) : []));
  // A control that was not run has not decided anything.
  const statuses = results.map((result) => result?.status ?? 'undetermined');
  return {
    id,
    title,
    status: statusOf(statuses, requirement),
    controls: [...controls],
    failed: failed.slice(0, MAX_FAILED),
  };
}

/** One failure fails; then what is open counts before what is well. */
function statusOf(statuses: readonly ControlStatus[], { partly, controls }: Requirement): ControlStatus {
  if (statuses.includes('fail')) return 'fail';
  if (statuses.includes('undetermined')) return 'undetermined';
  if (controls.length === 0 || partly || statuses.includes('manual')) return 'manual';
  return statuses.includes('pass') ? 'pass' : 'not_applicable';
}

/** A failure that has nothing to show is named by its control. */
function evidenceOf({ id, reason, evidence }: ControlResult): Evidence[] {
  return evidence.length > 0 ? evidence : [{ resource: id, path: null, value: reason }];
}
