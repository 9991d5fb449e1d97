import { expect, it } from 'vitest';
import { clusterFacts, deployment, pod, podSpec } from '../../../../test/support/cluster-facts.js';
import { judgeCluster, resultOf } from '../../../../test/support/cluster-judgement.js';
import type { Pod } from '../../../model/cluster/pod.js';
import type { Fact } from '../../../model/host/fact.js';
import { reportsOf } from '../../benchmark/benchmarks.js';
import { failIfAny, pass } from '../control.js';
import { CLUSTER_CONTROLS } from './cluster-controls.js';
import { type ClusterControl, clusterSubject } from './cluster-subject.js';
import { judgeClusterControls } from './judge-cluster-controls.js';

const owners = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: null, controller: true }];
const privilegedPid = { labels: {}, annotations: {}, spec: podSpec({ hostPID: true }) };
const replicas = Array.from({ length: 60 }, (_, i) => pod(`web-${i}`, { hostPID: true }, { owners }));
const web = deployment('web', {}, { apiVersion: 'apps/v1', template: privilegedPid });

it('opens one finding for a workload, however many replicas it has', () => {
  const { judgements } = judgeCluster(clusterFacts({ workloads: [web], pods: replicas }));
  const found = judgements.filter(({ ruleId }) => ruleId === 'pod-no-host-pid');
  expect(found.map(({ title, location }) => [title, location?.path])).toEqual([
    ['A pod sees its node’s processes: Deployment/default/web', 'spec.template.spec.hostPID'],
  ]);
  expect(found[0]?.location?.resource).toBe('Deployment/default/web');
});

it('opens a finding for each workload, though a result shows a part of the evidence', () => {
  const pods = replicas.map((each) => ({ ...each, owners: [] }));
  const { judgements, results } = judgeCluster(clusterFacts({ pods }));
  expect(judgements.filter(({ ruleId }) => ruleId === 'pod-no-host-pid')).toHaveLength(60);
  expect(results.find(({ id }) => id === 'pod-no-host-pid')?.evidence).toHaveLength(50);
});

it('tells of a replica that differs from a template without fault', () => {
  const facts = clusterFacts({
    workloads: [{ ...web, template: { ...privilegedPid, spec: podSpec() } }],
    pods: replicas,
  });
  expect(resultOf('pod-no-host-pid', facts).evidence).toEqual([
    { resource: 'Deployment/default/web', path: 'Pod/default/web-0: spec.hostPID', value: 'true' },
  ]);
});

it('passes nothing while a list has a gap, and fails what it shows', () => {
  const cut = (value: Pod[]): Fact<Pod[]> => ({ known: true, value, gaps: ['Pods were cut at 1000.'] });
  expect(resultOf('pod-no-host-pid', clusterFacts({}, { pods: cut([pod('a')]) })).status).toBe('undetermined');
  expect(resultOf('pod-no-host-pid', clusterFacts({}, { pods: cut([]) })).status).toBe('undetermined');
  expect(resultOf('pod-no-host-pid', clusterFacts({}, { pods: cut(replicas) })).status).toBe('fail');
});

it('decides nothing of a cluster of which nothing is known, but what a person has to look at', () => {
  const unknown = { known: false, code: 'not_permitted', reason: 'Refused.' } as const;
  const facts = clusterFacts();
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === 'object' && value !== null && 'known' in value) Object.assign(facts, { [name]: unknown });
  }
  const { results, judgements, undecided } = judgeCluster(facts);
  expect(judgements).toEqual([]);
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['undetermined', 'manual']));
  expect(undecided.length).toBe(CLUSTER_CONTROLS.filter(({ opens }) => opens !== null).length);
  for (const { counts } of reportsOf('cluster', results)) expect(counts.pass + counts.fail).toBe(0);
});

it('says so where a control throws, and goes on', () => {
  const broken: ClusterControl = {
    ...{ id: 'broken', title: '', problem: '', severity: 'low', looksAt: '', remediation: '' },
    ...{ opens: 'misconfiguration', restsOn: [] },
    judge: () => {
      throw new Error('broken');
    },
  };
  const faults: string[] = [];
  const subject = clusterSubject(clusterFacts(), { now: new Date(0), trustedRegistries: null, lifecycle: null });
  const well: ClusterControl = { ...broken, id: 'well', judge: () => failIfAny([], () => '', 'Well.') };
  const { results } = judgeClusterControls([broken, well], subject, (id) => faults.push(id));
  expect(results.map(({ status }) => status)).toEqual(['undetermined', pass('').status]);
  expect(faults).toEqual(['broken']);
});
