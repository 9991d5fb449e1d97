import { expect, it } from 'vitest';
import { clusterFacts, container, deployment, pod, podSpec } from '../../../test/support/cluster-facts.js';
import type { OwnerReference } from '../../model/cluster/cluster-object.js';
import type { Pod, PodSpec, Workload } from '../../model/cluster/pod.js';
import { isStatic, workloadsOf } from './workloads.js';

const owner = (kind: string, name: string, apiVersion = 'apps/v1'): OwnerReference => {
  return { apiVersion, kind, name, uid: null, controller: true };
};
const workload = (kind: Workload['kind'], name: string, of: Partial<Workload> = {}): Workload => {
  const apiVersion = kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
  return { ...deployment(name), apiVersion, kind, ...of };
};
const owned = (name: string, by: OwnerReference, spec: Partial<PodSpec> = {}, of: Partial<Pod> = {}) =>
  pod(name, spec, { owners: [by], ...of });
const of = (pods: Pod[], workloads: Workload[] = []) => workloadsOf(clusterFacts({ pods, workloads }));
const names = (pods: Pod[], workloads: Workload[] = []) => of(pods, workloads).map(({ resource }) => resource);

it('is what made a pod, through what made that', () => {
  const replicaSet = workload('ReplicaSet', 'web-1', { owners: [owner('Deployment', 'web')] });
  expect(names([owned('web-1-a', owner('ReplicaSet', 'web-1'))], [workload('Deployment', 'web'), replicaSet])).toEqual([
    'Deployment/default/web',
  ]);
  const job = workload('Job', 'backup-1', { owners: [owner('CronJob', 'backup', 'batch/v1')] });
  expect(names([owned('x', owner('Job', 'backup-1', 'batch/v1'))], [job, workload('CronJob', 'backup')])).toEqual([
    'CronJob/default/backup',
  ]);
});

it('is the pod itself where nothing made it, and where its node did', () => {
  const mirror = owned('kube-apiserver-cp', owner('Node', 'cp', 'v1'));
  expect(names([pod('alone'), mirror])).toEqual(['Pod/default/alone', 'Pod/default/kube-apiserver-cp']);
  expect(isStatic(mirror)).toBe(true);
  expect(isStatic(pod('alone'))).toBe(false);
});

it('is named by the last owner that is named, where its kind is not read', () => {
  const replicaSet = workload('ReplicaSet', 'web-1', { owners: [owner('Rollout', 'web', 'argoproj.io/v1alpha1')] });
  expect(names([owned('web-1-a', owner('ReplicaSet', 'web-1'))], [replicaSet])).toEqual(['Rollout/default/web']);
  expect(names([owned('db-0', owner('Cluster', 'db', 'postgresql.cnpg.io/v1'))])).toEqual(['Cluster/default/db']);
  // A Job of another group is not the Job of that name.
  expect(names([owned('x', owner('Job', 'j', 'batch.volcano.sh/v1'))], [workload('Job', 'j')])).toHaveLength(2);
});

it('is a Deployment by the name of a ReplicaSet that could not be read', () => {
  const labels = { 'pod-template-hash': '7d9f' };
  expect(names([owned('a', owner('ReplicaSet', 'web-7d9f'), {}, { labels })])).toEqual(['Deployment/default/web']);
  expect(names([owned('a', owner('ReplicaSet', 'web'), {}, { labels })])).toEqual(['ReplicaSet/default/web']);
});

it('ends with owners that own each other', () => {
  const a = workload('Job', 'a', { owners: [owner('Job', 'b', 'batch/v1')] });
  const b = workload('Job', 'b', { owners: [owner('Job', 'a', 'batch/v1')] });
  expect(of([], [a, b])).not.toEqual([]);
});

it('has its template first, and each kind of replica once', () => {
  const token = (name: string) => {
    const source = { type: 'projected', path: null, hostPathType: null, reference: null, readOnly: null, sources: [] };
    return { volumes: [{ name: `kube-api-access-${name}`, ...source }] };
  };
  const injected = { containers: [container('app'), container('proxy')] };
  const set = owner('StatefulSet', 'db');
  const pods = [
    owned('db-0', set, { ...token('ab12c'), nodeName: 'n1' }),
    owned('db-1', set, { ...token('xyz09'), nodeName: 'n2' }),
    owned('db-2', set, injected),
  ];
  const [only, ...others] = of(pods, [workload('StatefulSet', 'db')]);
  expect(others).toEqual([]);
  expect(only?.pods).toHaveLength(3);
  expect(only?.views.map(({ replica, path }) => [replica, path])).toEqual([
    [null, 'spec.template.spec'],
    ['Pod/default/db-0', 'spec'],
    ['Pod/default/db-2', 'spec'],
  ]);
});

it('leaves out what a Deployment only keeps to be rolled back to', () => {
  const template = { labels: {}, annotations: {}, spec: podSpec({ hostPID: true }) };
  const old = (replicas: number) =>
    workload('ReplicaSet', 'web-0', { owners: [owner('Deployment', 'web')], replicas, template });
  expect(of([], [workload('Deployment', 'web'), old(0)])[0]?.views).toHaveLength(1);
  expect(of([], [workload('Deployment', 'web'), old(1)])[0]?.views).toHaveLength(2);
});

it('knows where each kind has its template, and each container its place', () => {
  const containers = [
    container('i', { type: 'init' }),
    container('a'),
    container('b'),
    container('e', { type: 'ephemeral' }),
  ];
  const template = { labels: {}, annotations: {}, spec: podSpec({ containers }) };
  const [view] = of([], [workload('CronJob', 'c', { template })])[0]?.views ?? [];
  expect(view?.path).toBe('spec.jobTemplate.spec.template.spec');
  expect(view?.containers.map(({ path }) => path)).toEqual([
    'initContainers[0]',
    'containers[0]',
    'containers[1]',
    'ephemeralContainers[0]',
  ]);
  expect(of([], [workload('PodTemplate', 't')])[0]?.views[0]?.path).toBe('template.spec');
});
