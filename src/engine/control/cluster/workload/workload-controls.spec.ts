import { describe, expect, it } from 'vitest';
import {
  clusterFacts,
  clusterObject,
  container,
  deployment,
  pod,
  podSpec,
} from '../../../../../test/support/cluster-facts.js';
import { onePod, podSecured, resultOf, secured, withContainer } from '../../../../../test/support/cluster-judgement.js';
import type { ClusterFacts } from '../../../../model/cluster/cluster-facts.js';
import type { ConfigMap } from '../../../../model/cluster/governance.js';
import type { Container, EnvVar, Workload } from '../../../../model/cluster/pod.js';
import type { ServiceAccount } from '../../../../model/cluster/rights.js';
import type { ControlStatus } from '../../../../model/control.js';

const image = (name: string, imagePullPolicy: string | null = null) => withContainer({ image: name, imagePullPolicy });
const DIGEST = `sha256:${'a'.repeat(64)}`;
const hostPath = (path: string, mount?: { readOnly: boolean }) => {
  const volume = {
    name: 'v',
    type: 'hostPath',
    path,
    hostPathType: null,
    reference: null,
    readOnly: null,
    sources: [],
  };
  const mounts = mount ? [{ name: 'v', mountPath: '/v', subPath: null, mountPropagation: null, ...mount }] : [];
  return onePod({ volumes: [volume], containers: [container('app', { volumeMounts: mounts })] });
};
const capabilities = (add: string[], drop: string[]) => secured({ capabilities: { add, drop } });
const resources = (limits: Record<string, string>, requests: Record<string, string> = {}) =>
  withContainer({ resources: { limits, requests } });
const env = (of: Partial<EnvVar>) =>
  withContainer({ env: [{ name: 'E', value: null, secretRule: null, from: null, ...of }] });
const account = (name: string, automountServiceAccountToken: boolean | null): ServiceAccount => {
  return { ...clusterObject('ServiceAccount', name), automountServiceAccountToken, secrets: [], imagePullSecrets: [] };
};
const probed = { livenessProbe: { type: 'exec', host: null } } satisfies Partial<Container>;
const job = (kind: Workload['kind']) =>
  clusterFacts({ workloads: [{ ...deployment('w'), apiVersion: 'batch/v1', kind }] });
const map = (secrets: ConfigMap['secrets']) =>
  clusterFacts({ configMaps: [{ ...clusterObject('ConfigMap', 'm'), keys: ['k'], secrets }] });

describe('controls over workloads', () => {
  it.each<[string, ClusterFacts, ControlStatus]>([
    ['workload-trusted-registry', image('nginx'), 'manual'],
    ['workload-pinned-tag', image('nginx'), 'fail'],
    ['workload-pinned-tag', image('nginx:latest'), 'fail'],
    ['workload-pinned-tag', image('registry:5000/nginx'), 'fail'],
    ['workload-pinned-tag', image('{{ .Values.image }}'), 'fail'],
    ['workload-pinned-tag', image('nginx:1.27'), 'pass'],
    ['workload-pinned-tag', image(`nginx@${DIGEST}`), 'pass'],
    ['workload-image-digest', image('nginx:1.27'), 'fail'],
    ['workload-image-digest', image(`nginx:1.27@${DIGEST}`), 'pass'],
    ['workload-pull-policy', image('nginx', 'IfNotPresent'), 'fail'],
    ['workload-pull-policy', image('nginx'), 'pass'],
    ['workload-pull-policy', image('nginx:1.27', 'IfNotPresent'), 'pass'],
    ['workload-pull-policy', image('nginx:1.27', 'Never'), 'fail'],
    ['workload-no-engine-socket', hostPath('/var/run/docker.sock'), 'fail'],
    ['workload-no-engine-socket', hostPath('/run/containerd/containerd.sock'), 'fail'],
    ['workload-no-engine-socket', hostPath('/var/run/'), 'fail'],
    ['workload-no-engine-socket', hostPath('/'), 'fail'],
    ['workload-no-engine-socket', hostPath('/run/xtables.lock'), 'pass'],
    ['workload-no-writable-host-path', hostPath('/data', { readOnly: false }), 'fail'],
    ['workload-no-writable-host-path', hostPath('/data', { readOnly: true }), 'pass'],
    ['workload-no-writable-host-path', hostPath('/data'), 'pass'],
    ['workload-read-only-root', secured({}), 'fail'],
    ['workload-read-only-root', secured({}, 34, { os: 'windows' }), 'pass'],
    ['workload-read-only-root', secured({ readOnlyRootFilesystem: true }), 'pass'],
    ['workload-no-net-raw', secured({}), 'fail'],
    ['workload-no-net-raw', capabilities([], ['NET_RAW']), 'pass'],
    ['workload-no-net-raw', capabilities([], ['ALL']), 'pass'],
    ['workload-no-net-raw', capabilities(['NET_RAW'], ['ALL']), 'fail'],
    ['workload-security-context', onePod({}), 'fail'],
    ['workload-security-context', podSecured({ fsGroup: 1 }), 'pass'],
    ['workload-security-context', secured({ privileged: false }), 'pass'],
    ['workload-memory-limit', resources({ cpu: '1' }), 'fail'],
    ['workload-memory-limit', resources({ memory: '1Gi' }), 'pass'],
    ['workload-cpu-limit', resources({ memory: '1Gi' }), 'fail'],
    ['workload-cpu-limit', resources({ cpu: '1' }), 'pass'],
    ['workload-requests', resources({ cpu: '1' }), 'fail'],
    ['workload-requests', resources({ cpu: '1' }, { memory: '1' }), 'pass'],
    ['workload-liveness-probe', withContainer({}), 'fail'],
    ['workload-liveness-probe', withContainer(probed), 'pass'],
    ['workload-liveness-probe', job('CronJob'), 'pass'],
    ['workload-readiness-probe', job('DaemonSet'), 'fail'],
    ['workload-no-secrets-in-environment', env({ value: '(redacted)', secretRule: 'aws-key' }), 'fail'],
    ['workload-no-secrets-in-environment', env({ value: 'info' }), 'pass'],
    ['workload-secrets-as-files', env({ from: { kind: 'Secret', name: 's', key: 'k' } }), 'fail'],
    ['workload-secrets-as-files', withContainer({ envFrom: [{ kind: 'Secret', name: 's' }] }), 'fail'],
    ['workload-secrets-as-files', withContainer({ envFrom: [{ kind: 'ConfigMap', name: 'm' }] }), 'pass'],
    ['config-map-no-secrets', map([{ key: 'k', rule: 'aws-key', line: 3 }]), 'fail'],
    ['config-map-no-secrets', map([]), 'pass'],
    ['workload-token-not-mounted', onePod({}), 'fail'],
    ['workload-token-not-mounted', onePod({ automountServiceAccountToken: false }), 'pass'],
    ['default-service-account-unused', clusterFacts({ serviceAccounts: [account('default', null)] }), 'fail'],
    ['default-service-account-unused', clusterFacts({ serviceAccounts: [account('default', false)] }), 'pass'],
    ['default-service-account-unused', clusterFacts({ serviceAccounts: [account('web', null)] }), 'pass'],
    ['workload-own-namespace', onePod({}), 'fail'],
    ['workload-own-namespace', clusterFacts({ pods: [pod('p', {}, { namespace: 'shop' })] }), 'pass'],
    ['workload-has-controller', onePod({}), 'fail'],
    ['workload-has-controller', clusterFacts({ workloads: [deployment('web')] }), 'pass'],
    ['workload-has-controller', onePod({}, { 'kubernetes.io/config.source': 'file' }), 'pass'],
  ])('%s, %#: %j', (id, facts, status) => {
    expect(resultOf(id, facts).status).toBe(status);
  });

  it('know which registries are trusted', () => {
    const trusted = (name: string) =>
      resultOf('workload-trusted-registry', image(name), { trustedRegistries: ['ghcr.io/team'] });
    expect(trusted('ghcr.io/team/app:1').status).toBe('pass');
    expect(trusted('nginx:1').evidence).toEqual([
      { resource: 'Pod/default/p', path: 'spec.containers[0].image', value: 'nginx:1' },
    ]);
    expect(trusted('NOT an image').status).toBe('fail');
  });

  it('take what a LimitRange gave pods before what their template leaves open', () => {
    const owners = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: null, controller: true }];
    const web = { ...deployment('web'), apiVersion: 'apps/v1' };
    const limited = container('app', { resources: { limits: { memory: '1Gi', cpu: '1' }, requests: {} } });
    const replica = pod('web-1', { containers: [limited] }, { owners });
    expect(resultOf('workload-memory-limit', clusterFacts({ workloads: [web] })).status).toBe('fail');
    expect(resultOf('workload-memory-limit', clusterFacts({ workloads: [web], pods: [replica] })).status).toBe('pass');
  });

  it('let a service account decide about its token, where the pod does not', () => {
    const facts = (serviceAccounts: ServiceAccount[]) =>
      clusterFacts({ pods: [pod('p', { serviceAccountName: 'web' })], serviceAccounts });
    expect(resultOf('workload-token-not-mounted', facts([account('web', false)])).status).toBe('pass');
    expect(resultOf('workload-token-not-mounted', facts([account('default', false)])).status).toBe('fail');
    const unknown = { known: false, code: 'not_permitted', reason: 'Refused.' } as const;
    const refused = { ...facts([]), serviceAccounts: unknown };
    expect(resultOf('workload-token-not-mounted', refused).status).toBe('undetermined');
  });

  it('are judged by what is known, and undetermined where that shows nothing', () => {
    const unknown = { known: false, code: 'not_permitted', reason: 'Pods were refused.' } as const;
    const bad = podSpec({ hostPID: true });
    const template = { labels: {}, annotations: {}, spec: bad };
    const facts = { ...clusterFacts({ workloads: [deployment('web', {}, { template })] }), pods: unknown };
    expect(resultOf('pod-no-host-pid', facts).status).toBe('fail');
    expect(resultOf('pod-no-host-ipc', facts)).toMatchObject({
      status: 'undetermined',
      reason: expect.stringContaining('Pods were refused'),
    });
    expect(resultOf('pod-no-host-ipc', { ...facts, workloads: unknown }).status).toBe('undetermined');
  });
});
