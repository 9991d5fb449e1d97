import { describe, expect, it } from 'vitest';
import { clusterFacts, clusterObject } from '../../../../../test/support/cluster-facts.js';
import { resultOf } from '../../../../../test/support/cluster-judgement.js';
import type { PolicyRule, Role, RoleBinding, Subject } from '../../../../model/cluster/rights.js';

const BUILT_IN = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const rule = (verbs: string[], resources: string[], apiGroups = [''], resourceNames: string[] = []): PolicyRule => {
  return { verbs, apiGroups, resources, resourceNames, nonResourceURLs: [] };
};
const clusterRole = (name: string, rules: PolicyRule[], labels: Record<string, string> = {}): Role => {
  return {
    ...clusterObject('ClusterRole', name, { namespace: null, labels }),
    rules,
    isAggregated: false,
    aggregates: [],
  };
};
const WEB: Subject = { kind: 'ServiceAccount', name: 'web', namespace: 'shop' };
const group = (name: string): Subject => ({ kind: 'Group', name, namespace: null });
const bind = (name: string, role: string, subjects: Subject[], labels: Record<string, string> = {}): RoleBinding => {
  const object = clusterObject('ClusterRoleBinding', name, { namespace: null, labels });
  return { ...object, role: { kind: 'ClusterRole', name: role }, subjects };
};
const granted = (id: string, ...rules: PolicyRule[]) =>
  resultOf(id, clusterFacts({ roles: [clusterRole('r', rules)], roleBindings: [bind('b', 'r', [WEB])] }));
const bound = (id: string, ...roleBindings: RoleBinding[]) => resultOf(id, clusterFacts({ roleBindings })).status;

describe('controls over rights', () => {
  it.each<[string, PolicyRule, PolicyRule]>([
    ['rbac-no-secrets', rule(['list'], ['secrets']), rule(['get'], ['secrets'], [''], ['one'])],
    ['rbac-no-secrets', rule(['*'], ['*'], ['*']), rule(['get'], ['secrets'], ['example.com'])],
    ['rbac-no-pod-creation', rule(['create'], ['pods']), rule(['get'], ['pods'])],
    ['rbac-no-pod-exec', rule(['create'], ['pods/exec']), rule(['create'], ['pods/log'])],
    ['rbac-no-pod-exec', rule(['create'], ['*/exec']), rule(['list'], ['pods/exec'])],
    ['rbac-no-pod-exec', rule(['get'], ['pods/attach']), rule(['get'], ['pods'])],
    [
      'rbac-no-escalation',
      rule(['bind'], ['clusterroles'], ['rbac.authorization.k8s.io'], ['admin']),
      rule(['create'], ['clusterroles'], ['rbac.authorization.k8s.io']),
    ],
    ['rbac-no-escalation', rule(['impersonate'], ['users']), rule(['impersonate'], ['pods'])],
    [
      'rbac-no-persistent-volumes',
      rule(['create'], ['persistentvolumes']),
      rule(['create'], ['persistentvolumeclaims']),
    ],
    ['rbac-no-node-proxy', rule(['get'], ['nodes/proxy'], [''], ['n1']), rule(['get'], ['nodes'])],
    [
      'rbac-no-certificate-approval',
      rule(['update'], ['certificatesigningrequests/approval'], ['certificates.k8s.io']),
      rule(['create'], ['certificatesigningrequests'], ['certificates.k8s.io']),
    ],
    [
      'rbac-no-webhook-configuration',
      rule(['patch'], ['mutatingwebhookconfigurations'], ['admissionregistration.k8s.io'], ['w']),
      rule(['get'], ['mutatingwebhookconfigurations'], ['admissionregistration.k8s.io']),
    ],
    ['rbac-no-token-creation', rule(['create'], ['serviceaccounts/token']), rule(['create'], ['serviceaccounts'])],
  ])('%s fails with %j, and passes with %j', (id, bad, good) => {
    expect(granted(id, bad).status).toBe('fail');
    expect(granted(id, good).status).toBe('pass');
  });

  it('show the binding, whom it is for, and the rule', () => {
    expect(granted('rbac-no-secrets', rule(['get'], ['pods']), rule(['list'], ['secrets'])).evidence).toEqual([
      {
        resource: 'ClusterRoleBinding/b',
        path: 'roleRef.name',
        value: 'ServiceAccount/shop/web by ClusterRole r rules[1]: list of secrets',
      },
    ]);
  });

  it('know that a RoleBinding gives nothing that is in no namespace', () => {
    const inShop = { ...bind('b', 'r', [WEB]), kind: 'RoleBinding' as const, namespace: 'shop' };
    const roles = [clusterRole('r', [rule(['*'], ['*'], ['*'])])];
    const status = (id: string) => resultOf(id, clusterFacts({ roles, roleBindings: [inShop] })).status;
    expect(status('rbac-no-node-proxy')).toBe('pass');
    expect(status('rbac-no-secrets')).toBe('fail');
  });

  it('ask nothing of what binds a role that is not there, or nobody', () => {
    const all = [rule(['*'], ['*'], ['*'])];
    const facts = { roles: [clusterRole('r', all)], roleBindings: [bind('b', 'gone', [WEB]), bind('c', 'r', [])] };
    expect(resultOf('rbac-no-secrets', clusterFacts(facts)).status).toBe('pass');
  });

  it('know Kubernetes’ own parts, and who was added to their bindings', () => {
    const roles = [clusterRole('system:x', [rule(['*'], ['*'], ['*'])], BUILT_IN)];
    const manager: Subject = { kind: 'User', name: 'system:kube-controller-manager', namespace: null };
    const status = (...subjects: Subject[]) =>
      resultOf(
        'rbac-no-secrets',
        clusterFacts({ roles, roleBindings: [bind('system:x', 'system:x', subjects, BUILT_IN)] }),
      ).status;
    expect(status(manager, group('system:masters'))).toBe('pass');
    expect(status(manager, WEB)).toBe('fail');
    expect(status(group('system:authenticated'))).toBe('fail');
  });

  it('find stars in roles, but for those that Kubernetes makes', () => {
    const of = (role: Role) => resultOf('rbac-no-wildcards', clusterFacts({ roles: [role] })).status;
    expect(of(clusterRole('r', [rule(['get'], ['*'])]))).toBe('fail');
    expect(of(clusterRole('r', [rule(['get'], ['pods/*'])]))).toBe('pass');
    expect(of(clusterRole('cluster-admin', [rule(['*'], ['*'])], BUILT_IN))).toBe('pass');
    expect(of(clusterRole('mine', [rule(['*'], ['*'])], BUILT_IN))).toBe('fail');
  });

  it('judge subjects of bindings', () => {
    const masters = group('system:masters');
    expect(bound('rbac-no-cluster-admin', bind('cluster-admin', 'cluster-admin', [masters], BUILT_IN))).toBe('pass');
    expect(bound('rbac-no-cluster-admin', bind('b', 'cluster-admin', [WEB]))).toBe('fail');
    expect(bound('rbac-no-system-masters', bind('cluster-admin', 'cluster-admin', [masters], BUILT_IN))).toBe('pass');
    expect(bound('rbac-no-system-masters', bind('b', 'view', [masters]))).toBe('fail');
    const anonymous = group('system:unauthenticated');
    const discovery = bind('system:public-info-viewer', 'system:public-info-viewer', [anonymous], BUILT_IN);
    expect(bound('rbac-no-anonymous', discovery)).toBe('pass');
    expect(bound('rbac-no-anonymous', bind('b', 'view', [anonymous]))).toBe('fail');
    const byDefault = (subject: Subject) =>
      resultOf(
        'default-service-account-no-rights',
        clusterFacts({ roles: [clusterRole('r', [])], roleBindings: [bind('b', 'r', [subject])] }),
      ).status;
    expect(byDefault({ ...WEB, name: 'default' })).toBe('fail');
    expect(byDefault(group('system:serviceaccounts:shop'))).toBe('fail');
    expect(byDefault(WEB)).toBe('pass');
  });
});
