import { describe, expect, it } from 'vitest';
import { clusterFacts, container, deployment, podSpec } from '../../../../../test/support/cluster-facts.js';
import { onePod, podSecured, resultOf, secured, withContainer } from '../../../../../test/support/cluster-judgement.js';
import type { ClusterFacts } from '../../../../model/cluster/cluster-facts.js';
import type { Container, SecurityContext, Volume } from '../../../../model/cluster/pod.js';
import type { ControlStatus } from '../../../../model/control.js';

const volume = (type: string): Volume => {
  return { name: 'v', type, path: '/', hostPathType: null, reference: null, readOnly: null, sources: [] };
};
const profile = (type: string) => ({ type, localhostProfile: null });
const selinux = (of: Partial<NonNullable<SecurityContext['seLinuxOptions']>>) => {
  return { seLinuxOptions: { type: null, user: null, role: null, level: null, ...of } };
};
const port = (hostPort: number | null) => {
  return { ports: [{ name: null, containerPort: 80, hostPort, hostIP: null, protocol: 'TCP' }] };
};
const sysctl = (name: string) => ({ sysctls: [{ name, value: '1' }] });
const capabilities = (add: string[], drop: string[] = []) => ({ capabilities: { add, drop } });
const windows = { os: 'windows' };
const ownUsers = { hostUsers: false };

type Row = [id: string, facts: ClusterFacts, status: ControlStatus];

describe('the baseline profile', () => {
  it.each<Row>([
    ['pod-no-host-network', onePod({ hostNetwork: true }), 'fail'],
    ['pod-no-host-network', onePod({ hostPID: true }), 'pass'],
    ['pod-no-host-pid', onePod({ hostPID: true }), 'fail'],
    ['pod-no-host-ipc', onePod({ hostIPC: true }), 'fail'],
    ['pod-no-host-ipc', onePod({}), 'pass'],
    ['pod-no-host-path', onePod({ volumes: [volume('hostPath')] }), 'fail'],
    ['pod-no-host-path', onePod({ volumes: [volume('emptyDir')] }), 'pass'],
    ['pod-no-host-ports', withContainer(port(80)), 'fail'],
    ['pod-no-host-ports', withContainer(port(0)), 'pass'],
    ['pod-no-host-ports', withContainer(port(null)), 'pass'],
    ['pod-no-host-process', podSecured({ windowsHostProcess: true }), 'fail'],
    ['pod-no-host-process', secured({ windowsHostProcess: true }), 'fail'],
    ['pod-no-host-process', secured({ windowsHostProcess: false }), 'pass'],
    ['pod-no-probe-host', withContainer({ livenessProbe: { type: 'httpGet', host: '169.254.169.254' } }), 'fail'],
    ['pod-no-probe-host', withContainer({ preStop: { type: 'tcpSocket', host: 'db' } }), 'fail'],
    ['pod-no-probe-host', withContainer({ preStop: { type: 'tcpSocket', host: 'db' } }, 33), 'pass'],
    ['pod-no-probe-host', withContainer({ startupProbe: { type: 'httpGet', host: '' } }), 'pass'],
    ['pod-not-privileged', secured({ privileged: true }), 'fail'],
    ['pod-not-privileged', secured({ privileged: false }), 'pass'],
    ['pod-capabilities', secured(capabilities(['NET_RAW'])), 'fail'],
    ['pod-capabilities', secured(capabilities(['CAP_CHOWN'])), 'fail'],
    ['pod-capabilities', secured(capabilities(['CHOWN', 'SYS_CHROOT'])), 'pass'],
    ['pod-apparmor', podSecured({ appArmorProfile: profile('Unconfined') }), 'fail'],
    ['pod-apparmor', secured({ appArmorProfile: profile('Unconfined') }), 'fail'],
    ['pod-apparmor', secured({ appArmorProfile: profile('Localhost') }), 'pass'],
    ['pod-apparmor', onePod({}, { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' }), 'fail'],
    ['pod-apparmor', onePod({}, { 'container.apparmor.security.beta.kubernetes.io/app': 'localhost/x' }), 'pass'],
    ['pod-apparmor', onePod({}, { 'container.apparmor.security.beta.kubernetes.io/app': '' }), 'pass'],
    ['pod-selinux', podSecured(selinux({ type: 'spc_t' })), 'fail'],
    ['pod-selinux', secured(selinux({ user: 'system_u' })), 'fail'],
    ['pod-selinux', secured(selinux({ role: 'sysadm_r' })), 'fail'],
    ['pod-selinux', secured(selinux({ level: 's0', type: 'container_init_t' })), 'pass'],
    ['pod-selinux', secured(selinux({ type: 'container_engine_t' }), 31), 'pass'],
    ['pod-selinux', secured(selinux({ type: 'container_engine_t' }), 30), 'fail'],
    ['pod-proc-mount', secured({ procMount: 'Unmasked' }), 'fail'],
    ['pod-proc-mount', secured({ procMount: 'Default' }), 'pass'],
    ['pod-proc-mount', secured({ procMount: 'Unmasked' }, 34, ownUsers), 'fail'],
    ['pod-proc-mount', secured({ procMount: 'Unmasked' }, 35, ownUsers), 'pass'],
    ['pod-seccomp', podSecured({ seccompProfile: profile('Unconfined') }), 'fail'],
    ['pod-seccomp', secured({ seccompProfile: profile('Unconfined') }), 'fail'],
    ['pod-seccomp', secured({ seccompProfile: profile('RuntimeDefault') }), 'pass'],
    ['pod-seccomp', onePod({}, { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' }, 18), 'fail'],
    ['pod-seccomp', onePod({}, { 'container.seccomp.security.alpha.kubernetes.io/app': 'unconfined' }, 18), 'fail'],
    ['pod-seccomp', onePod({}, { 'container.seccomp.security.alpha.kubernetes.io/gone': 'unconfined' }, 18), 'pass'],
    ['pod-seccomp', onePod({}, { 'seccomp.security.alpha.kubernetes.io/pod': 'docker/default' }, 18), 'pass'],
    ['pod-seccomp', onePod({}, { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' }, 19), 'pass'],
    ['pod-sysctls', podSecured(sysctl('kernel.msgmax')), 'fail'],
    ['pod-sysctls', podSecured(sysctl('constructor')), 'fail'],
    ['pod-sysctls', podSecured(sysctl('net.ipv4.tcp_rmem'), 31), 'fail'],
    ['pod-sysctls', podSecured(sysctl('net.ipv4.tcp_rmem'), 32), 'pass'],
    ['pod-sysctls', podSecured(sysctl('net.ipv4.ip_local_reserved_ports'), 26), 'fail'],
    ['pod-sysctls', podSecured(sysctl('kernel.shm_rmid_forced'), 0), 'pass'],
  ])('%s, %#: %j', (id, facts, status) => {
    expect(resultOf(id, facts).status).toBe(status);
  });
});

describe('the restricted profile', () => {
  const nonRoot = { runAsNonRoot: true };
  const filtered = { seccompProfile: profile('RuntimeDefault') };
  it.each<Row>([
    ['pod-volume-types', onePod({ volumes: [volume('nfs')] }), 'fail'],
    ['pod-volume-types', onePod({ volumes: [volume('projected'), volume('image')] }), 'pass'],
    ['pod-no-privilege-escalation', secured({}), 'fail'],
    ['pod-no-privilege-escalation', secured({}, 7), 'pass'],
    ['pod-no-privilege-escalation', secured({}, 34, windows), 'pass'],
    ['pod-no-privilege-escalation', secured({}, 24, windows), 'fail'],
    ['pod-no-privilege-escalation', secured({ allowPrivilegeEscalation: false }), 'pass'],
    ['pod-run-as-non-root', secured({}), 'fail'],
    ['pod-run-as-non-root', podSecured(nonRoot), 'pass'],
    ['pod-run-as-non-root', secured(nonRoot), 'pass'],
    ['pod-run-as-non-root', podSecured(nonRoot, 34, { containers: [container('a', rootful())] }), 'fail'],
    ['pod-run-as-non-root', podSecured({ runAsNonRoot: false }), 'fail'],
    ['pod-run-as-non-root', secured({}, 34, ownUsers), 'fail'],
    ['pod-run-as-non-root', secured({}, 35, ownUsers), 'pass'],
    ['pod-run-as-non-root', secured({}, 34, windows), 'fail'],
    ['pod-non-root-user', podSecured({ runAsUser: 0 }), 'fail'],
    ['pod-non-root-user', secured({ runAsUser: 0 }), 'fail'],
    ['pod-non-root-user', secured({ runAsUser: 0 }, 22), 'pass'],
    ['pod-non-root-user', secured({ runAsUser: 0 }, 35, ownUsers), 'pass'],
    ['pod-non-root-user', secured({ runAsUser: 1 }), 'pass'],
    ['pod-seccomp-set', secured({}), 'fail'],
    ['pod-seccomp-set', secured(filtered), 'pass'],
    ['pod-seccomp-set', podSecured(filtered), 'pass'],
    ['pod-seccomp-set', podSecured({ seccompProfile: profile('Unconfined') }), 'fail'],
    ['pod-seccomp-set', secured({}, 18), 'pass'],
    ['pod-seccomp-set', secured({}, 34, windows), 'pass'],
    ['pod-capabilities-dropped', secured({}), 'fail'],
    ['pod-capabilities-dropped', secured({}, 21), 'pass'],
    ['pod-capabilities-dropped', secured({}, 34, windows), 'pass'],
    ['pod-capabilities-dropped', secured(capabilities(['NET_BIND_SERVICE'], ['ALL'])), 'pass'],
    ['pod-capabilities-dropped', secured(capabilities(['CHOWN'], ['ALL'])), 'fail'],
    ['pod-capabilities-dropped', secured(capabilities([], ['NET_RAW'])), 'fail'],
    ['pod-capabilities-dropped', secured(capabilities([], ['all'])), 'fail'],
    ['pod-proc-mount-own-users', secured({ procMount: 'Unmasked' }, 35, ownUsers), 'fail'],
    ['pod-proc-mount-own-users', secured({ procMount: 'Unmasked' }, 34, ownUsers), 'pass'],
  ])('%s, %#: %j', (id, facts, status) => {
    expect(resultOf(id, facts).status).toBe(status);
  });
});

it.each<Container['type']>(['init', 'ephemeral'])('holds for %s containers, at their place', (type) => {
  const context = { ...container('x').securityContext, privileged: true };
  const facts = onePod({ containers: [container('app'), container('x', { type, securityContext: context })] });
  expect(resultOf('pod-not-privileged', facts).evidence).toEqual([
    { resource: 'Pod/default/p', path: `spec.${type}Containers[0].securityContext.privileged`, value: 'true' },
  ]);
});

it('shows the field of a template, and of a pod that says it for all its containers', () => {
  const spec = podSpec({ securityContext: { ...podSpec().securityContext, runAsNonRoot: false } });
  const facts = clusterFacts({ workloads: [deployment('web', spec)] });
  expect(resultOf('pod-run-as-non-root', facts).evidence).toEqual([
    { resource: 'Deployment/default/web', path: 'spec.template.spec.securityContext.runAsNonRoot', value: 'false' },
  ]);
});

it('is that of the newest release where the release is not known', () => {
  const server = { known: false, code: 'not_collected', reason: 'Manifests name no release.' } as const;
  const facts = { ...onePod({ containers: [container('a', { preStop: { type: 'httpGet', host: 'x' } })] }), server };
  expect(resultOf('pod-no-probe-host', facts).status).toBe('fail');
});

function rootful(): Partial<Container> {
  return { securityContext: { ...container('a').securityContext, runAsNonRoot: false } };
}
