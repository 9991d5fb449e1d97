import { describe, expect, it } from 'vitest';
import { clusterFacts } from '../../../../test/support/cluster-facts.js';
import {
  networkPolicy,
  rule as networkRule,
  runningPod,
  vendorPolicy,
} from '../../../../test/support/cluster-network.js';
import { binding, role, rule } from '../../../../test/support/cluster-rights.js';
import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import { CLUSTER_CONTROLS } from './cluster-controls.js';
import { clusterSubject } from './cluster-subject.js';
import { judgeClusterControls } from './judge-cluster-controls.js';

const WEB = runningPod('shop', 'web');
const EVERYWHERE = networkRule([{ ipBlock: { cidr: '0.0.0.0/0', except: [] } }]);

function resultOf(id: string, facts: ClusterFacts) {
  const controls = CLUSTER_CONTROLS.filter((control) => control.id === id);
  const subject = clusterSubject(facts, { now: new Date(0), trustedRegistries: null, lifecycle: null });
  const [result] = judgeClusterControls(controls, subject, (_, error) => {
    throw error;
  }).results;
  return result;
}

describe('controls over where rights lead', () => {
  const ADMIN = binding('cluster-admin', ['ServiceAccount/shop/root']);
  const SHOWN = {
    resource: 'ServiceAccount/shop/default',
    value: 'in shop, ClusterRole/r by RoleBinding/shop/r-to-default',
  };
  const lists = (...rules: Parameters<typeof rule>[]) => ({
    pods: [WEB],
    roles: [
      role(
        'r',
        rules.map((one) => rule(...one)),
      ),
    ],
    roleBindings: [ADMIN, binding('r', ['ServiceAccount/shop/default'], 'shop')],
  });

  it('names whoever can become cluster-admin, with the steps, and the workloads that run so', () => {
    const facts = clusterFacts(lists(['create', 'serviceaccounts/token']));
    const steps =
      'ServiceAccount/shop/default → ServiceAccount/shop/root: requests tokens of service accounts (ClusterRole/r by RoleBinding/shop/r-to-default)';
    expect(resultOf('rbac-no-way-to-cluster-admin', facts)).toMatchObject({
      status: 'fail',
      evidence: [{ resource: 'ServiceAccount/shop/default', value: expect.stringContaining(steps) }],
    });
    expect(resultOf('workload-no-way-to-cluster-admin', facts)).toMatchObject({
      status: 'fail',
      evidence: [{ resource: 'Pod/shop/web' }],
    });
  });

  it.each(['rbac-no-way-to-cluster-admin', 'workload-no-way-to-cluster-admin'])('%s passes where nobody can', (id) => {
    expect(resultOf(id, clusterFacts(lists(['get', 'pods'])))).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['rbac-no-port-forward', 'create', 'pods/portforward'],
    ['rbac-no-ephemeral-containers', 'patch', 'pods/ephemeralcontainers'],
  ])('%s', (id, verb, resource) => {
    expect(resultOf(id, clusterFacts(lists([verb, resource])))).toMatchObject({
      status: 'fail',
      evidence: [SHOWN],
    });
    expect(resultOf(id, clusterFacts(lists(['list', resource])))).toMatchObject({ status: 'pass' });
  });

  it('says nothing where roles were refused', () => {
    const roles = { known: false as const, code: 'not_permitted' as const, reason: 'The API refused.' };
    expect(resultOf('rbac-no-way-to-cluster-admin', clusterFacts({}, { roles }))).toMatchObject({
      status: 'undetermined',
    });
  });
});

describe('controls over the network', () => {
  const deny = networkPolicy('deny', 'shop', { policyTypes: ['Ingress', 'Egress'] });

  it.each(['workload-ingress-isolated', 'workload-egress-isolated'])('%s', (id) => {
    expect(resultOf(id, clusterFacts({ pods: [WEB] }))).toMatchObject({
      status: 'fail',
      evidence: [{ resource: 'Pod/shop/web' }],
    });
    expect(resultOf(id, clusterFacts({ pods: [WEB], networkPolicies: [deny] }))).toMatchObject({ status: 'pass' });
    const strange = vendorPolicy('CiliumNetworkPolicy', 'p', 'shop', { strange: true });
    expect(resultOf(id, clusterFacts({ pods: [WEB], vendorPolicies: [strange] }))).toMatchObject({
      status: 'undetermined',
    });
    expect(resultOf(id, clusterFacts({}))).toMatchObject({ status: 'not_applicable' });
  });

  it('knows which workloads reach the metadata service of a cloud', () => {
    const of = (policies: Parameters<typeof clusterFacts>[0], managedBy: 'eks' | null = 'eks') =>
      resultOf('workload-no-metadata-service', clusterFacts({ pods: [WEB], ...policies }, { managedBy }))?.status;
    expect(of({})).toBe('fail');
    expect(of({ networkPolicies: [deny] })).toBe('pass');
    expect(of({ networkPolicies: [networkPolicy('out', 'shop', { egress: [EVERYWHERE] })] })).toBe('fail');
    expect(of({}, null)).toBe('not_applicable');
  });
});
