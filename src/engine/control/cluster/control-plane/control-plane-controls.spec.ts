import { describe, expect, it } from 'vitest';
import { clusterFacts, clusterObject, container, pod } from '../../../../../test/support/cluster-facts.js';
import { ofRelease, resultOf } from '../../../../../test/support/cluster-judgement.js';
import type { Json } from '../../../../model/cluster/network.js';
import type { Node } from '../../../../model/cluster/node.js';
import type { Pod } from '../../../../model/cluster/pod.js';
import type { ControlStatus } from '../../../../model/control.js';

const running = (program: string, ...flags: string[]): Pod =>
  pod(
    `${program}-cp`,
    { containers: [container('app', { command: [program, ...flags] })] },
    { namespace: 'kube-system' },
  );
const statusOf = (id: string, ...pods: Pod[]) => resultOf(id, clusterFacts({ pods })).status;

describe('controls over the API server', () => {
  const admission = (list: string) => `--enable-admission-plugins=${list}`;
  it.each<[string, ControlStatus, ...string[]]>([
    ['api-server-no-anonymous', 'fail'],
    ['api-server-no-anonymous', 'fail', '--anonymous-auth'],
    ['api-server-no-anonymous', 'pass', '--anonymous-auth=false'],
    ['api-server-no-anonymous', 'undetermined', '--authentication-config=/a.yaml'],
    ['api-server-no-static-tokens', 'fail', '--token-auth-file', '/tokens'],
    ['api-server-no-static-tokens', 'pass'],
    ['api-server-deny-external-ips', 'fail', admission('NodeRestriction')],
    ['api-server-deny-external-ips', 'pass', admission('NodeRestriction,DenyServiceExternalIPs')],
    ['api-server-kubelet-client-certificate', 'fail', '--kubelet-client-certificate=/a'],
    ['api-server-kubelet-client-certificate', 'pass', '--kubelet-client-certificate=/a', '--kubelet-client-key=/b'],
    ['api-server-verifies-kubelets', 'fail'],
    ['api-server-verifies-kubelets', 'pass', '--kubelet-certificate-authority=/a'],
    ['api-server-no-always-allow', 'fail'],
    ['api-server-no-always-allow', 'fail', '--authorization-mode=RBAC,AlwaysAllow'],
    ['api-server-no-always-allow', 'pass', '--authorization-mode=RBAC'],
    ['api-server-node-authorization', 'fail', '--authorization-mode=RBAC'],
    ['api-server-node-authorization', 'pass', '--authorization-mode', 'Node,RBAC'],
    ['api-server-node-authorization', 'undetermined', '--authorization-config=/a.yaml'],
    ['api-server-rbac', 'fail', '--authorization-mode=Node,ABAC'],
    ['api-server-rbac', 'pass', '--authorization-mode=Node', '--authorization-mode=RBAC'],
    ['api-server-event-rate-limit', 'fail'],
    ['api-server-event-rate-limit', 'pass', admission('EventRateLimit')],
    ['api-server-no-always-admit', 'fail', admission('AlwaysAdmit')],
    ['api-server-no-always-admit', 'pass'],
    ['api-server-always-pull-images', 'fail', admission('NodeRestriction')],
    ['api-server-always-pull-images', 'pass', admission('AlwaysPullImages')],
    ['api-server-service-account-admission', 'fail', '--disable-admission-plugins=ServiceAccount'],
    ['api-server-service-account-admission', 'pass'],
    ['api-server-namespace-lifecycle', 'fail', '--disable-admission-plugins=NamespaceLifecycle'],
    ['api-server-namespace-lifecycle', 'pass', '--disable-admission-plugins=PodSecurity'],
    ['api-server-node-restriction', 'fail'],
    ['api-server-node-restriction', 'pass', admission('NodeRestriction')],
    ['api-server-no-profiling', 'fail'],
    ['api-server-no-profiling', 'pass', '--profiling=false'],
    ['api-server-audit-log', 'fail'],
    ['api-server-audit-log', 'pass', '--audit-log-path=-'],
    ['api-server-audit-log', 'pass', '--audit-webhook-config-file=/w'],
    ['api-server-audit-log-age', 'fail', '--audit-log-maxage=7'],
    ['api-server-audit-log-age', 'pass', '--audit-log-maxage=30'],
    ['api-server-audit-log-backups', 'fail', '--audit-log-maxbackup=x'],
    ['api-server-audit-log-backups', 'pass', '--audit-log-maxbackup=11'],
    ['api-server-audit-log-size', 'fail'],
    ['api-server-audit-log-size', 'pass', '--audit-log-maxsize', '100'],
    ['api-server-audit-policy', 'fail', '--audit-policy-file='],
    ['api-server-audit-policy', 'pass', '--audit-policy-file=/p'],
    ['api-server-request-timeout', 'pass'],
    ['api-server-request-timeout', 'pass', '--request-timeout=5m0s'],
    ['api-server-request-timeout', 'fail', '--request-timeout=1h'],
    ['api-server-request-timeout', 'fail', '--request-timeout=0'],
    ['api-server-request-timeout', 'fail', '--request-timeout=soon'],
    ['api-server-service-account-lookup', 'pass'],
    ['api-server-service-account-lookup', 'fail', '--service-account-lookup=false'],
    ['api-server-service-account-key', 'fail'],
    ['api-server-service-account-key', 'pass', '--service-account-key-file=/k'],
    ['api-server-etcd-client-certificate', 'fail', '--etcd-certfile=/c'],
    ['api-server-etcd-client-certificate', 'pass', '--etcd-certfile=/c', '--etcd-keyfile=/k'],
    ['api-server-certificate', 'fail'],
    ['api-server-certificate', 'pass', '--tls-cert-file=/c', '--tls-private-key-file=/k'],
    ['api-server-client-ca', 'fail'],
    ['api-server-client-ca', 'pass', '--client-ca-file=/c'],
    ['api-server-verifies-etcd', 'fail'],
    ['api-server-verifies-etcd', 'pass', '--etcd-cafile=/c'],
    ['api-server-encryption-at-rest', 'fail'],
    ['api-server-encryption-at-rest', 'pass', '--encryption-provider-config=/e'],
    ['api-server-encryption-provider', 'fail'],
    ['api-server-encryption-provider', 'manual', '--encryption-provider-config=/e'],
    ['api-server-strong-ciphers', 'fail'],
    ['api-server-strong-ciphers', 'fail', '--tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA'],
    ['api-server-strong-ciphers', 'pass', '--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    ['api-server-short-tokens', 'fail'],
    ['api-server-short-tokens', 'pass', '--service-account-extend-token-expiration=false'],
    ['api-server-no-profiling', 'undetermined', '--openshift-config=/c'],
  ])('%s is %s with %j %j', (id, status, ...flags) => {
    expect(statusOf(id, running('kube-apiserver', ...flags))).toBe(status);
  });
});

describe('controls over the rest of the control plane', () => {
  const CA = '--trusted-ca-file=/etcd/ca.crt';
  it.each<[string, ControlStatus, string, ...string[]]>([
    ['controller-manager-pod-collection', 'manual', 'kube-controller-manager'],
    ['controller-manager-pod-collection', 'pass', 'kube-controller-manager', '--terminated-pod-gc-threshold=10'],
    ['controller-manager-pod-collection', 'fail', 'kube-controller-manager', '--terminated-pod-gc-threshold=0'],
    ['controller-manager-no-profiling', 'fail', 'kube-controller-manager'],
    ['controller-manager-no-profiling', 'pass', 'kube-controller-manager', '--profiling=false'],
    ['controller-manager-own-accounts', 'fail', 'kube-controller-manager'],
    ['controller-manager-own-accounts', 'pass', 'kube-controller-manager', '--use-service-account-credentials'],
    ['controller-manager-service-account-key', 'fail', 'kube-controller-manager'],
    ['controller-manager-root-ca', 'pass', 'kube-controller-manager', '--root-ca-file=/c'],
    ['controller-manager-rotates-certificates', 'pass', 'kube-controller-manager'],
    [
      'controller-manager-rotates-certificates',
      'fail',
      'kube-controller-manager',
      '--feature-gates=A=true,RotateKubeletServerCertificate=false',
    ],
    ['controller-manager-bound-address', 'fail', 'kube-controller-manager'],
    ['controller-manager-bound-address', 'pass', 'kube-controller-manager', '--bind-address=127.0.0.1'],
    ['scheduler-no-profiling', 'fail', 'kube-scheduler'],
    ['scheduler-no-profiling', 'undetermined', 'kube-scheduler', '--config=/c'],
    ['scheduler-bound-address', 'fail', 'kube-scheduler', '--bind-address=0.0.0.0'],
    ['etcd-certificate', 'fail', 'etcd', '--cert-file=/c'],
    ['etcd-certificate', 'pass', 'etcd', '--cert-file=/c', '--key-file=/k'],
    ['etcd-certificate', 'undetermined', 'etcd', '--config-file=/c'],
    ['etcd-client-certificates', 'fail', 'etcd'],
    ['etcd-client-certificates', 'pass', 'etcd', '--client-cert-auth'],
    ['etcd-no-auto-tls', 'pass', 'etcd'],
    ['etcd-no-auto-tls', 'fail', 'etcd', '--auto-tls=true'],
    ['etcd-peer-certificate', 'fail', 'etcd'],
    ['etcd-peer-client-certificates', 'pass', 'etcd', '--peer-client-cert-auth=true'],
    ['etcd-no-peer-auto-tls', 'fail', 'etcd', '--peer-auto-tls'],
    ['etcd-own-ca', 'pass', 'etcd', CA],
    ['etcd-own-ca', 'fail', 'etcd'],
    ['kube-proxy-metrics-address', 'pass', 'kube-proxy'],
    ['kube-proxy-metrics-address', 'fail', 'kube-proxy', '--metrics-bind-address=0.0.0.0:10249'],
    ['kube-proxy-metrics-address', 'pass', 'kube-proxy', '--metrics-bind-address=[::1]:10249'],
    ['kube-proxy-metrics-address', 'undetermined', 'kube-proxy', '--config=/c'],
  ])('%s is %s with %s %j', (id, status, program, ...flags) => {
    expect(statusOf(id, running(program, ...flags))).toBe(status);
  });

  it('do not let etcd have the CA of the API server’s clients', () => {
    const server = running('kube-apiserver', '--client-ca-file=/etcd/ca.crt');
    expect(statusOf('etcd-own-ca', running('etcd', CA), server)).toBe('fail');
  });
});

describe('a control plane', () => {
  it('of an old release may have a port without encryption', () => {
    const status = (minor: number, ...flags: string[]) =>
      resultOf(
        'api-server-no-insecure-port',
        clusterFacts({ pods: [running('kube-apiserver', ...flags)] }, ofRelease(minor)),
      ).status;
    expect([status(34), status(19), status(19, '--insecure-port=0')]).toEqual(['pass', 'fail', 'pass']);
  });

  it('fails where one of its replicas does, and shows the flag', () => {
    const other = { ...running('kube-apiserver', '--profiling'), name: 'kube-apiserver-cp2' };
    const facts = clusterFacts({ pods: [running('kube-apiserver', '--profiling=false'), other] });
    expect(resultOf('api-server-no-profiling', facts).evidence).toEqual([
      { resource: 'Pod/kube-system/kube-apiserver-cp2', path: 'spec.containers[0].command', value: '--profiling' },
    ]);
  });

  it('that is not seen is undetermined, and not applicable where another runs it', () => {
    expect(statusOf('api-server-rbac')).toBe('undetermined');
    expect(resultOf('api-server-rbac', clusterFacts({}, { managedBy: 'eks' })).status).toBe('not_applicable');
    expect(resultOf('api-server-rbac', clusterFacts({}, { managedBy: 'openshift' })).status).toBe('undetermined');
    expect(resultOf('control-plane-files', clusterFacts({}, { managedBy: 'gke' })).status).toBe('not_applicable');
    expect(statusOf('control-plane-files')).toBe('manual');
  });
});

describe('controls over kubelets', () => {
  const status = (id: string, config: { [key: string]: Json }) =>
    resultOf(id, clusterFacts({ kubelets: [{ node: 'n1', config }] })).status;
  it.each<[string, { [key: string]: Json }, { [key: string]: Json }]>([
    ['kubelet-no-anonymous', { authentication: { anonymous: { enabled: false } } }, {}],
    ['kubelet-authorization', { authorization: { mode: 'Webhook' } }, { authorization: { mode: 'AlwaysAllow' } }],
    ['kubelet-client-ca', { authentication: { x509: { clientCAFile: '/c' } } }, { authentication: { x509: {} } }],
    ['kubelet-no-read-only-port', {}, { readOnlyPort: 10255 }],
    ['kubelet-idle-timeout', { streamingConnectionIdleTimeout: '4h0m0s' }, { streamingConnectionIdleTimeout: '0s' }],
    ['kubelet-iptables-chains', { makeIPTablesUtilChains: true }, { makeIPTablesUtilChains: false }],
    ['kubelet-event-rate', { eventRecordQPS: 50 }, { eventRecordQPS: -1 }],
    ['kubelet-certificate', { tlsCertFile: '/c', tlsPrivateKeyFile: '/k' }, { tlsCertFile: '/c' }],
    ['kubelet-certificate', { serverTLSBootstrap: true }, {}],
    ['kubelet-rotates-certificates', { rotateCertificates: true }, {}],
    ['kubelet-rotates-server-certificates', {}, { featureGates: { RotateKubeletServerCertificate: false } }],
    ['kubelet-strong-ciphers', { tlsCipherSuites: ['TLS_AES_128_GCM_SHA256'] }, { tlsCipherSuites: [] }],
    ['kubelet-pids-limit', { podPidsLimit: 4096 }, { podPidsLimit: -1 }],
    ['kubelet-seccomp-default', { seccompDefault: true }, {}],
    ['kubelet-seccomp-default', { seccompDefault: true }, { seccompDefault: 'true' }],
  ])('%s passes with %j and fails with %j', (id, good, bad) => {
    expect(status(id, good)).toBe('pass');
    expect(status(id, bad)).toBe('fail');
  });

  it('are undetermined without a configuration, and not applicable without a node', () => {
    const node = { ...clusterObject('Node', 'n1', { namespace: null }) } as Node;
    expect(resultOf('kubelet-pids-limit', clusterFacts({ nodes: [node] })).status).toBe('undetermined');
    expect(resultOf('kubelet-pids-limit', clusterFacts()).status).toBe('not_applicable');
  });
});
