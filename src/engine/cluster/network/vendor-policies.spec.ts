import { describe, expect, it } from 'vitest';
import { clusterFacts, clusterObject } from '../../../../test/support/cluster-facts.js';
import { networkPolicy, rule, runningPod, vendorPolicy } from '../../../../test/support/cluster-network.js';
import type { Json, NetworkPolicy, VendorPolicy } from '../../../model/cluster/network.js';
import { workloadsOf } from '../workloads.js';
import { parseCalicoSelector } from './calico-selector.js';
import { clusterReachability } from './cluster-reachability.js';
import { UnknownForm } from './json-view.js';
import { shownPorts } from './port-set.js';

const PODS = [
  runningPod('shop', 'web', { ip: '10.0.0.1' }),
  runningPod('shop', 'db', { ip: '10.0.0.2' }),
  runningPod('bank', 'web', { ip: '10.0.0.3' }),
];
const NAMESPACES = [
  clusterObject('Namespace', 'shop', { namespace: null, labels: { team: 'red' } }),
  clusterObject('Namespace', 'bank', { namespace: null, labels: { team: 'blue' } }),
];

/** What reaches shop's db: from shop's web, from bank's web, from outside. */
function reached(vendorPolicies: VendorPolicy[], networkPolicies: NetworkPolicy[] = []): string[] {
  const facts = clusterFacts({ pods: PODS, namespaces: NAMESPACES, vendorPolicies, networkPolicies });
  const reach = clusterReachability(facts, workloadsOf(facts));
  const at = (id: string) => reach.classOf.get(id) ?? -1;
  const db = at('Pod/shop/db');
  return [reach.between(at('Pod/shop/web'), db), reach.between(at('Pod/bank/web'), db), reach.fromOutside(db)].map(
    ({ surely, perhaps }) =>
      surely === perhaps || shownPorts(surely) === shownPorts(perhaps) ? shownPorts(surely) : `${shownPorts(surely)}?`,
  );
}

const ALL = 'every port';
const NONE = 'nothing';

describe('Cilium’s policies', () => {
  const db = { matchLabels: { app: 'db' } };
  it.each<[string, Json, string[]]>([
    ['without rules', { endpointSelector: db }, [ALL, ALL, ALL]],
    ['with an empty list', { endpointSelector: db, ingress: [] }, [ALL, ALL, ALL]],
    ['with an empty rule', { endpointSelector: db, ingress: [{}] }, [NONE, NONE, NONE]],
    ['of another pod', { endpointSelector: { matchLabels: { app: 'x' } }, ingress: [{}] }, [ALL, ALL, ALL]],
    [
      'by labels, with their source',
      { endpointSelector: db, ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:app': 'web' } }] }] },
      [ALL, NONE, NONE],
    ],
    [
      'by an empty selector, of the namespace',
      { endpointSelector: db, ingress: [{ fromEndpoints: [{}] }] },
      [ALL, NONE, NONE],
    ],
    [
      'by the name of the namespace',
      {
        endpointSelector: db,
        ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'bank' } }] }],
      },
      [NONE, ALL, NONE],
    ],
    [
      'by labels of the namespace',
      {
        endpointSelector: db,
        ingress: [{ fromEndpoints: [{ matchLabels: { 'io.cilium.k8s.namespace.labels.team': 'blue' } }] }],
      },
      [NONE, ALL, NONE],
    ],
    ['by the cluster', { endpointSelector: db, ingress: [{ fromEntities: ['cluster'] }] }, [ALL, ALL, NONE]],
    ['by the world', { endpointSelector: db, ingress: [{ fromEntities: ['world'] }] }, [NONE, NONE, ALL]],
    [
      'by ports alone',
      { endpointSelector: db, ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }] },
      ['tcp 80', 'tcp 80', 'tcp 80'],
    ],
    [
      'of a port of any protocol',
      { endpointSelector: db, ingress: [{ fromEntities: ['all'], toPorts: [{ ports: [{ port: '53' }] }] }] },
      Array(3).fill('tcp 53; udp 53; sctp 53'),
    ],
    [
      'by ranges, which are no pods’',
      { endpointSelector: db, ingress: [{ fromCIDRSet: [{ cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] }] }] },
      [NONE, NONE, ALL],
    ],
    [
      'that denies first',
      {
        endpointSelector: db,
        ingress: [{ fromEntities: ['all'] }],
        ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }],
      },
      [NONE, ALL, ALL],
    ],
    [
      'that denies alone',
      { endpointSelector: db, ingressDeny: [{ toPorts: [{ ports: [{ port: '22', protocol: 'TCP' }] }] }] },
      [NONE, NONE, NONE],
    ],
    [
      'that denies, and no more',
      { endpointSelector: db, ingressDeny: [{ fromEntities: ['world'] }], enableDefaultDeny: { ingress: false } },
      [ALL, ALL, NONE],
    ],
    ['that is about egress', { endpointSelector: db, egress: [{}] }, [ALL, ALL, ALL]],
    [
      'by an entity that is not known',
      { endpointSelector: db, ingress: [{ fromEntities: ['moon'] }] },
      [`${NONE}?`, `${NONE}?`, `${NONE}?`],
    ],
    ['with a field that is not known', { endpointSelector: db, fancy: true }, [`${NONE}?`, `${NONE}?`, `${NONE}?`]],
    ['of nodes', { nodeSelector: {}, ingress: [{}] }, [ALL, ALL, ALL]],
  ])('%s', (_, spec, expected) => {
    expect(reached([vendorPolicy('CiliumNetworkPolicy', 'p', 'shop', spec)])).toEqual(expected);
  });

  it('of the whole cluster select in every namespace', () => {
    const spec = { endpointSelector: {}, ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }] };
    expect(reached([vendorPolicy('CiliumClusterwideNetworkPolicy', 'p', null, spec)])).toEqual([ALL, ALL, NONE]);
  });

  it('allow beside Kubernetes’ own', () => {
    const spec = { endpointSelector: db, ingress: [{ fromEndpoints: [{}] }] };
    expect(reached([vendorPolicy('CiliumNetworkPolicy', 'p', 'shop', spec)], [networkPolicy('d', 'shop', {})])).toEqual(
      [ALL, NONE, NONE],
    );
  });
});

describe('Calico’s policies', () => {
  const of = (ingress: Json[], rest: { [key: string]: Json } = {}) =>
    vendorPolicy('CalicoNetworkPolicy', 'p', 'shop', { selector: "app == 'db'", types: ['Ingress'], ingress, ...rest });

  it.each<[string, VendorPolicy[], string[]]>([
    ['without rules', [of([])], [NONE, NONE, NONE]],
    ['that is about egress', [of([], { types: ['Egress'] })], [ALL, ALL, ALL]],
    [
      'without types, and with rules for egress alone',
      [vendorPolicy('CalicoNetworkPolicy', 'p', 'shop', { egress: [] })],
      [NONE, ALL, ALL],
    ],
    [
      'by a selector, of the namespace',
      [of([{ action: 'Allow', source: { selector: "app == 'web'" } }])],
      [ALL, NONE, NONE],
    ],
    [
      'by a selector of namespaces',
      [of([{ action: 'Allow', source: { namespaceSelector: "team == 'blue'" } }])],
      [NONE, ALL, NONE],
    ],
    [
      'by the first rule that matches',
      [of([{ action: 'Deny', source: { selector: 'all()' } }, { action: 'Allow' }])],
      [NONE, ALL, ALL],
    ],
    ['that logs and goes on', [of([{ action: 'Log' }, { action: 'Allow' }])], [ALL, ALL, ALL]],
    ['that passes it on', [of([{ action: 'Pass', source: { selector: 'all()' } }])], [ALL, NONE, NONE]],
    [
      'of ports',
      [of([{ action: 'Allow', protocol: 'TCP', destination: { ports: [80, '90:91'] } }])],
      Array(3).fill('tcp 80, 90-91'),
    ],
    [
      'of all ports but some',
      [of([{ action: 'Allow', protocol: 'TCP', destination: { notPorts: ['2:65535'] } }])],
      Array(3).fill('tcp 0-1'),
    ],
    ['by ranges', [of([{ action: 'Allow', source: { nets: ['10.0.0.3/32'] } }])], [NONE, ALL, NONE]],
    ['by what is not in ranges', [of([{ action: 'Allow', source: { notNets: ['10.0.0.3/32'] } }])], [ALL, NONE, ALL]],
    [
      'by accounts of the namespace',
      [of([{ action: 'Allow', source: { serviceAccounts: { names: ['default'] } } }])],
      [ALL, NONE, NONE],
    ],
    [
      'in their order',
      [
        of([{ action: 'Deny' }], { order: 20 }),
        vendorPolicy('GlobalNetworkPolicy', 'g', null, {
          selector: 'all()',
          order: 10,
          ingress: [{ action: 'Allow', source: { namespaceSelector: "team == 'blue'" } }],
        }),
      ],
      [NONE, ALL, NONE],
    ],
    ['of a tier that is not known', [of([], { tier: 'platform' })], [`${NONE}?`, `${NONE}?`, `${NONE}?`]],
    ['with a selector that is none', [of([], { selector: 'app = db' })], [`${NONE}?`, `${NONE}?`, `${NONE}?`]],
    ['before addresses are translated, which is about nodes', [of([], { preDNAT: true })], [ALL, ALL, ALL]],
  ])('%s', (_, policies, expected) => {
    expect(reached(policies)).toEqual(expected);
  });

  it('come before Kubernetes’ own where their order is lower than 1000', () => {
    const kubernetes = networkPolicy('allow', 'shop', { ingress: [rule(null)] });
    expect(reached([of([{ action: 'Deny' }], { order: 999 })], [kubernetes])).toEqual([NONE, NONE, NONE]);
    expect(reached([of([{ action: 'Deny' }], { order: 1001 })], [kubernetes])).toEqual([ALL, ALL, ALL]);
  });
});

describe('AdminNetworkPolicies', () => {
  const everyone = { namespaces: {} };
  const admin = (action: string, priority = 10) =>
    vendorPolicy('AdminNetworkPolicy', `${action}${priority}`, null, {
      priority,
      subject: everyone,
      ingress: [{ action, from: [{ namespaces: { matchLabels: { team: 'blue' } } }] }],
    });

  it.each<[string, VendorPolicy[], NetworkPolicy[], string[]]>([
    ['deny', [admin('Deny')], [], [ALL, NONE, ALL]],
    ['allow what others deny', [admin('Allow')], [networkPolicy('d', 'shop', {})], [NONE, ALL, NONE]],
    ['leave it to others', [admin('Pass', 1), admin('Deny', 2)], [], [ALL, ALL, ALL]],
    ['are asked by their priority', [admin('Deny', 1), admin('Allow', 2)], [], [ALL, NONE, ALL]],
    [
      'hold as a baseline where nothing else isolates',
      [
        vendorPolicy('BaselineAdminNetworkPolicy', 'default', null, {
          subject: everyone,
          ingress: [{ action: 'Deny', from: [everyone] }],
        }),
      ],
      [],
      [NONE, NONE, ALL],
    ],
    [
      'hold as a baseline not where something does',
      [
        vendorPolicy('BaselineAdminNetworkPolicy', 'default', null, {
          subject: everyone,
          ingress: [{ action: 'Deny', from: [everyone] }],
        }),
      ],
      [networkPolicy('a', 'shop', { ingress: [rule(null)] })],
      [ALL, ALL, ALL],
    ],
  ])('%s', (_, policies, others, expected) => {
    expect(reached(policies, others)).toEqual(expected);
  });
});

describe('Calico’s selectors', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['', {}, true],
    ['all()', {}, true],
    ['!all()', {}, false],
    ["a == 'b'", { a: 'b' }, true],
    ['a == "b"', { a: 'c' }, false],
    ["a != 'b'", {}, true],
    ["a in {'b', 'c'}", { a: 'c' }, true],
    ["a not in {'b'}", {}, true],
    ["a not in {'b'}", { a: 'b' }, false],
    ['has(k8s.io/a-b)', { 'k8s.io/a-b': '' }, true],
    ['!has(a)', { a: '' }, false],
    ["a contains 'ell'", { a: 'hello' }, true],
    ["a starts with 'he' && a ends with 'lo'", { a: 'hello' }, true],
    ['has(a) || has(b) && has(c)', { a: '' }, true],
    ['(has(a) || has(b)) && has(c)', { a: '' }, false],
    ['!(has(a) && has(b))', { a: '' }, true],
    ["toString == 'x' || has(constructor)", {}, false],
  ])('%s of %j', (text, labels, expected) => {
    expect(parseCalicoSelector(text).selects(labels)).toBe(expected);
  });

  it.each([
    'a',
    'a ==',
    "a == 'b' c",
    '(has(a)',
    'has(a',
    "a in {'b'",
    'nope()',
    "a = 'b'",
    "a not 'b'",
    '&& has(a)',
    `${'('.repeat(5_000)}`,
    '!'.repeat(5_000),
  ])('is none: %s', (text) => {
    expect(() => parseCalicoSelector(text)).toThrow(UnknownForm);
  });
});
