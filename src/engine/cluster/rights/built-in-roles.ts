import type { PolicyRule, Role } from '../../../model/cluster/rights.js';

/**
 * The roles that every cluster has for its users, for facts that do not hold them, as manifests: of Kubernetes 1.34, as
 * far as they concern the rights that are judged (https://kubernetes.io/docs/reference/access-authn-authz/rbac/).
 */
export function builtInRoles(): Role[] {
  return [
    clusterRole('cluster-admin', [
      rule(['*'], ['*'], ['*']),
      { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
    ]),
    clusterRole('admin', [...VIEW, ...EDIT, ...ADMIN], 'admin'),
    clusterRole('edit', [...VIEW, ...EDIT], 'edit'),
    clusterRole('view', VIEW, 'view'),
  ];
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const VIEW: PolicyRule[] = [
  rule(READ, [''], ['configmaps', 'endpoints', 'persistentvolumeclaims', 'pods', 'pods/log', 'pods/status']),
  rule(READ, [''], ['replicationcontrollers', 'serviceaccounts', 'services', 'events', 'namespaces', 'resourcequotas']),
  rule(READ, ['apps'], ['daemonsets', 'deployments', 'replicasets', 'statefulsets']),
  rule(READ, ['batch'], ['cronjobs', 'jobs']),
  rule(READ, ['networking.k8s.io'], ['ingresses', 'networkpolicies']),
];

const EDIT: PolicyRule[] = [
  rule(READ, [''], ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy']),
  rule(['impersonate'], [''], ['serviceaccounts']),
  rule(WRITE, [''], ['pods', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy']),
  rule(['create'], [''], ['pods/eviction', 'serviceaccounts/token']),
  rule(WRITE, [''], ['configmaps', 'persistentvolumeclaims', 'replicationcontrollers', 'secrets', 'serviceaccounts']),
  rule(WRITE, [''], ['replicationcontrollers/scale', 'services', 'services/proxy']),
  rule(WRITE, ['apps'], ['daemonsets', 'deployments', 'replicasets', 'statefulsets']),
  rule(WRITE, ['batch'], ['cronjobs', 'jobs']),
  rule(WRITE, ['networking.k8s.io'], ['ingresses', 'networkpolicies']),
];

const ADMIN: PolicyRule[] = [
  rule(['create'], ['authorization.k8s.io'], ['localsubjectaccessreviews']),
  rule([...READ, ...WRITE], ['rbac.authorization.k8s.io'], ['rolebindings', 'roles']),
];

function rule(verbs: string[], apiGroups: string[], resources: string[]): PolicyRule {
  return { verbs, apiGroups, resources, resourceNames: [], nonResourceURLs: [] };
}

function clusterRole(name: string, rules: PolicyRule[], aggregatedTo: string | null = null): Role {
  const matchLabels = { [`rbac.authorization.k8s.io/aggregate-to-${aggregatedTo}`]: 'true' };
  return {
    kind: 'ClusterRole',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    name,
    namespace: null,
    uid: null,
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
    annotations: {},
    owners: [],
    createdAt: null,
    origin: null,
    rules,
    isAggregated: aggregatedTo !== null,
    aggregates: aggregatedTo === null ? [] : [{ matchLabels, matchExpressions: [] }],
  };
}
