import type { ManagedBy } from '../../../../model/cluster/cluster-facts.js';
import type { Evidence } from '../../../../model/control.js';
import { counted, failIfAny, manual, notApplicable, undetermined, type Verdict } from '../../control.js';
import type { ClusterControl, ClusterSubject } from '../cluster-subject.js';
import type { CommandLine } from './command-line.js';
import type { Program } from './component.js';

/** What a rule says of one command line; null: nothing is wrong. */
type FlagVerdict = { fault: string } | { undecided: string } | { forPerson: string } | null;

export type FlagRule = (line: CommandLine, subject: ClusterSubject) => FlagVerdict;

type Words = Pick<ClusterControl, 'id' | 'title' | 'problem' | 'severity'>;

/** A control over how a program of the control plane is started. @param set the flag that makes it pass */
export function flagControl(program: Program, set: string, words: Words, rule: FlagRule): ClusterControl {
  const [flag] = set.split('=', 1);
  return {
    ...words,
    looksAt: `\`${flag}\` of ${program}, in its pods of kube-system`,
    remediation: `Start ${program} with ${set}: in its manifest, /etc/kubernetes/manifests/${program}.yaml, it is a word of spec.containers[0].command.`,
    opens: 'misconfiguration',
    restsOn: ['pods'],
    judge: (subject) => verdictOf(program, rule, subject),
  };
}

/** Why nothing can be said of a control plane that is not seen. */
function unseen(program: Program, { facts: { managedBy } }: ClusterSubject): Verdict {
  if (managedBy !== null && managedBy !== 'openshift') {
    return notApplicable(`${MANAGERS[managedBy]} runs ${program}, and its users cannot set it.`);
  }
  return undetermined(`No pod of ${program} is among the pods of kube-system: how it was started is not known.`);
}

export const MANAGERS: Record<ManagedBy, string> = {
  eks: 'Amazon EKS',
  gke: 'Google GKE',
  aks: 'Azure AKS',
  doks: 'DigitalOcean Kubernetes',
  oke: 'Oracle OKE',
  iks: 'IBM Cloud Kubernetes Service',
  ack: 'Alibaba Cloud ACK',
  openshift: 'OpenShift',
};

export function mustBe(flag: string, wanted: boolean, byDefault: boolean): FlagRule {
  return (line) => {
    if (!line.has(flag)) return byDefault === wanted ? null : { fault: `--${flag} is not set, and ${byDefault} then` };
    const value = line.value(flag);
    return line.boolean(flag) === wanted ? null : { fault: value ? `--${flag}=${value}` : `--${flag}` };
  };
}

export function mustBeGiven(...flags: string[]): FlagRule {
  return (line) => {
    const missing = flags.filter((flag) => !line.value(flag));
    return missing.length === 0 ? null : { fault: `${missing.map((flag) => `--${flag}`).join(', ')} not set` };
  };
}

export function mustNotBeGiven(flag: string): FlagRule {
  return (line) => (line.value(flag) ? { fault: `--${flag}=${line.value(flag)}` } : null);
}

export function mustHave(flag: string, item: string): FlagRule {
  return (line) => {
    const list = line.list(flag);
    if (list?.includes(item)) return null;
    return { fault: list === null ? `--${flag} is not set` : `--${flag}=${list.join(',')}` };
  };
}

export function mustLack(flag: string, item: string): FlagRule {
  return (line) => {
    const list = line.list(flag);
    return list?.includes(item) ? { fault: `--${flag}=${list.join(',')}` } : null;
  };
}

export function mustBeAtLeast(flag: string, least: number): FlagRule {
  return (line) => {
    const value = line.value(flag);
    if (value === null) return { fault: `--${flag} is not set` };
    return /^\d+$/.test(value) && Number(value) >= least ? null : { fault: `--${flag}=${value}` };
  };
}

/** Where another flag names a file that may set it too, and that is not among the facts. */
export function unlessFile(file: string, rule: FlagRule): FlagRule {
  return (line, subject) => {
    const verdict = rule(line, subject);
    if (verdict === null || !line.has(file)) return verdict;
    return { undecided: `--${file}=${line.value(file)} names a file that may set it, and that is not known.` };
  };
}

function verdictOf(program: Program, rule: FlagRule, subject: ClusterSubject): Verdict {
  const components = subject.controlPlane[program];
  if (components.length === 0) return unseen(program, subject);
  const evidence: Evidence[] = [];
  const undecided: string[] = [];
  const forPerson: Evidence[] = [];
  for (const { resource, path, line } of components) {
    // OpenShift, and tests of Kubernetes, start it by a file that has everything.
    const verdict = unlessFile('openshift-config', rule)(line, subject);
    if (verdict === null) continue;
    if ('fault' in verdict) evidence.push({ resource, path, value: verdict.fault });
    else if ('undecided' in verdict) undecided.push(verdict.undecided);
    else forPerson.push({ resource, path, value: verdict.forPerson });
  }
  const [first] = undecided;
  if (evidence.length === 0 && first !== undefined) return undetermined(first);
  if (evidence.length === 0 && forPerson.length > 0) return manual('It is for a person to say.', forPerson);
  return failIfAny(
    evidence,
    (count) => `${counted(count, 'pod')} of ${components.length} with ${program} fail.`,
    `${counted(components.length, 'pod')} with ${program}: each is started so.`,
  );
}
