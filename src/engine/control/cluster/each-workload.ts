import type { Evidence } from '../../../model/control.js';
import type { AuditedWorkload, ContainerView, PodView } from '../../cluster/workloads.js';
import { counted, failIfAny, notApplicable, type Verdict } from '../control.js';
import type { ClusterControl, ClusterSubject } from './cluster-subject.js';

/** What a control over workloads has in common with every other. */
export const WORKLOAD = {
  opens: 'misconfiguration',
  eachResource: true,
  restsOn: ['pods', 'workloads'],
  judgedInPart: true,
} satisfies Partial<ClusterControl>;

/** What is wrong with a pod or a container, at a field. */
export interface Fault {
  /** Of the object: `spec.template.spec.containers[0].securityContext.privileged`. */
  path: string;
  /** The field as it is set: `true`; `not set`. */
  value: string;
  /** Equal for the same fault of another replica, where containers may stand in another order. */
  identity: string;
}

export function podFault({ path }: PodView, field: string, value: string): Fault {
  return { path: `${path}.${field}`, value, identity: `${field} ${value}` };
}

export function annotationFault({ metadataPath }: PodView, name: string, value: string): Fault {
  return { path: `${metadataPath}.annotations[${name}]`, value, identity: `${name} ${value}` };
}

export function containerFault(
  { path }: PodView,
  { path: place, container }: ContainerView,
  field: string,
  value: string,
): Fault {
  return {
    path: `${path}.${place}.${field}`,
    value,
    identity: `${container.type} ${container.name} ${field} ${value}`,
  };
}

/** What is wrong with one pod; none: it passes. */
export type FaultsOf = (view: PodView, subject: ClusterSubject, workload: AuditedWorkload) => readonly Fault[];

/**
 * Judges each workload by itself: its template, and replicas that differ from it. A fault that replicas share is told once.
 *
 * @param what the workloads that fail do, after their number: `run with all privileges`
 */
export function eachWorkload(faultsOf: FaultsOf, what: string) {
  return (subject: ClusterSubject): Verdict => {
    const { workloads } = subject;
    if (workloads.length === 0) return notApplicable('There is no workload.');
    let failing = 0;
    const evidence: Evidence[] = [];
    for (const workload of workloads) {
      const before = evidence.length;
      for (const item of evidenceOf(workload, faultsOf, subject)) evidence.push(item);
      if (evidence.length > before) failing += 1;
    }
    return failIfAny(
      evidence,
      () => `${counted(failing, 'workload')} of ${workloads.length} ${what}.`,
      `None of ${counted(workloads.length, 'workload')} does.`,
    );
  };
}

/** Judges each container of each workload: what is wrong with one, by field. */
export function eachContainer(
  faultsOf: (view: ContainerView, pod: PodView, subject: ClusterSubject) => { field: string; value: string }[],
  what: string,
) {
  return eachWorkload((pod, subject) => {
    const faults: Fault[] = [];
    for (const view of pod.containers) {
      for (const { field, value } of faultsOf(view, pod, subject)) faults.push(containerFault(pod, view, field, value));
    }
    return faults;
  }, what);
}

function evidenceOf(workload: AuditedWorkload, faultsOf: FaultsOf, subject: ClusterSubject): Evidence[] {
  const evidence: Evidence[] = [];
  const told = new Set<string>();
  for (const view of workload.views) {
    for (const { path, value, identity } of faultsOf(view, subject, workload)) {
      if (told.has(identity)) continue;
      told.add(identity);
      const field = view.replica === null ? path : `${view.replica}: ${path}`;
      evidence.push({ resource: workload.resource, path: field, value });
    }
  }
  return evidence;
}
