import type { ClusterFact } from '../../../../model/cluster/cluster-facts.js';
import { type ClusterObject, resourceName } from '../../../../model/cluster/cluster-object.js';
import type { Evidence } from '../../../../model/control.js';
import type { Severity } from '../../../../model/severity.js';
import { counted, failIfAny, notApplicable, undetermined, type Verdict } from '../../control.js';
import { ifKnown } from '../../host/host-subject.js';
import type { ClusterControl, ClusterSubject } from '../cluster-subject.js';
import type { Expression, Variables } from './expression.js';
import { otherObject, podObject } from './kubernetes-object.js';

/** Kinds of objects that expressions are about, and the facts that they are among. */
export const KINDS: Record<string, ClusterFact> = {
  Pod: 'pods',
  Deployment: 'workloads',
  ReplicaSet: 'workloads',
  StatefulSet: 'workloads',
  DaemonSet: 'workloads',
  Job: 'workloads',
  CronJob: 'workloads',
  ReplicationController: 'workloads',
  PodTemplate: 'workloads',
  Namespace: 'namespaces',
  Node: 'nodes',
  ServiceAccount: 'serviceAccounts',
  Role: 'roles',
  ClusterRole: 'roles',
  RoleBinding: 'roleBindings',
  ClusterRoleBinding: 'roleBindings',
  NetworkPolicy: 'networkPolicies',
  Service: 'services',
  Ingress: 'routes',
  HTTPRoute: 'routes',
  Gateway: 'gateways',
  Secret: 'secrets',
  ConfigMap: 'configMaps',
  ResourceQuota: 'resourceQuotas',
  LimitRange: 'limitRanges',
  PodDisruptionBudget: 'disruptionBudgets',
  StorageClass: 'storageClasses',
  PersistentVolume: 'persistentVolumes',
  ValidatingWebhookConfiguration: 'webhooks',
  MutatingWebhookConfiguration: 'webhooks',
  ValidatingAdmissionPolicy: 'admissionPolicies',
};

export interface CustomControl {
  id: string;
  title: string;
  severity: Severity;
  /** Of `KINDS`. */
  kinds: readonly string[];
  expression: Expression;
  /** Its text, for the documentation. */
  text: string;
  message: string;
  remediation: string;
}

/** Milliseconds for all objects of one control. */
const TIME = 1_000;

/** An operator's own control: an object fails where the expression is false of it; where it errs, nothing is decided. */
export function customControl(
  { id, title, severity, kinds, expression, text, message, remediation }: CustomControl,
  time = TIME,
): ClusterControl {
  return {
    id,
    title,
    problem: message,
    severity,
    looksAt: `${kinds.join(', ')}: \`${text}\``,
    remediation,
    opens: 'misconfiguration',
    eachResource: true,
    restsOn: [...new Set(kinds.flatMap((kind) => KINDS[kind] ?? []))],
    judgedInPart: true,
    judge: (subject) => verdictOf(expression, objectsOf(kinds, subject), message, time),
  };
}

interface Judgeable {
  /** What a finding is about: a pod's workload. */
  resource: string;
  name: string;
  variables: Variables;
}

function verdictOf(expression: Expression, objects: readonly Judgeable[], message: string, time: number): Verdict {
  if (objects.length === 0) return notApplicable('There is no object of these kinds.');
  const { answers, isCut } = expression.judge(
    objects.map(({ variables }) => variables),
    time,
  );
  const evidence = objects.flatMap(({ resource, name }, i): Evidence[] =>
    answers[i] === false ? [{ resource, path: name === resource ? null : name, value: message }] : [],
  );
  if (evidence.length > 0) {
    return failIfAny(evidence, (count) => `${counted(count, 'object')} of ${objects.length} fail.`, '');
  }
  if (isCut) {
    return undetermined(
      `The expression was stopped after ${time} ms, at ${objects[answers.length]?.name ?? 'the last'}.`,
    );
  }
  for (const [i, answer] of answers.entries()) {
    if (typeof answer === 'object') return undetermined(`${objects[i]?.name}: ${answer.error}.`);
  }
  return failIfAny([], () => '', `${counted(objects.length, 'object')}: each is as it should be.`);
}

function objectsOf(kinds: readonly string[], subject: ClusterSubject): Judgeable[] {
  const wanted = new Set(kinds);
  const facts = new Set(kinds.flatMap((kind) => KINDS[kind] ?? []));
  return [...facts].flatMap((fact): Judgeable[] => {
    if (fact === 'pods') return podsOf(subject);
    if (fact === 'workloads') {
      const all = ifKnown(subject.facts.workloads) ?? [];
      return all.filter(({ kind }) => wanted.has(kind)).map((each) => judgeable(each, podObject(each)));
    }
    const all = listOf(subject, fact).filter(({ kind }) => wanted.has(kind));
    return all.map((each) => judgeable(each, otherObject(each)));
  });
}

/** Pods by what made them, so that replicas are one finding. */
function podsOf({ workloads }: ClusterSubject): Judgeable[] {
  return workloads.flatMap(({ resource, pods }) =>
    pods.map((pod) => ({ ...judgeable(pod, podObject(pod)), resource })),
  );
}

function judgeable(object: ClusterObject, variables: Variables): Judgeable {
  const name = resourceName(object);
  return { resource: name, name, variables };
}

function listOf({ facts }: ClusterSubject, fact: ClusterFact): readonly ClusterObject[] {
  const { [fact]: list } = facts;
  if (!list.known || !Array.isArray(list.value)) return [];
  return list.value.filter((each): each is (typeof list.value)[number] & ClusterObject => 'kind' in each);
}
