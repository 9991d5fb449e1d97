import { describe, expect, it } from 'vitest';
import { clusterFacts, pod } from '../../../../test/support/cluster-facts.js';
import { account, binding, role, rule } from '../../../../test/support/cluster-rights.js';
import type { PolicyRule } from '../../../model/cluster/rights.js';
import { type Grant, isEverything, type Need, permits, permitsUrl } from './grant.js';
import { principalId } from './principal.js';
import { rightsOf } from './rights.js';

function grant(of: PolicyRule, namespace: string | null = null): Grant {
  return { rule: of, role: 'ClusterRole/r', binding: 'ClusterRoleBinding/b', namespace, to: 'User/u' };
}

describe('permits', () => {
  it.each<[string, PolicyRule, Need, boolean]>([
    ['the verb, group and resource', rule('get', 'pods'), { verbs: ['get'], group: '', resource: 'pods' }, true],
    ['another verb', rule('get', 'pods'), { verbs: ['list'], group: '', resource: 'pods' }, false],
    ['every verb', rule('*', 'pods'), { verbs: ['escalate'], group: '', resource: 'pods' }, true],
    ['another group', rule('get', 'pods'), { verbs: ['get'], group: 'apps', resource: 'pods' }, false],
    ['every group', rule('get', 'x', { apiGroups: ['*'] }), { verbs: ['get'], group: 'apps', resource: 'x' }, true],
    [
      'a subresource by its resource',
      rule('create', 'pods'),
      { verbs: ['create'], group: '', resource: 'pods/exec' },
      false,
    ],
    ['a subresource by `*`', rule('create', '*'), { verbs: ['create'], group: '', resource: 'pods/exec' }, true],
    ['a subresource of all', rule('create', '*/exec'), { verbs: ['create'], group: '', resource: 'pods/exec' }, true],
    [
      'another subresource of all',
      rule('update', '*/scale'),
      { verbs: ['update'], group: '', resource: 'pods/exec' },
      false,
    ],
    [
      'all subresources of one',
      rule('create', 'pods/*'),
      { verbs: ['create'], group: '', resource: 'pods/exec' },
      false,
    ],
    ['a resource by a subresource', rule('get', '*/scale'), { verbs: ['get'], group: '', resource: 'scale' }, false],
    [
      'to create by name',
      rule('create', 'pods', { resourceNames: ['a'] }),
      { verbs: ['create'], group: '', resource: 'pods' },
      false,
    ],
    [
      'to create a subresource by name',
      rule('create', 'pods/exec', { resourceNames: ['a'] }),
      { verbs: ['create'], group: '', resource: 'pods/exec' },
      true,
    ],
  ])('%s', (_, of, need, isPermitted) => {
    expect(permits([grant(of)], need)).toHaveLength(isPermitted ? 1 : 0);
  });

  it('gives a right over what belongs to no namespace only where the binding is of the whole cluster', () => {
    const need = { verbs: ['get'], group: '', resource: 'nodes/proxy', isClusterScoped: true };
    expect(permits([grant(rule('*', '*'), 'shop')], need)).toEqual([]);
    expect(permits([grant(rule('*', '*'))], need)).toHaveLength(1);
  });

  it('tells the namespace and names that it is about', () => {
    const of = rule('get', 'secrets', { resourceNames: ['a', 'b'] });
    expect(permits([grant(of, 'shop')], { verbs: ['get'], group: '', resource: 'secrets' })).toMatchObject([
      { namespace: 'shop', names: ['a', 'b'] },
    ]);
  });
});

describe('permitsUrl', () => {
  it.each<[string[], string, boolean]>([
    [['*'], '/metrics', true],
    [['/healthz'], '/healthz', true],
    [['/healthz'], '/healthz/etcd', false],
    [['/healthz/*'], '/healthz/etcd', true],
    [['/healthz/*'], '/healthz', false],
  ])('%j and %s', (nonResourceURLs, path, isPermitted) => {
    const of = { ...rule('get', ''), resources: [], apiGroups: [], nonResourceURLs };
    expect(permitsUrl([grant(of)], 'get', path)).toHaveLength(isPermitted ? 1 : 0);
    expect(permitsUrl([grant(of, 'shop')], 'get', path)).toEqual([]);
  });
});

describe('rightsOf', () => {
  const shown = (facts: Parameters<typeof rightsOf>[0], id: string) => {
    const rights = rightsOf(facts);
    const principal = rights.principals.find((one) => principalId(one) === id);
    return principal && rights.grantsOf(principal).map(({ role: of, namespace }) => `${of} in ${namespace ?? 'all'}`);
  };

  it('gives a ClusterRole in one namespace by a RoleBinding, and everywhere by a ClusterRoleBinding', () => {
    const facts = clusterFacts({
      roles: [role('reader', [rule('get', 'pods')]), role('own', [rule('get', 'secrets')], { namespace: 'shop' })],
      roleBindings: [
        binding('reader', ['ServiceAccount/shop/web'], 'shop'),
        binding('Role/own', ['ServiceAccount/shop/web'], 'shop'),
        binding('reader', ['User/jane']),
      ],
    });
    expect(shown(facts, 'ServiceAccount/shop/web')).toEqual(['ClusterRole/reader in shop', 'Role/shop/own in shop']);
    expect(shown(facts, 'User/jane')).toEqual(['ClusterRole/reader in all']);
  });

  it.each([
    ['Group/system:serviceaccounts', 'ServiceAccount/shop/web', true],
    ['Group/system:serviceaccounts:shop', 'ServiceAccount/shop/web', true],
    ['Group/system:serviceaccounts:bank', 'ServiceAccount/shop/web', false],
    ['Group/system:authenticated', 'ServiceAccount/shop/web', true],
    ['Group/system:authenticated', 'User/jane', true],
    ['Group/system:authenticated', 'Group/dev', true],
    ['Group/system:authenticated', 'User/system:anonymous', false],
    ['Group/system:unauthenticated', 'User/system:anonymous', true],
    ['Group/system:unauthenticated', 'User/jane', false],
    ['User/system:serviceaccount:shop:web', 'ServiceAccount/shop/web', true],
  ])('what %s has, %s has: %s', (to, who, has) => {
    const facts = clusterFacts({
      serviceAccounts: [account('shop', 'web')],
      roles: [role('r', [rule('get', 'pods')]), role('nothing', [])],
      roleBindings: [binding('r', [to]), binding('nothing', ['User/jane', 'Group/dev', 'User/system:anonymous'])],
    });
    expect(shown(facts, who)).toEqual(has ? ['ClusterRole/r in all'] : []);
  });

  it('knows the accounts that a cluster makes by itself, and those that pods run as', () => {
    const facts = clusterFacts({
      namespaces: [{ ...pod('x'), kind: 'Namespace', name: 'shop' }],
      pods: [pod('p', { serviceAccountName: 'robot' }, { namespace: 'bank' })],
    });
    expect(rightsOf(facts).principals.map(principalId)).toEqual([
      'Group/system:masters',
      'ServiceAccount/bank/robot',
      'ServiceAccount/shop/default',
    ]);
  });

  it('gives an aggregated role the rules of others, also of those that are aggregated themselves', () => {
    const of = (label: string) => ({ matchLabels: { [label]: 'true' }, matchExpressions: [] });
    const facts = clusterFacts({
      roles: [
        role('top', [], { isAggregated: true, aggregates: [of('to-top')] }),
        role('middle', [], { isAggregated: true, aggregates: [of('to-middle')], labels: { 'to-top': 'true' } }),
        role('leaf', [rule('get', 'secrets')], { labels: { 'to-middle': 'true' } }),
        role('other', [rule('*', '*')]),
      ],
    });
    expect(rightsOf(facts).role('ClusterRole/top')?.rules).toEqual([rule('get', 'secrets')]);
  });

  it('knows the roles of every cluster where manifests name them, and says which others are missing', () => {
    const lists = { roleBindings: [binding('cluster-admin', ['User/jane']), binding('gone', ['User/jane'])] };
    const rights = rightsOf(clusterFacts(lists, { collectedBy: 'manifests' }));
    const [grants] = rights.principals.filter(({ name }) => name === 'jane').map((one) => rights.grantsOf(one));
    expect(grants?.some((one) => isEverything(one.rule))).toBe(true);
    expect(rights.gaps).toEqual([expect.stringContaining('ClusterRole/gone')]);
    expect(rightsOf(clusterFacts(lists)).gaps).toEqual([]);
  });

  it('says that rights are not known where roles or bindings are not', () => {
    const roles = { known: false as const, code: 'not_permitted' as const, reason: 'The API refused.' };
    expect(rightsOf(clusterFacts({}, { roles })).gaps).toEqual(['The roles are not known: The API refused.']);
  });
});
