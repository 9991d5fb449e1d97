import type { Profile, SeLinuxOptions } from '../../../../model/cluster/pod.js';
import type { PodView } from '../../../cluster/workloads.js';
import { type ClusterControl, type ClusterSubject, isFrom } from '../cluster-subject.js';
import {
  annotationFault,
  containerFault,
  eachContainer,
  eachWorkload,
  type Fault,
  podFault,
  WORKLOAD,
} from '../each-workload.js';

/** What a container may have beyond the runtime's default, and no more. */
const CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

const SELINUX_TYPES = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t']);

/** Sysctls that touch nothing but the pod, with the minor release from which they are taken for safe. */
const SYSCTLS: Record<string, number> = {
  'kernel.shm_rmid_forced': 0,
  'net.ipv4.ip_local_port_range': 0,
  'net.ipv4.tcp_syncookies': 0,
  'net.ipv4.ping_group_range': 0,
  'net.ipv4.ip_unprivileged_port_start': 0,
  'net.ipv4.ip_local_reserved_ports': 27,
  'net.ipv4.tcp_keepalive_time': 29,
  'net.ipv4.tcp_fin_timeout': 29,
  'net.ipv4.tcp_keepalive_intvl': 29,
  'net.ipv4.tcp_keepalive_probes': 29,
  'net.ipv4.tcp_rmem': 32,
  'net.ipv4.tcp_wmem': 32,
};

const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const SECCOMP_POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';

/** Baseline: what keeps containers apart from their node. The rules are those of k8s.io/pod-security-admission, by release. */
export const CONFINEMENT_CONTROLS: ClusterControl[] = [
  {
    ...WORKLOAD,
    id: 'pod-not-privileged',
    title: 'No container runs with all privileges',
    problem: 'A container runs with all privileges',
    severity: 'critical',
    looksAt: '`securityContext.privileged` of containers',
    remediation:
      'securityContext: {privileged: false, capabilities: {drop: [ALL]}}, with capabilities.add for just what it needs.',
    judge: eachContainer(
      ({ container: { securityContext } }) =>
        securityContext.privileged ? [{ field: 'securityContext.privileged', value: 'true' }] : [],
      'run with all privileges',
    ),
  },
  {
    ...WORKLOAD,
    id: 'pod-capabilities',
    title: 'Containers have no capabilities beyond the default',
    problem: 'A container has capabilities beyond the default',
    severity: 'high',
    looksAt: '`securityContext.capabilities.add`, against the set of the baseline profile',
    remediation: 'securityContext: {capabilities: {drop: [ALL], add: []}}',
    judge: eachContainer(
      ({ container: { securityContext } }) =>
        (securityContext.capabilities?.add ?? [])
          .filter((name) => !CAPABILITIES.has(name))
          .map((value) => ({ field: 'securityContext.capabilities.add', value })),
      'have capabilities beyond the default',
    ),
  },
  {
    ...WORKLOAD,
    id: 'pod-apparmor',
    title: 'No pod turns AppArmor off',
    problem: 'A pod turns AppArmor off',
    severity: 'high',
    looksAt: '`appArmorProfile.type` of pods and containers, and the annotations that it was set by before',
    remediation: 'securityContext: {appArmorProfile: {type: RuntimeDefault}}',
    judge: eachWorkload((view) => {
      const annotations = Object.entries(view.annotations).flatMap(([name, value]) =>
        name.startsWith(APPARMOR_ANNOTATION) && !isAppArmorName(value) ? annotationFault(view, name, value) : [],
      );
      return [...profileFaults(view, 'appArmorProfile'), ...annotations];
    }, 'turn AppArmor off'),
  },
  {
    ...WORKLOAD,
    id: 'pod-selinux',
    title: 'Pods have SELinux types for containers, and no user or role of their own',
    problem: 'A pod has a type, user or role of SELinux that is not for containers',
    severity: 'high',
    looksAt: '`seLinuxOptions` of pods and containers; `container_engine_t` is allowed from Kubernetes 1.31 on',
    remediation: 'securityContext: {seLinuxOptions: {type: container_t}}, without user and role.',
    judge: eachWorkload((view, subject) => {
      const own = seLinuxFaults(view.spec.securityContext.seLinuxOptions, subject);
      return [
        ...own.map(({ field, value }) => podFault(view, field, value)),
        ...view.containers.flatMap((inside) =>
          seLinuxFaults(inside.container.securityContext.seLinuxOptions, subject).map(({ field, value }) =>
            containerFault(view, inside, field, value),
          ),
        ),
      ];
    }, 'have SELinux options that are not for containers'),
  },
  {
    ...WORKLOAD,
    id: 'pod-proc-mount',
    title: 'Containers see /proc masked',
    problem: 'A container sees /proc unmasked',
    severity: 'high',
    looksAt: '`securityContext.procMount`; from Kubernetes 1.35 on, not of pods that have users of their own',
    remediation: 'securityContext: {procMount: Default}',
    judge: eachContainer(
      ({ container: { securityContext } }, { spec }, subject) =>
        ownUsersSuffice(spec.hostUsers, subject) ? [] : procMountFaults(securityContext.procMount),
      'see /proc unmasked',
    ),
  },
  {
    ...WORKLOAD,
    id: 'pod-seccomp',
    title: 'No pod turns seccomp off',
    problem: 'A pod turns seccomp off',
    severity: 'high',
    looksAt: '`seccompProfile.type` of pods and containers; before Kubernetes 1.19, the annotations that it was set by',
    remediation: 'securityContext: {seccompProfile: {type: RuntimeDefault}}',
    judge: eachWorkload(
      (view, subject) => (isFrom(subject, 19) ? profileFaults(view, 'seccompProfile') : seccompAnnotationFaults(view)),
      'turn seccomp off',
    ),
  },
  {
    ...WORKLOAD,
    id: 'pod-sysctls',
    title: 'Pods set no sysctls that are not safe',
    problem: 'A pod sets a sysctl that is not safe',
    severity: 'medium',
    looksAt: '`securityContext.sysctls` of pods, against the sysctls that are safe in the cluster’s release',
    remediation: 'Take the sysctl away: securityContext: {sysctls: []}.',
    judge: eachWorkload(
      (view, subject) =>
        view.spec.securityContext.sysctls.flatMap(({ name }, i) => {
          const since = Object.hasOwn(SYSCTLS, name) ? SYSCTLS[name] : undefined;
          return since !== undefined && isFrom(subject, since)
            ? []
            : podFault(view, `securityContext.sysctls[${i}].name`, name);
        }),
      'set sysctls that are not safe',
    ),
  },
];

/** From 1.35 on, what a pod may do as users of its own (`hostUsers: false`) is not what it may do on the node. */
export function ownUsersSuffice(hostUsers: boolean | null, subject: ClusterSubject): boolean {
  return hostUsers === false && isFrom(subject, 35);
}

export function procMountFaults(procMount: string | null): { field: string; value: string }[] {
  return procMount === null || procMount === 'Default'
    ? []
    : [{ field: 'securityContext.procMount', value: procMount }];
}

/** Profiles of pods and containers that are set, and are none. */
function profileFaults(view: PodView, field: 'seccompProfile' | 'appArmorProfile'): Fault[] {
  const own = view.spec.securityContext[field];
  return [
    ...(own && !confines(own) ? [podFault(view, `securityContext.${field}.type`, own.type)] : []),
    ...view.containers.flatMap((inside) => {
      const profile = inside.container.securityContext[field];
      return profile && !confines(profile)
        ? containerFault(view, inside, `securityContext.${field}.type`, profile.type)
        : [];
    }),
  ];
}

export function confines({ type }: Profile): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost';
}

function isAppArmorName(name: string): boolean {
  return name === '' || name === 'runtime/default' || name.startsWith('localhost/');
}

function seccompAnnotationFaults(view: PodView): Fault[] {
  const names = [
    SECCOMP_POD_ANNOTATION,
    ...view.containers.map(({ container }) => SECCOMP_ANNOTATION + container.name),
  ];
  return names.flatMap((name) => {
    const value = Object.hasOwn(view.annotations, name) ? view.annotations[name] : undefined;
    if (value === undefined || value === 'runtime/default' || value === 'docker/default') return [];
    return value.startsWith('localhost/') ? [] : annotationFault(view, name, value);
  });
}

function seLinuxFaults(options: SeLinuxOptions | null, subject: ClusterSubject): { field: string; value: string }[] {
  if (options === null) return [];
  const { type, user, role } = options;
  const field = 'securityContext.seLinuxOptions';
  const isAllowed = SELINUX_TYPES.has(type ?? '') || (type === 'container_engine_t' && isFrom(subject, 31));
  return [
    ...(isAllowed ? [] : [{ field: `${field}.type`, value: type ?? '' }]),
    ...(user ? [{ field: `${field}.user`, value: user }] : []),
    ...(role ? [{ field: `${field}.role`, value: role }] : []),
  ];
}
