import { describe, expect, it } from 'vitest';
import { service } from '../../../../test/support/cluster-exposure.js';
import { clusterFacts, container } from '../../../../test/support/cluster-facts.js';
import { networkPolicy, runningPod } from '../../../../test/support/cluster-network.js';
import { binding, role, rule } from '../../../../test/support/cluster-rights.js';
import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import type { Pod } from '../../../model/cluster/pod.js';
import { workloadsOf } from '../workloads.js';
import { attackPaths } from './attack-paths.js';
import { clusterAnalysis } from './cluster-analysis.js';
import { clusterGraph } from './cluster-graph.js';
import { type FindingsOf, imageRisk } from './image-risk.js';
import { explainClusterExposure, judgeClusterExposure } from './judge-cluster-exposure.js';

const PRIVILEGED = [container('c', { securityContext: { ...container('c').securityContext, privileged: true } })];
const WEB = runningPod('shop', 'web');
const AGENT = runningPod('shop', 'agent', { spec: { containers: PRIVILEGED, nodeName: 'n1' } });
const OPEN = service('web', { type: 'LoadBalancer' });
const ADMIN = binding('cluster-admin', ['ServiceAccount/shop/default']);
const NOT_AUDITED: FindingsOf = () => null;

function paths(facts: ClusterFacts, findingsOf = NOT_AUDITED) {
  return attackPaths(clusterAnalysis(facts, workloadsOf(facts)), findingsOf);
}

function withoutToken(pod: Pod): Pod {
  return { ...pod, spec: { ...pod.spec, automountServiceAccountToken: false } };
}

describe('attackPaths', () => {
  it('lead from outside by the account of an exposed workload to every right', () => {
    const { paths: found, gaps } = paths(clusterFacts({ pods: [WEB], services: [OPEN], roleBindings: [ADMIN] }));
    expect(gaps).toEqual([]);
    expect(found).toMatchObject([
      {
        end: 'cluster',
        workload: 'Pod/shop/web',
        severity: 'high',
        score: 63,
        steps: [
          'outside → Pod/shop/web: LoadBalancer Service/shop/web, tcp 80 → 8080 (its images were not audited)',
          'Pod/shop/web → ServiceAccount/shop/default: token in the pod',
          'ServiceAccount/shop/default → cluster-admin: may do everything (ClusterRole/cluster-admin by ClusterRoleBinding/cluster-admin-to-default)',
        ],
      },
    ]);
  });

  it.each<[string, Parameters<typeof clusterFacts>[0]]>([
    ['the workload is not exposed', { pods: [WEB], roleBindings: [ADMIN] }],
    ['it has no token', { pods: [withoutToken(WEB)], services: [OPEN], roleBindings: [ADMIN] }],
    ['its account has no rights', { pods: [WEB], services: [OPEN] }],
    [
      'a policy keeps the outside out',
      { pods: [WEB], services: [OPEN], roleBindings: [ADMIN], networkPolicies: [networkPolicy('deny', 'shop', {})] },
    ],
  ])('are none where %s', (_, lists) => {
    expect(paths(clusterFacts(lists))).toEqual({ paths: [], gaps: [] });
  });

  it('lead to a node by what a container may do to it, and over another workload', () => {
    const facts = clusterFacts({ pods: [withoutToken(WEB), withoutToken(AGENT)], services: [OPEN] });
    expect(paths(facts).paths).toMatchObject([
      {
        end: 'node',
        workload: 'Pod/shop/agent',
        steps: [
          expect.stringMatching(/^outside → Pod\/shop\/web/),
          'Pod/shop/web → Pod/shop/agent: network, every port (its images were not audited)',
          'Pod/shop/agent → Node/n1: privileged',
        ],
      },
    ]);
  });

  it('lead to secrets, of a namespace or all', () => {
    const roles = [role('reader', [rule('get list', '*')])];
    const of = (namespace: string | null) =>
      paths(
        clusterFacts({
          pods: [WEB],
          services: [OPEN],
          roles,
          roleBindings: [binding('reader', ['ServiceAccount/shop/default'], namespace)],
        }),
      ).paths;
    expect(of('shop')).toMatchObject([{ end: 'secrets', escalation: [{}, { to: 'Secrets/shop' }] }]);
    expect(of(null)).toMatchObject([{ end: 'secrets', escalation: [{}, { to: 'Secrets' }] }]);
  });

  it('are ranked by what is known of the images, and worse where a vulnerability is exploited', () => {
    const facts = clusterFacts({ pods: [WEB], services: [OPEN], roleBindings: [ADMIN] });
    const of = (findingsOf: FindingsOf) =>
      paths(facts, findingsOf).paths.map(({ score, severity }) => [score, severity]);
    const cve = { ruleId: 'CVE-2021-44228', severity: 'critical' as const, isExploited: true, probability: 0.9 };
    expect(of(() => [cve])).toEqual([[90, 'critical']]);
    expect(of(() => [])).toEqual([[45, 'medium']]);
    expect(imageRisk([{ ...cve, isExploited: false }]).likelihood).toBe(0.95);
    expect(imageRisk([{ ...cve, isExploited: false, probability: null }]).likelihood).toBe(0.85);
    expect(imageRisk([cve]).shown).toBe('CVE-2021-44228, which is exploited');
  });

  it('name the step without which the most of them are gone', () => {
    const pods = ['a', 'b'].map((name) => runningPod('shop', name));
    const services = ['a', 'b'].map((name) => service(name, { type: 'LoadBalancer' }));
    const [first, second] = paths(clusterFacts({ pods, services, roleBindings: [ADMIN] })).paths;
    const cut = { from: 'ServiceAccount/shop/default', to: 'cluster-admin', paths: 2, isWhole: true };
    expect([first?.cut, second?.cut]).toMatchObject([cut, cut]);
    expect(first?.cut.remediation).toBe(
      'Take * of * out of ClusterRole/cluster-admin, or ServiceAccount/shop/default out of ClusterRoleBinding/cluster-admin-to-default.',
    );
  });

  it('say that one step is not all where there is another way', () => {
    const both = runningPod('shop', 'web', { spec: { containers: PRIVILEGED, nodeName: 'n1' } });
    const root = runningPod('shop', 'root', { spec: { serviceAccountName: 'root', nodeName: 'n1' } });
    const facts = clusterFacts({
      pods: [both, root],
      services: [OPEN],
      roles: [role('token', [rule('create', 'serviceaccounts/token')])],
      roleBindings: [
        binding('token', ['ServiceAccount/shop/default'], 'shop'),
        binding('cluster-admin', ['ServiceAccount/shop/root']),
      ],
    });
    const found = paths(facts).paths.find(({ end, workload }) => end === 'cluster' && workload === 'Pod/shop/web');
    // Both ways end at the account that may do everything.
    expect(found?.cut).toMatchObject({ from: 'ServiceAccount/shop/root', isWhole: true });
    const more = {
      ...facts,
      roleBindings: {
        ...facts.roleBindings,
        value: [binding('cluster-admin', ['ServiceAccount/shop/root', 'ServiceAccount/shop/other'])],
      },
    };
    const pods = {
      known: true as const,
      gaps: [],
      value: [both, root, runningPod('shop', 'other', { spec: { serviceAccountName: 'other', nodeName: 'n1' } })],
    };
    const two = paths({ ...more, pods } as ClusterFacts).paths.find(
      ({ end, workload }) => end === 'cluster' && workload === 'Pod/shop/web',
    );
    expect(two?.cut).toMatchObject({ from: 'Pod/shop/web', to: 'Node/n1', isWhole: true });
  });

  it('say that the way in is to be closed where no other step is on every way', () => {
    const both = runningPod('shop', 'web', { spec: { containers: PRIVILEGED, nodeName: 'n1' } });
    const server = {
      ...runningPod('kube-system', 'kube-apiserver-n1', { spec: { nodeName: 'n1' } }),
      annotations: { 'kubernetes.io/config.source': 'file' },
    };
    const facts = clusterFacts({ pods: [both, server], services: [OPEN], roleBindings: [ADMIN] });
    const cuts = paths(facts).paths.filter(({ workload, end }) => workload === 'Pod/shop/web' && end === 'cluster');
    expect(cuts).toMatchObject([{ cut: { from: 'outside', to: 'Pod/shop/web', isWhole: false } }]);
  });

  it('leave out what the control plane runs, and say what cannot be told', () => {
    const system = { ...AGENT, annotations: { 'kubernetes.io/config.source': 'file' } };
    expect(paths(clusterFacts({ pods: [WEB, system], services: [OPEN] })).paths).toEqual([]);
    const networkPolicies = { known: false as const, code: 'not_permitted' as const, reason: 'The API refused.' };
    const { paths: found, gaps } = paths(
      clusterFacts({ pods: [WEB], services: [OPEN], roleBindings: [ADMIN] }, { networkPolicies }),
    );
    expect(found).toMatchObject([{ end: 'cluster', workload: 'Pod/shop/web', isSure: false }]);
    expect(gaps).toEqual([
      'The network policies are not known: The API refused.',
      'Whether Pod/shop/web, which has a way to every right in the cluster, is reached from outside cannot be told.',
    ]);
  });
});

describe('judgeClusterExposure', () => {
  it('opens a finding for each workload and end, the same in every scan', () => {
    const of = (pods: Pod[]) => {
      const facts = clusterFacts({ pods, services: [OPEN], roleBindings: [ADMIN] });
      return judgeClusterExposure(facts, workloadsOf(facts), NOT_AUDITED);
    };
    const [first] = of([WEB]).judgements;
    expect(first).toMatchObject({
      kind: 'exposure',
      ruleId: 'cluster-takeover-from-outside',
      location: { resource: 'Pod/shop/web' },
      status: 'open',
    });
    const again = of([runningPod('shop', 'db'), { ...WEB, uid: 'other' }]);
    expect(again.judgements.map(({ fingerprint }) => fingerprint)).toContain(first?.fingerprint);
    expect(again.isDecided).toBe(true);
  });

  it('is undetermined where it cannot be told whether policies let somebody in', () => {
    const networkPolicies = { known: true as const, value: [], gaps: ['One could not be read.'] };
    const facts = clusterFacts({ pods: [WEB], services: [OPEN], roleBindings: [ADMIN] }, { networkPolicies });
    const judged = judgeClusterExposure(facts, workloadsOf(facts), NOT_AUDITED);
    expect(judged).toMatchObject({ isDecided: false, judgements: [{ status: 'undetermined' }] });
  });

  it('explains it by the facts', () => {
    const facts = clusterFacts({ pods: [WEB], services: [OPEN], roleBindings: [ADMIN] });
    const workloads = workloadsOf(facts);
    const [judgement] = judgeClusterExposure(facts, workloads, NOT_AUDITED).judgements;
    expect(judgement && explainClusterExposure(facts, workloads, NOT_AUDITED, judgement)?.steps).toHaveLength(3);
    expect(explainClusterExposure(facts, workloads, NOT_AUDITED, { ruleId: 'x', location: null })).toBeNull();
  });
});

describe('clusterGraph', () => {
  it('shows ways in, the network, and who becomes whom', () => {
    const facts = clusterFacts({ pods: [WEB, AGENT], services: [OPEN], roleBindings: [ADMIN] });
    const graph = clusterGraph(facts, workloadsOf(facts));
    expect(graph.edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`)).toEqual([
      'Node/n1 becomes ServiceAccount/shop/default',
      'Pod/shop/agent controls Node/n1',
      'Pod/shop/agent becomes ServiceAccount/shop/default',
      'Pod/shop/agent reaches network/open',
      'Pod/shop/web becomes ServiceAccount/shop/default',
      'Pod/shop/web reaches network/open',
      'ServiceAccount/shop/default becomes cluster-admin',
      'network/open reaches Pod/shop/agent',
      'network/open reaches Pod/shop/web',
      'outside reaches Pod/shop/web',
    ]);
    const ids = new Set(graph.nodes.map(({ id }) => id));
    expect(graph.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
  });

  it('shows what policies let through, pair by pair, and no more', () => {
    const facts = clusterFacts({
      pods: [WEB, AGENT, runningPod('bank', 'db')],
      networkPolicies: [networkPolicy('deny', 'bank', {})],
    });
    const reaching = clusterGraph(facts, workloadsOf(facts)).edges.filter(({ kind }) => kind === 'reaches');
    expect(reaching.filter(({ to }) => to === 'Pod/bank/db')).toEqual([]);
    expect(reaching.filter(({ from }) => from === 'Pod/bank/db').map(({ to }) => to)).toEqual(['network/open']);
  });

  it('grows with workloads, not with pairs of them', () => {
    const pods = Array.from({ length: 300 }, (_, i) => runningPod('shop', `p${i}`));
    const facts = clusterFacts({ pods });
    expect(clusterGraph(facts, workloadsOf(facts)).edges).toHaveLength(300 * 3);
  });
});
