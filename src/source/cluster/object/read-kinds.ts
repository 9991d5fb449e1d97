import type { ClusterFact, ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import type { ClusterObject } from '../../../model/cluster/cluster-object.js';
import type { Fields } from './fields.js';
import {
  admissionBindingOf,
  admissionPolicyOf,
  configMapOf,
  disruptionBudgetOf,
  limitRangeOf,
  namespaceOf,
  persistentVolumeOf,
  resourceQuotaOf,
  secretOf,
  storageClassOf,
  webhooksOf,
} from './governance.js';
import type { ReadContext } from './metadata.js';
import { networkPolicyOf, vendorPolicyOf } from './network-policies.js';
import { nodeOf } from './nodes.js';
import { podOf, workloadOf } from './pods.js';
import { certificateRequestOf, roleBindingOf, roleOf, serviceAccountOf } from './rights.js';
import { gatewayOf, gatewayRouteOf, ingressOf, openShiftRouteOf, serviceOf } from './routes.js';

/** The lists of facts that are made of objects; kubelets and the server's version are asked for otherwise. */
export type ObjectList = Exclude<ClusterFact, 'server' | 'kubelets'>;

type ListItem<List extends ObjectList> = Extract<ClusterFacts[List], { known: true }>['value'][number];

/** A kind of Kubernetes objects that is read. */
export interface ReadKind<List extends ObjectList = ObjectList> {
  list: List;
  /** As Kubernetes calls it. */
  kind: string;
  /** API groups that serve it or served it, the one of today first; the core group is empty. */
  groups: readonly string[];
  /** In paths of the API and in rights. */
  resource: string;
  /** Versions that are asked for, newest first. */
  versions: readonly string[];
  /**
   * Whether its list is whole without this kind: its API comes with an extension, or nothing that controls ask for rests on
   * there being one.
   */
  isOptional: boolean;
  read(object: Fields, context: ReadContext): ListItem<List>;
}

const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'] as const;
const RBAC = ['rbac.authorization.k8s.io'];
const CALICO = ['projectcalico.org', 'crd.projectcalico.org'];
const ADMISSION = ['admissionregistration.k8s.io'];

/** All kinds that are read. */
export const READ_KINDS: readonly ReadKind[] = [
  kind('namespaces', 'Namespace', [''], (o, c) => namespaceOf(o, 'Namespace', c)),
  kind('nodes', 'Node', [''], (o, c) => nodeOf(o, 'Node', c)),
  kind('pods', 'Pod', [''], (o, c) => podOf(o, 'Pod', c)),
  kind('workloads', 'Deployment', ['apps', 'extensions'], (o, c) => workloadOf(o, 'Deployment', c)),
  kind('workloads', 'ReplicaSet', ['apps', 'extensions'], (o, c) => workloadOf(o, 'ReplicaSet', c)),
  kind('workloads', 'StatefulSet', ['apps'], (o, c) => workloadOf(o, 'StatefulSet', c)),
  kind('workloads', 'DaemonSet', ['apps', 'extensions'], (o, c) => workloadOf(o, 'DaemonSet', c)),
  kind('workloads', 'Job', ['batch'], (o, c) => workloadOf(o, 'Job', c)),
  kind('workloads', 'CronJob', ['batch'], (o, c) => workloadOf(o, 'CronJob', c), { versions: ['v1', 'v1beta1'] }),
  kind('workloads', 'ReplicationController', [''], (o, c) => workloadOf(o, 'ReplicationController', c)),
  kind('workloads', 'PodTemplate', [''], (o, c) => workloadOf(o, 'PodTemplate', c), { isOptional: true }),
  kind('workloads', 'DeploymentConfig', ['apps.openshift.io'], (o, c) => workloadOf(o, 'DeploymentConfig', c), {
    isOptional: true,
  }),
  kind('serviceAccounts', 'ServiceAccount', [''], (o, c) => serviceAccountOf(o, 'ServiceAccount', c)),
  kind('roles', 'Role', RBAC, (o, c) => roleOf(o, 'Role', c)),
  kind('roles', 'ClusterRole', RBAC, (o, c) => roleOf(o, 'ClusterRole', c)),
  kind('roleBindings', 'RoleBinding', RBAC, (o, c) => roleBindingOf(o, 'RoleBinding', c)),
  kind('roleBindings', 'ClusterRoleBinding', RBAC, (o, c) => roleBindingOf(o, 'ClusterRoleBinding', c)),
  kind('certificateRequests', 'CertificateSigningRequest', ['certificates.k8s.io'], (o, c) =>
    certificateRequestOf(o, 'CertificateSigningRequest', c),
  ),
  kind('networkPolicies', 'NetworkPolicy', ['networking.k8s.io', 'extensions'], (o, c) =>
    networkPolicyOf(o, 'NetworkPolicy', c),
  ),
  ...(['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const).map((name) =>
    kind('vendorPolicies', name, ['cilium.io'], (o, c) => vendorPolicyOf(o, name, c), {
      versions: ['v2'],
      resource: name === 'CiliumNetworkPolicy' ? 'ciliumnetworkpolicies' : 'ciliumclusterwidenetworkpolicies',
      isOptional: true,
    }),
  ),
  // Calico calls its own NetworkPolicy as Kubernetes does.
  kind('vendorPolicies', 'NetworkPolicy', CALICO, (o, c) => vendorPolicyOf(o, 'CalicoNetworkPolicy', c), {
    isOptional: true,
  }),
  kind('vendorPolicies', 'GlobalNetworkPolicy', CALICO, (o, c) => vendorPolicyOf(o, 'GlobalNetworkPolicy', c), {
    isOptional: true,
  }),
  ...(['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'] as const).map((name) =>
    kind('vendorPolicies', name, ['policy.networking.k8s.io'], (o, c) => vendorPolicyOf(o, name, c), {
      versions: ['v1alpha1'],
      isOptional: true,
    }),
  ),
  kind('services', 'Service', [''], (o, c) => serviceOf(o, 'Service', c)),
  kind('routes', 'Ingress', ['networking.k8s.io', 'extensions'], (o, c) => ingressOf(o, 'Ingress', c), {
    versions: ['v1', 'v1beta1'],
    resource: 'ingresses',
  }),
  ...ROUTES.map((name) =>
    kind('routes', name, ['gateway.networking.k8s.io'], (o, c) => gatewayRouteOf(o, name, c), {
      versions: ['v1', 'v1beta1', 'v1alpha2'],
      isOptional: true,
    }),
  ),
  kind('routes', 'Route', ['route.openshift.io', ''], (o, c) => openShiftRouteOf(o, 'OpenShiftRoute', c), {
    isOptional: true,
  }),
  kind('gateways', 'Gateway', ['gateway.networking.k8s.io'], (o, c) => gatewayOf(o, 'Gateway', c), {
    versions: ['v1', 'v1beta1'],
    isOptional: true,
  }),
  kind('secrets', 'Secret', [''], (o, c) => secretOf(o, 'Secret', c)),
  kind('configMaps', 'ConfigMap', [''], (o, c) => configMapOf(o, 'ConfigMap', c)),
  kind('resourceQuotas', 'ResourceQuota', [''], (o, c) => resourceQuotaOf(o, 'ResourceQuota', c)),
  kind('limitRanges', 'LimitRange', [''], (o, c) => limitRangeOf(o, 'LimitRange', c)),
  kind(
    'disruptionBudgets',
    'PodDisruptionBudget',
    ['policy'],
    (o, c) => disruptionBudgetOf(o, 'PodDisruptionBudget', c),
    {
      versions: ['v1', 'v1beta1'],
    },
  ),
  kind('storageClasses', 'StorageClass', ['storage.k8s.io'], (o, c) => storageClassOf(o, 'StorageClass', c), {
    resource: 'storageclasses',
  }),
  kind('persistentVolumes', 'PersistentVolume', [''], (o, c) => persistentVolumeOf(o, 'PersistentVolume', c)),
  ...(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const).map((name) =>
    kind('webhooks', name, ADMISSION, (o, c) => webhooksOf(o, name, c)),
  ),
  kind(
    'admissionPolicies',
    'ValidatingAdmissionPolicy',
    ADMISSION,
    (o, c) => admissionPolicyOf(o, 'ValidatingAdmissionPolicy', c),
    { versions: ['v1', 'v1beta1'], resource: 'validatingadmissionpolicies' },
  ),
  kind(
    'admissionBindings',
    'ValidatingAdmissionPolicyBinding',
    ADMISSION,
    (o, c) => admissionBindingOf(o, 'ValidatingAdmissionPolicyBinding', c),
    { versions: ['v1', 'v1beta1'] },
  ),
];

const BY_NAME = new Map(
  READ_KINDS.flatMap((read) => read.groups.map((group) => [`${group}/${read.kind}`, read] as const)),
);

/** How an object of this API version and kind is read; null for a kind that is not. */
export function readKindOf(apiVersion: string, kind: string): ReadKind | null {
  const slash = apiVersion.indexOf('/');
  return BY_NAME.get(`${slash < 0 ? '' : apiVersion.slice(0, slash)}/${kind}`) ?? null;
}

/** The kinds that a list is made of. */
export function kindsOf(list: ObjectList): ReadKind[] {
  return READ_KINDS.filter((read) => read.list === list);
}

export const OBJECT_LISTS: readonly ObjectList[] = [...new Set(READ_KINDS.map(({ list }) => list))];

/** Each object by namespace, name and kind. */
export function byName(a: ClusterObject, b: ClusterObject): number {
  return (
    compare(a.namespace ?? '', b.namespace ?? '') ||
    compare(a.name, b.name) ||
    compare(a.kind, b.kind) ||
    compare(a.origin ?? '', b.origin ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function kind<List extends ObjectList>(
  list: List,
  name: string,
  groups: readonly string[],
  read: ReadKind<List>['read'],
  rest: Partial<Pick<ReadKind, 'versions' | 'resource' | 'isOptional'>> = {},
): ReadKind<List> {
  return {
    list,
    kind: name,
    groups,
    versions: groups.includes('crd.projectcalico.org') ? ['v3', 'v1'] : ['v1'],
    resource: pluralOf(name),
    isOptional: false,
    read,
    ...rest,
  };
}

function pluralOf(name: string): string {
  const lower = name.toLowerCase();
  if (lower.endsWith('policy')) return `${lower.slice(0, -1)}ies`;
  return lower.endsWith('s') ? `${lower}es` : `${lower}s`;
}
