import { describe, expect, it } from 'vitest';
import { clusterFacts, clusterObject, container, deployment } from '../../../../test/support/cluster-facts.js';
import { networkPolicy, rule, runningPod, selector } from '../../../../test/support/cluster-network.js';
import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import type { NetworkPolicy, NetworkPort } from '../../../model/cluster/network.js';
import type { Workload } from '../../../model/cluster/pod.js';
import { workloadsOf } from '../workloads.js';
import { parseCidr } from './cidr.js';
import { clusterReachability } from './cluster-reachability.js';
import type { Reach } from './policy-judge.js';
import { shownPorts } from './port-set.js';

const PODS = [
  runningPod('shop', 'web', {
    ip: '10.0.0.1',
    spec: { containers: [container('c', { ports: [port('http', 8080)] })] },
  }),
  runningPod('shop', 'db', { ip: '10.0.0.2', spec: { containers: [container('c', { ports: [port('http', 9090)] })] } }),
  runningPod('bank', 'web', { ip: '10.0.0.3' }),
  runningPod('bank', 'node', { ip: '192.168.1.1', spec: { hostNetwork: true } }),
];
const NAMESPACES = [
  clusterObject('Namespace', 'shop', { namespace: null, labels: { team: 'red' } }),
  clusterObject('Namespace', 'bank', { namespace: null, labels: { team: 'blue' } }),
];
const CALICO = { ...deployment('calico-node'), kind: 'DaemonSet' as const };
const FLANNEL = { ...deployment('kube-flannel-ds'), kind: 'DaemonSet' as const };
const TCP_80: NetworkPort[] = [{ protocol: 'TCP', port: 80, endPort: null }];

describe('NetworkPolicies', () => {
  const deny = networkPolicy('deny', 'shop', {});

  it.each<[string, Partial<NetworkPolicy>, string]>([
    ['of no rules', {}, 'nothing'],
    ['of one empty rule', { ingress: [rule(null)] }, 'every port'],
    ['of a rule with an empty list of peers', { ingress: [rule([])] }, 'every port'],
    ['that is about another pod', { podSelector: selector({ app: 'x' }) }, 'every port'],
    ['that is about egress alone', { policyTypes: ['Egress'] }, 'every port'],
    [
      'by the labels of pods of its namespace',
      { ingress: [rule([{ podSelector: selector({ app: 'web' }) }])] },
      'nothing',
    ],
    ['by every namespace', { ingress: [rule([{ namespaceSelector: selector() }])] }, 'every port'],
    [
      'by the labels of the namespace',
      { ingress: [rule([{ namespaceSelector: selector({ team: 'blue' }) }])] },
      'every port',
    ],
    [
      'by the name of the namespace',
      { ingress: [rule([{ namespaceSelector: selector({ 'kubernetes.io/metadata.name': 'bank' }) }])] },
      'every port',
    ],
    [
      'by both, of which one does not hold',
      { ingress: [rule([{ namespaceSelector: selector({ team: 'blue' }), podSelector: selector({ app: 'x' }) }])] },
      'nothing',
    ],
    [
      'by two peers, of which one holds',
      { ingress: [rule([{ namespaceSelector: selector({ team: 'blue' }) }, { podSelector: selector({ app: 'x' }) }])] },
      'every port',
    ],
    ['of a port', { ingress: [rule(null, TCP_80)] }, 'tcp 80'],
    [
      'of a range',
      {
        ingress: [
          rule(null, [
            { protocol: 'TCP', port: 80, endPort: 90 },
            { protocol: 'UDP', port: 85, endPort: null },
          ]),
        ],
      },
      'tcp 80-90; udp 85',
    ],
    [
      'of every port of a protocol',
      { ingress: [rule(null, [{ protocol: 'UDP', port: null, endPort: null }])] },
      'udp every port',
    ],
    [
      'of a port by its name',
      { ingress: [rule(null, [{ protocol: 'TCP', port: 'http', endPort: null }])] },
      'tcp 9090',
    ],
    [
      'of a port by a name that the pod has not',
      { ingress: [rule(null, [{ protocol: 'TCP', port: 'x', endPort: null }])] },
      'nothing',
    ],
  ])('lets the pod of another namespace through, by a policy %s', (_, of, expected) => {
    expect(shown(between([networkPolicy('p', 'shop', of)], 'Pod/bank/web', 'Pod/shop/db'))).toBe(expected);
  });

  it('add up', () => {
    const some = networkPolicy('some', 'shop', { ingress: [rule(null, TCP_80)] });
    expect(shown(between([deny, some], 'Pod/bank/web', 'Pod/shop/db'))).toBe('tcp 80');
  });

  it('must allow it where it leaves, and where it arrives', () => {
    const out = networkPolicy('out', 'bank', {
      policyTypes: ['Egress'],
      egress: [rule(null, [{ protocol: 'TCP', port: 79, endPort: 81 }])],
    });
    const into = networkPolicy('in', 'shop', { ingress: [rule(null, [{ protocol: 'TCP', port: 80, endPort: 90 }])] });
    expect(shown(between([out, into], 'Pod/bank/web', 'Pod/shop/db'))).toBe('tcp 80-81');
    expect(shown(between([out, into], 'Pod/shop/db', 'Pod/bank/web'))).toBe('every port');
  });

  it('with rules for egress and no types are about both directions', () => {
    const policy = networkPolicy('p', 'bank', { egress: [rule(null, TCP_80)] });
    expect(shown(between([policy], 'Pod/bank/web', 'Pod/shop/db'))).toBe('tcp 80');
    expect(shown(between([policy], 'Pod/shop/db', 'Pod/bank/web'))).toBe('nothing');
  });

  it('take the name of a port as that of the pod that is connected to', () => {
    const policy = networkPolicy('p', 'bank', {
      policyTypes: ['Egress'],
      egress: [rule(null, [{ protocol: 'TCP', port: 'http', endPort: null }])],
    });
    expect(shown(between([policy], 'Pod/bank/web', 'Pod/shop/web'))).toBe('tcp 8080');
    expect(shown(between([policy], 'Pod/bank/web', 'Pod/shop/db'))).toBe('tcp 9090');
  });

  it('are not about pods in the node’s network, and what these reach cannot be told', () => {
    expect(shown(between([networkPolicy('d', 'bank', {})], 'Pod/shop/db', 'Pod/bank/node'))).toBe('every port');
    expect(between([deny], 'Pod/bank/node', 'Pod/shop/db')).toEqual({ surely: [], perhaps: [[0, 196_607]] });
  });

  it('by ranges of addresses say of pods what the plugin makes of it', () => {
    const policy = networkPolicy('p', 'shop', {
      ingress: [rule([{ ipBlock: { cidr: '10.0.0.0/24', except: ['10.0.0.2/32'] } }])],
    });
    const from = (id: string, workloads: Workload[]) =>
      shown(between([policy], id, 'Pod/shop/db', { workloads: { known: true, value: workloads, gaps: [] } }));
    expect(from('Pod/bank/web', [])).toBe('nothing, perhaps every port');
    expect(from('Pod/shop/db', [])).toBe('nothing');
    expect(from('Pod/bank/web', [CALICO])).toBe('every port');
  });

  it.each<[string, string[], string]>([
    ['0.0.0.0/0', [], 'every port'],
    ['0.0.0.0/0', ['10.0.0.0/8', '192.168.0.0/16'], 'every port'],
    ['0.0.0.0/0', ['8.8.8.0/24'], 'nothing, perhaps every port'],
    ['8.8.8.0/24', [], 'nothing, perhaps every port'],
    ['10.0.0.0/8', [], 'nothing'],
    ['nonsense', [], 'nothing, perhaps every port'],
  ])('by %s without %j let the outside in', (cidr, except, expected) => {
    const reach = reachOf([networkPolicy('p', 'shop', { ingress: [rule([{ ipBlock: { cidr, except } }])] })]);
    expect(shown(reach.fromOutside(reach.classOf.get('Pod/shop/db') ?? -1))).toBe(expected);
  });

  it.each<[string, Partial<NetworkPolicy>, string]>([
    ['without rules for egress', {}, 'every port'],
    ['that denies egress', { policyTypes: ['Egress'] }, 'nothing'],
    ['that lets out to everywhere', { egress: [rule([{ ipBlock: { cidr: '0.0.0.0/0', except: [] } }])] }, 'every port'],
    [
      'that lets out to everywhere but there',
      { egress: [rule([{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }])] },
      'nothing',
    ],
    ['that lets out to pods', { egress: [rule([{ namespaceSelector: selector() }])] }, 'nothing'],
    ['that lets out by a port', { egress: [rule(null, TCP_80)] }, 'tcp 80'],
  ])('say whether the metadata service is reached: %s', (_, of, expected) => {
    const reach = reachOf([networkPolicy('p', 'shop', of)]);
    const metadata = parseCidr('169.254.169.254');
    expect(metadata && shown(reach.toAddress(reach.classOf.get('Pod/shop/db') ?? -1, metadata))).toBe(expected);
  });

  it('isolate whom they are about, in their directions', () => {
    const reach = reachOf([
      deny,
      networkPolicy('out', 'shop', { podSelector: selector({ app: 'db' }), policyTypes: ['Egress'] }),
    ]);
    const of = (id: string) => reach.isolation(reach.classOf.get(id) ?? -1);
    expect(of('Pod/shop/web')).toMatchObject({ ingress: 'yes', egress: 'no' });
    expect(of('Pod/shop/db').policies).toEqual({
      ingress: ['NetworkPolicy/shop/deny'],
      egress: ['NetworkPolicy/shop/out'],
    });
    expect(of('Pod/bank/web')).toMatchObject({ ingress: 'no', egress: 'no' });
  });

  it('leave it open where the labels of a namespace are not known', () => {
    const policy = networkPolicy('p', 'shop', { ingress: [rule([{ namespaceSelector: selector({ team: 'blue' }) }])] });
    const namespaces = { known: true as const, value: [], gaps: [] };
    expect(shown(between([policy], 'Pod/bank/web', 'Pod/shop/db', { namespaces }))).toBe('nothing, perhaps every port');
  });

  it('leave everything open where they were not read, or not all', () => {
    const refused = { known: false as const, code: 'not_permitted' as const, reason: 'The API refused.' };
    const reach = reachOf([], { networkPolicies: refused });
    expect(shown(reach.between(0, 1))).toBe('nothing, perhaps every port');
    expect(reach.gaps).toEqual(['The network policies are not known: The API refused.']);
    const cut = { known: true as const, value: [], gaps: ['One is too large.'] };
    expect(shown(reachOf([], { vendorPolicies: cut }).between(0, 1))).toBe('nothing, perhaps every port');
  });

  it('do nothing where the plugin enforces none', () => {
    const workloads = { known: true as const, value: [FLANNEL], gaps: [] };
    expect(shown(between([deny], 'Pod/bank/web', 'Pod/shop/db', { workloads }))).toBe('every port');
  });
});

function reachOf(networkPolicies: NetworkPolicy[], of: Partial<ClusterFacts> = {}) {
  const facts = clusterFacts({ pods: PODS, namespaces: NAMESPACES, networkPolicies }, of);
  return clusterReachability(facts, workloadsOf(facts));
}

function between(policies: NetworkPolicy[], from: string, to: string, of: Partial<ClusterFacts> = {}): Reach {
  const reach = reachOf(policies, of);
  return reach.between(reach.classOf.get(from) ?? -1, reach.classOf.get(to) ?? -1);
}

function shown({ surely, perhaps }: Reach): string {
  const [sure, more] = [shownPorts(surely), shownPorts(perhaps)];
  return sure === more ? sure : `${sure}, perhaps ${more}`;
}

function port(name: string, containerPort: number) {
  return { name, containerPort, hostPort: null, hostIP: null, protocol: 'TCP' };
}
