import type { PolicyRule, Role, RoleBinding, ServiceAccount, Subject } from '../../src/model/cluster/rights.js';
import { clusterObject } from './cluster-facts.js';

/** `rule('get list', 'pods,secrets')`, of the core group where none is said. */
export function rule(verbs: string, resources: string, of: Partial<PolicyRule> = {}): PolicyRule {
  return {
    verbs: verbs.split(' '),
    apiGroups: [''],
    resources: resources.split(','),
    resourceNames: [],
    nonResourceURLs: [],
    ...of,
  };
}

/** A ClusterRole where no namespace is said. */
export function role(name: string, rules: PolicyRule[], of: Partial<Role> = {}): Role {
  const namespace = of.namespace ?? null;
  const kind = namespace === null ? 'ClusterRole' : 'Role';
  return { ...clusterObject(kind, name, { namespace }), rules, isAggregated: false, aggregates: [], ...of };
}

/** Binds a ClusterRole, everywhere where no namespace is said: `binding('edit', ['ServiceAccount/shop/web'], 'shop')`. */
export function binding(roleName: string, subjects: string[], namespace: string | null = null): RoleBinding {
  const kind = namespace === null ? 'ClusterRoleBinding' : 'RoleBinding';
  const [roleKind, name] = roleName.includes('/')
    ? (roleName.split('/') as ['Role', string])
    : ['ClusterRole' as const, roleName];
  return {
    ...clusterObject(kind, `${name}-to-${subjects.map((subject) => subject.split('/').at(-1)).join('-')}`, {
      namespace,
    }),
    role: { kind: roleKind, name },
    subjects: subjects.map(subject),
  };
}

export function account(namespace: string, name: string, of: Partial<ServiceAccount> = {}): ServiceAccount {
  const more = { automountServiceAccountToken: null, secrets: [], imagePullSecrets: [] };
  return { ...clusterObject('ServiceAccount', name, { namespace }), ...more, ...of };
}

function subject(text: string): Subject {
  const [kind, first = '', second] = text.split('/') as ['ServiceAccount' | 'User' | 'Group', string?, string?];
  return second === undefined ? { kind, name: first, namespace: null } : { kind, name: second, namespace: first };
}
