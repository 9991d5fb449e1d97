import { describe, expect, it } from 'vitest';
import { clusterFacts, clusterObject, container, pod } from '../../../../test/support/cluster-facts.js';
import { account, binding, role, rule } from '../../../../test/support/cluster-rights.js';
import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import type { Namespace, SecretMetadata } from '../../../model/cluster/governance.js';
import type { Node } from '../../../model/cluster/node.js';
import type { Pod } from '../../../model/cluster/pod.js';
import type { PolicyRule } from '../../../model/cluster/rights.js';
import { workloadsOf } from '../workloads.js';
import { CLUSTER } from './escalation.js';
import { escalationGraph } from './escalation-graph.js';
import { wayFrom, waysTo } from './takeover.js';

const RBAC = { apiGroups: ['rbac.authorization.k8s.io'] };
const CERTIFICATES = { apiGroups: ['certificates.k8s.io'] };
const ROOT = binding('cluster-admin', ['ServiceAccount/kube-system/root']);

/** The steps from a principal to the whole cluster, each as where it leads and how. */
function steps(facts: ClusterFacts, from: string): string[] {
  const graph = escalationGraph(facts, workloadsOf(facts));
  const first = waysTo(graph, (id) => id === CLUSTER);
  return wayFrom(first, from).map(({ to, technique }) => `${technique} ${to}`);
}

/** What jane may do by these rules, in a cluster with an account that may do everything. */
function jane(
  rules: PolicyRule[],
  at: string | null = null,
  of: Partial<ClusterFacts> = {},
  more: Parameters<typeof clusterFacts>[0] = {},
) {
  const lists = {
    serviceAccounts: [account('kube-system', 'root'), account('shop', 'web')],
    roles: [role('cluster-admin', [rule('*', '*', { apiGroups: ['*'] })]), role('own', rules)],
    roleBindings: [ROOT, binding('own', ['User/jane'], at), ...(more.roleBindings ?? [])],
  };
  return steps(clusterFacts({ ...more, ...lists }, of), 'User/jane');
}

const AS_ROOT = 'ServiceAccount/kube-system/root';
const EVERYTHING = 'everything cluster-admin';

describe('who may become cluster-admin', () => {
  it.each<[string, PolicyRule[], string | null, string[]]>([
    ['reads pods', [rule('get list', 'pods')], null, []],
    ['may do everything', [rule('*', '*', { apiGroups: ['*'] })], null, [EVERYTHING]],
    ['may do everything in a namespace without power', [rule('*', '*', { apiGroups: ['*'] })], 'shop', []],
    [
      'may do everything in a namespace with power',
      [rule('*', '*', { apiGroups: ['*'] })],
      'kube-system',
      [`impersonate ${AS_ROOT}`, EVERYTHING],
    ],
    [
      'may do everything of one group',
      [rule('*', '*')],
      null,
      ['impersonate Group/system:masters', 'system-masters cluster-admin'],
    ],
    ['requests tokens', [rule('create', 'serviceaccounts/token')], null, [`request-token ${AS_ROOT}`, EVERYTHING]],
    ['requests tokens elsewhere', [rule('create', 'serviceaccounts/token')], 'shop', []],
    [
      'requests the token by name',
      [rule('create', 'serviceaccounts/token', { resourceNames: ['root'] })],
      'kube-system',
      [`request-token ${AS_ROOT}`, EVERYTHING],
    ],
    [
      'requests another token by name',
      [rule('create', 'serviceaccounts/token', { resourceNames: ['x'] })],
      'kube-system',
      [],
    ],
    ['makes pods there', [rule('create', 'pods')], 'kube-system', [`create-workload ${AS_ROOT}`, EVERYTHING]],
    [
      'patches deployments there',
      [rule('patch', 'deployments', { apiGroups: ['apps'] })],
      'kube-system',
      [`create-workload ${AS_ROOT}`, EVERYTHING],
    ],
    ['scales deployments', [rule('patch', '*/scale', { apiGroups: ['apps'] })], 'kube-system', []],
    [
      'makes secrets and reads them',
      [rule('create get', 'secrets')],
      'kube-system',
      [`make-token-secret ${AS_ROOT}`, EVERYTHING],
    ],
    ['makes secrets', [rule('create', 'secrets')], 'kube-system', []],
    [
      'impersonates the group of masters, and somebody',
      [rule('impersonate', 'groups,users')],
      null,
      ['impersonate Group/system:masters', 'system-masters cluster-admin'],
    ],
    ['impersonates groups, and nobody', [rule('impersonate', 'groups')], null, []],
    ['binds any role', [rule('create bind', 'clusterrolebindings,clusterroles', RBAC)], null, ['bind cluster-admin']],
    ['writes bindings and may not bind', [rule('create update', 'clusterrolebindings', RBAC)], null, []],
    [
      'binds a role without power',
      [rule('create', 'clusterrolebindings', RBAC), rule('bind', 'clusterroles', { ...RBAC, resourceNames: ['own'] })],
      null,
      [],
    ],
    [
      'binds any role in the namespace',
      [rule('create bind', 'rolebindings,clusterroles', RBAC)],
      'kube-system',
      ['bind rights of ClusterRole/cluster-admin in kube-system', `impersonate ${AS_ROOT}`, EVERYTHING],
    ],
    [
      'changes a binding of the role',
      [
        rule('patch', 'clusterrolebindings', { ...RBAC, resourceNames: ['cluster-admin-to-root'] }),
        rule('bind', 'clusterroles', RBAC),
      ],
      null,
      ['bind cluster-admin'],
    ],
    ['escalates its own role', [rule('escalate update', 'clusterroles', RBAC)], null, ['escalate cluster-admin']],
    ['escalates and may not write', [rule('escalate get', 'clusterroles', RBAC)], null, []],
    [
      'escalates another role',
      [rule('escalate update', 'clusterroles', { ...RBAC, resourceNames: ['other'] })],
      null,
      [],
    ],
    [
      'changes pods by a webhook',
      [rule('patch', 'mutatingwebhookconfigurations', { apiGroups: ['admissionregistration.k8s.io'] })],
      null,
      [`mutating-webhook ${AS_ROOT}`, EVERYTHING],
    ],
    [
      'approves certificates',
      [
        rule('create', 'certificatesigningrequests', CERTIFICATES),
        rule('update', 'certificatesigningrequests/approval', CERTIFICATES),
        rule('approve', 'signers', { ...CERTIFICATES, resourceNames: ['kubernetes.io/kube-apiserver-client'] }),
      ],
      null,
      [`approve-certificate ${AS_ROOT}`, EVERYTHING],
    ],
    [
      'approves serving certificates',
      [
        rule('create', 'certificatesigningrequests', CERTIFICATES),
        rule('update', 'certificatesigningrequests/approval', CERTIFICATES),
        rule('approve', 'signers', { ...CERTIFICATES, resourceNames: ['kubernetes.io/kubelet-serving'] }),
      ],
      null,
      [],
    ],
  ])('jane %s', (_, rules, at, expected) => {
    expect(jane(rules, at)).toEqual(expected);
  });

  it('by a certificate nobody becomes a master, which since 1.18 is refused', () => {
    const rules = [rule('*', 'certificatesigningrequests,certificatesigningrequests/approval,signers', CERTIFICATES)];
    const lists = { roles: [role('own', rules)], roleBindings: [binding('own', ['User/jane'])] };
    expect(steps(clusterFacts(lists), 'User/jane')).toEqual([]);
  });

  const powerful = pod('ctl', { serviceAccountName: 'root', nodeName: 'n1' }, { namespace: 'kube-system' });

  it.each<[string, PolicyRule, number, string[]]>([
    [
      'pods/exec',
      rule('create', 'pods/exec'),
      35,
      ['run-in-pod Pod/kube-system/ctl', `token-of-pod ${AS_ROOT}`, EVERYTHING],
    ],
    [
      'pods/exec, to get',
      rule('get', 'pods/exec'),
      34,
      ['run-in-pod Pod/kube-system/ctl', `token-of-pod ${AS_ROOT}`, EVERYTHING],
    ],
    ['pods/exec, to get, since it takes more', rule('get', 'pods/exec'), 35, []],
    ['another pod’s exec', rule('create', 'pods/exec', { resourceNames: ['x'] }), 34, []],
    [
      'ephemeral containers',
      rule('patch', 'pods/ephemeralcontainers'),
      34,
      ['run-in-pod Pod/kube-system/ctl', `token-of-pod ${AS_ROOT}`, EVERYTHING],
    ],
    ['port forwarding', rule('create', 'pods/portforward'), 34, []],
    [
      'nodes/proxy',
      rule('get', 'nodes/proxy'),
      34,
      ['nodes-proxy Pod/kube-system/ctl', `token-of-pod ${AS_ROOT}`, EVERYTHING],
    ],
    ['nodes/proxy of another node', rule('get', 'nodes/proxy', { resourceNames: ['n2'] }), 34, []],
  ])('by %s', (_, of, minor, expected) => {
    const server = { known: true as const, value: { gitVersion: '', major: 1, minor, platform: null }, gaps: [] };
    expect(jane([of], null, { server }, { pods: [powerful] })).toEqual(expected);
  });

  it('a token that a pod does not have is not there to be taken', () => {
    const bare = pod(
      'ctl',
      { serviceAccountName: 'root', automountServiceAccountToken: false },
      { namespace: 'kube-system' },
    );
    expect(jane([rule('create', 'pods/exec')], null, {}, { pods: [bare] })).toEqual([]);
  });

  it('by a secret that holds the token of an account', () => {
    const annotations = { 'kubernetes.io/service-account.name': 'root' };
    const of = { namespace: 'kube-system', annotations };
    const secrets: SecretMetadata[] = [
      { ...clusterObject('Secret', 'root-token', of), type: 'kubernetes.io/service-account-token' },
    ];
    expect(jane([rule('list', 'secrets')], null, {}, { secrets })).toEqual([`read-secrets ${AS_ROOT}`, EVERYTHING]);
    expect(jane([rule('get', 'secrets', { resourceNames: ['x'] })], null, {}, { secrets })).toEqual([]);
  });

  it('by a privileged pod, unless the namespace lets none in', () => {
    const worker: Node = { ...node('n1'), labels: { 'node-role.kubernetes.io/control-plane': '' } };
    const namespace = (level: string): Namespace =>
      clusterObject('Namespace', 'shop', { namespace: null, labels: { 'pod-security.kubernetes.io/enforce': level } });
    const of = (level: string) =>
      jane([rule('create', 'pods')], 'shop', {}, { nodes: [worker], namespaces: [namespace(level)] });
    expect(of('privileged')).toEqual(['create-workload Node/n1', 'keys-of-cluster cluster-admin']);
    expect(of('baseline')).toEqual([]);
  });

  it('from a node of a cluster whose control plane is somebody else’s there is a way by the pods on it alone', () => {
    const worker: Node = { ...node('n1'), labels: { 'node-role.kubernetes.io/master': '' } };
    const breakout = pod('agent', {
      nodeName: 'n1',
      containers: [container('c', { securityContext: { ...container('c').securityContext, privileged: true } })],
    });
    const of = (pods: Pod[], managedBy: 'eks' | null) =>
      steps(clusterFacts({ pods, nodes: [worker], roleBindings: [ROOT] }, { managedBy }), 'Pod/default/agent');
    expect(of([breakout], null)).toEqual(['node-of-pod Node/n1', 'keys-of-cluster cluster-admin']);
    expect(of([breakout], 'eks')).toEqual([]);
    expect(of([breakout, powerful], 'eks')).toEqual(['node-of-pod Node/n1', `pods-of-node ${AS_ROOT}`, EVERYTHING]);
  });

  it('names the rights that a step takes', () => {
    const facts = clusterFacts({ roleBindings: [ROOT] });
    const [edge] = escalationGraph(facts, []).leaving.get(AS_ROOT) ?? [];
    expect(edge?.grants).toMatchObject([
      { role: 'ClusterRole/cluster-admin', binding: 'ClusterRoleBinding/cluster-admin-to-root' },
    ]);
  });
});

function node(name: string): Node {
  return {
    ...clusterObject('Node', name, { namespace: null }),
    kubeletVersion: null,
    kernelVersion: null,
    osImage: null,
    operatingSystem: 'linux',
    architecture: null,
    containerRuntimeVersion: null,
    providerID: null,
    taints: [],
    addresses: [],
    images: [],
  };
}
