import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { Namespace } from '../../../../model/cluster/governance.js';
import type { Evidence } from '../../../../model/control.js';
import { counted, fail, failIfAny, manual, notApplicable, pass } from '../../control.js';
import { ifKnown, known } from '../../host/host-subject.js';
import type { ClusterControl, ClusterSubject } from '../cluster-subject.js';

const NAMESPACE = {
  opens: 'misconfiguration',
  eachResource: true,
  restsOn: ['namespaces'],
} satisfies Partial<ClusterControl>;

/** Kubernetes' own, whose pods may need what others must not have. */
const SYSTEM = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** Policies of these kinds are over pods of every namespace; whom they select is for who judges reachability. */
const CLUSTER_WIDE = new Set([
  'CiliumClusterwideNetworkPolicy',
  'GlobalNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
]);

/** Plug-ins of the network, by words in the names of what runs in kube-system and elsewhere. */
const ENFORCING =
  /calico|cilium|antrea|weave-net|kube-router|ovn|canal|romana|contiv|azure-npm|aws-network-policy-agent|kube-ovn|netd|anetd/;
const NOT_ENFORCING = /flannel/;

/** What holds for all pods of a namespace. */
export const NAMESPACE_CONTROLS: ClusterControl[] = [
  {
    ...NAMESPACE,
    id: 'namespace-network-policies',
    title: 'Every namespace has network policies',
    problem: 'A namespace has no network policy',
    severity: 'medium',
    looksAt:
      'NetworkPolicies, and those of Cilium and Calico, of each namespace that has pods or is not Kubernetes’ own',
    remediation:
      'Begin with one that lets nothing in: {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: default-deny, namespace: NAMESPACE}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}.',
    restsOn: ['namespaces', 'networkPolicies', 'vendorPolicies'],
    judge: (subject) => {
      const vendor = known(subject.facts.vendorPolicies);
      const having = new Set([...known(subject.facts.networkPolicies), ...vendor].map(({ namespace }) => namespace));
      const inhabited = new Set(subject.workloads.map(({ namespace }) => namespace));
      const asked = known(subject.facts.namespaces).filter(({ name }) => !SYSTEM.has(name) || inhabited.has(name));
      const evidence = asked
        .filter(({ name }) => !having.has(name))
        .map((each) => of(each, 'spec', 'no NetworkPolicy'));
      const wide = vendor.find(({ kind }) => CLUSTER_WIDE.has(kind));
      if (evidence.length > 0 && wide) {
        return manual(
          `Whether ${resourceName(wide)} and others like it isolate these is for a person to say.`,
          evidence,
        );
      }
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'namespace')} of ${asked.length} ${count === 1 ? 'has' : 'have'} none.`,
        `${counted(asked.length, 'namespace')}: each has one.`,
      );
    },
  },
  {
    opens: 'misconfiguration',
    restsOn: ['pods', 'workloads'],
    judgedInPart: true,
    id: 'network-policies-enforced',
    title: 'The network heeds network policies',
    problem: 'The network does not heed network policies',
    severity: 'high',
    looksAt: 'the names of DaemonSets and of the images that they run',
    remediation: 'Use a network plug-in that heeds network policies, as Cilium, Calico or Antrea.',
    judge: ({ workloads }) => {
      const names = workloads.flatMap(({ kind, name, views: [view] }) =>
        kind === 'DaemonSet' ? [name, ...(view?.containers.map(({ container }) => container.image ?? '') ?? [])] : [],
      );
      const enforcing = names.find((name) => ENFORCING.test(name));
      if (enforcing !== undefined) return pass(`${enforcing} heeds them.`);
      const idle = names.find((name) => NOT_ENFORCING.test(name));
      if (idle !== undefined) return fail('Flannel alone heeds none.', [{ resource: null, path: null, value: idle }]);
      return manual('Which plug-in the network has is not known: see whether it heeds network policies.');
    },
  },
  governed(
    'namespace-resource-quota',
    'Every namespace has a limit of what it takes',
    'A namespace may take everything',
    'resourceQuotas',
    'ResourceQuota',
    'kubectl create quota NAME -n NAMESPACE --hard=cpu=10,memory=20Gi,pods=50',
  ),
  governed(
    'namespace-limit-range',
    'Every namespace has limits for containers that have none',
    'A namespace has no limits for containers that have none',
    'limitRanges',
    'LimitRange',
    '{apiVersion: v1, kind: LimitRange, metadata: {name: defaults, namespace: NAMESPACE}, spec: {limits: [{type: Container, default: {memory: 256Mi, cpu: 500m}}]}}',
  ),
  {
    ...NAMESPACE,
    id: 'namespace-pod-security',
    title: 'Pod Security is enforced in every namespace',
    problem: 'Pod Security is not enforced in a namespace',
    severity: 'medium',
    looksAt: `the label \`${ENFORCE}\` of namespaces, but for Kubernetes’ own`,
    remediation: `kubectl label namespace NAMESPACE ${ENFORCE}=baseline; restricted where its pods allow it.`,
    judge: ({ facts }) => {
      const asked = known(facts.namespaces).filter(({ name }) => !SYSTEM.has(name));
      if (asked.length === 0) return notApplicable('There is no namespace but Kubernetes’ own.');
      const evidence = asked
        .filter(({ labels }) => !isEnforced(labels[ENFORCE]))
        .map((each) => of(each, `metadata.labels[${ENFORCE}]`, each.labels[ENFORCE] ?? 'not set'));
      return failIfAny(
        evidence,
        (count) =>
          `${counted(count, 'namespace')} of ${asked.length} ${count === 1 ? 'enforces' : 'enforce'} no profile.`,
        `${counted(asked.length, 'namespace')}: each enforces one.`,
      );
    },
  },
];

/** A namespace that misspells its profile is enforced as if it were restricted: by Kubernetes, not by who reads it. */
function isEnforced(profile: string | undefined): boolean {
  return profile === 'baseline' || profile === 'restricted';
}

function of(namespace: Namespace, path: string, value: string): Evidence {
  return { resource: resourceName(namespace), path, value };
}

function governed(
  id: string,
  title: string,
  problem: string,
  fact: 'resourceQuotas' | 'limitRanges',
  kind: string,
  remediation: string,
): ClusterControl {
  return {
    ...NAMESPACE,
    id,
    title,
    problem,
    severity: 'low',
    looksAt: `${kind}s of each namespace, but for Kubernetes’ own`,
    remediation,
    restsOn: ['namespaces', fact],
    judge: ({ facts }: ClusterSubject) => {
      const having = new Set(
        (ifKnown<readonly { namespace: string | null }[]>(facts[fact]) ?? []).map(({ namespace }) => namespace),
      );
      const asked = known(facts.namespaces).filter(({ name }) => !SYSTEM.has(name));
      const evidence = asked.filter(({ name }) => !having.has(name)).map((each) => of(each, 'spec', `no ${kind}`));
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'namespace')} of ${asked.length} ${count === 1 ? 'has' : 'have'} none.`,
        `${counted(asked.length, 'namespace')}: each has one.`,
      );
    },
  };
}
