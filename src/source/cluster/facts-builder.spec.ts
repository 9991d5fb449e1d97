import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SecretScanner } from '../../engine/secret/secret-scanner.js';
import type { ClusterFacts } from '../../model/cluster/cluster-facts.js';
import { FactsBuilder } from './facts-builder.js';
import { ClusterRedaction } from './object/cluster-redaction.js';
import type { Raw } from './object/fields.js';

const UNASKED = { known: false as const, code: 'not_collected' as const, reason: 'Not asked.' };

function factsOf(...objects: Raw[]): ClusterFacts {
  const builder = new FactsBuilder(new ClusterRedaction(new SecretScanner(Buffer.from('key'))));
  for (const object of objects) builder.add(object, null);
  const now = new Date('2026-11-24T00:00:00Z');
  return builder.finish({ collectedBy: 'api', now, server: UNASKED, kubelets: UNASKED, absent: () => null });
}

const yaml = (text: string) => factsOf(parse(text) as Raw);

const podWith = (container: Raw, spec: { [key: string]: Raw } = {}) =>
  factsOf({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', ...(container as object) } as Raw], ...spec },
  });

describe('what is not as Kubernetes has it', () => {
  it.each<[string, Raw, string]>([
    [
      'a text for a switch',
      { securityContext: { privileged: 'true' } },
      'securityContext.privileged: expected true or false, got a text',
    ],
    ['a list for an object', { securityContext: [] }, 'securityContext: expected an object, got a list'],
    [
      'a text for a number',
      { ports: [{ containerPort: '80' }] },
      'ports[0].containerPort: expected a whole number, got a text',
    ],
    ['a text for a list', { command: 'sh' }, 'command: expected a list, got a text'],
    ['a number in a list of texts', { args: ['a', 1] }, 'args[1]: expected a text, got a number'],
    ['nothing where something is needed', { volumeMounts: [{ name: 'v' }] }, 'volumeMounts[0].mountPath is missing'],
  ])('is a gap of its list that names the field: %s', (_, container, text) => {
    const { pods } = podWith(container);
    expect(pods).toMatchObject({ known: true, gaps: [`Pod/default/p: spec.containers[0].${text}.`] });
  });

  it('is told for other kinds too', () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'b' } };
    const { roleBindings } = factsOf({
      ...role,
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [{ kind: 'Robot', name: 'x' }],
    });
    expect(roleBindings).toMatchObject({
      gaps: [expect.stringContaining('expected User, Group, ServiceAccount, got "Robot"')],
    });
    const { networkPolicies } = factsOf({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'n' },
      spec: { podSelector: {}, ingress: [{ from: {} }] },
    });
    // What could not be read does not stand for everywhere.
    expect(networkPolicies).toMatchObject({
      value: [{ ingress: [{ peers: [] }] }],
      gaps: [expect.stringContaining('from')],
    });
  });

  it.each<[string, Raw]>([
    ['null', null],
    ['a list', []],
    ['a number', 1],
    ['an object without kind', { metadata: {} }],
    ['a kind that is no text', { apiVersion: 'v1', kind: {} }],
    ['metadata that is none', { apiVersion: 'v1', kind: 'Pod', metadata: 7 }],
    [
      'keys that mean something to objects',
      JSON.parse('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","labels":{"__proto__":"y"}},"__proto__":{}}'),
    ],
  ])('breaks nothing: %s', (_, value) => {
    expect(() => factsOf(value)).not.toThrow();
  });
});

describe('secrets', () => {
  const VALUE = 'c3VwZXItc2VjcmV0LXZhbHVl';

  it('keep nothing but name and type, of annotations that repeat them neither', () => {
    const facts = factsOf({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: {
        name: 's',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"p":"${VALUE}"}}`, own: VALUE },
      },
      data: { p: VALUE },
      stringData: { q: VALUE },
    });
    expect(JSON.stringify(facts)).not.toContain(VALUE);
    expect(facts.secrets).toMatchObject({ value: [{ name: 's', type: 'Opaque', annotations: {} }], gaps: [] });
  });

  it('are not in what another object was applied with', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': VALUE, 'example.com/team': 'a' };
    const facts = factsOf({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', annotations },
      spec: { containers: [] },
    });
    expect(JSON.stringify(facts)).not.toContain(VALUE);
    expect(facts.pods).toMatchObject({ value: [{ annotations: { 'example.com/team': 'a' } }] });
  });

  it('of variables and commands are replaced, and variables name their rule', () => {
    const facts = podWith({
      env: [{ name: 'DB_PASSWORD', value: 'hunter2x' }, { name: 'MODE', value: 'fast' }, { name: 'GONE' }],
      args: ['--password', 'hunter2x', '--db=postgres://u:hunter2x@db'],
    });
    expect(JSON.stringify(facts)).not.toContain('hunter2x');
    const [pod] = facts.pods.known ? facts.pods.value : [];
    expect(pod?.spec.containers[0]?.env).toEqual([
      { name: 'DB_PASSWORD', value: expect.stringContaining('redacted'), secretRule: 'secret-by-name', from: null },
      { name: 'MODE', value: 'fast', secretRule: null, from: null },
      { name: 'GONE', value: '', secretRule: null, from: null },
    ]);
  });

  it('of ConfigMaps are told by key, rule and line alone', () => {
    const { configMaps } = factsOf({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { 'app.properties': 'a=1\ndb.password=hunter2x\n', token: 'hunter2x', plain: 'yes' },
    });
    expect(JSON.stringify(configMaps)).not.toContain('hunter2x');
    expect(configMaps).toMatchObject({
      value: [
        {
          keys: ['app.properties', 'plain', 'token'],
          secrets: [
            { key: 'app.properties', line: 2 },
            { key: 'token', line: 1 },
          ],
        },
      ],
    });
  });
});

describe('kinds', () => {
  it.each([
    [
      'Deployment of extensions/v1beta1',
      'workloads',
      { kind: 'Deployment' },
      'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: x}\nspec: {template: {spec: {containers: []}}}',
    ],
    [
      'CronJob of batch/v1beta1',
      'workloads',
      { kind: 'CronJob', template: { spec: { hostPID: true } } },
      'apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: x}\nspec: {jobTemplate: {spec: {template: {spec: {hostPID: true}}}}}',
    ],
    [
      'Ingress of v1beta1',
      'routes',
      { hosts: ['a'], backends: [{ service: 's', port: 80, path: '/' }] },
      'apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: x}\nspec: {rules: [{host: a, http: {paths: [{path: /, backend: {serviceName: s, servicePort: 80}}]}}]}',
    ],
    [
      'Calico’s NetworkPolicy',
      'vendorPolicies',
      { kind: 'CalicoNetworkPolicy', specs: [{ order: 1 }] },
      'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: x}\nspec: {order: 1}',
    ],
    [
      'OpenShift’s Route',
      'routes',
      { kind: 'OpenShiftRoute', hosts: ['h'], tlsHosts: [] },
      'apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: x}\nspec: {host: h, to: {kind: Service, name: s}}',
    ],
    [
      'a policy without types',
      'networkPolicies',
      { policyTypes: ['Ingress', 'Egress'], egress: [{ peers: null, ports: null }] },
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: x}\nspec: {podSelector: {}, egress: [{}]}',
    ],
    [
      'a volume of a host',
      'pods',
      { spec: { volumes: [{ type: 'hostPath', path: '/' }] } },
      'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [], volumes: [{name: v, hostPath: {path: /}}]}',
    ],
  ] as const)('are read: %s', (_, list, expected, text) => {
    expect(yaml(text)[list]).toMatchObject({ known: true, value: [expected], gaps: [] });
  });

  it('that are not read are counted', () => {
    expect(yaml('apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n').otherKinds).toEqual({
      'argoproj.io/v1alpha1/Rollout': 1,
    });
  });
});

describe('who runs the control plane', () => {
  const node = (labels: { [key: string]: string }, kubeletVersion = 'v1.34.1') =>
    ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n', labels },
      status: { nodeInfo: { kubeletVersion } },
    }) as Raw;
  it.each<[string, Raw, string | null]>([
    ['eks', node({ 'eks.amazonaws.com/nodegroup': 'a' }), 'eks'],
    ['gke by the kubelet', node({}, 'v1.31.4-gke.1183000'), 'gke'],
    ['aks', node({ 'kubernetes.azure.com/cluster': 'a' }), 'aks'],
    ['a cluster of one’s own', node({ 'kubernetes.io/os': 'linux' }), null],
  ])('is told by signs of its nodes: %s', (_, object, expected) => {
    expect(factsOf(object).managedBy).toBe(expected);
  });
});
