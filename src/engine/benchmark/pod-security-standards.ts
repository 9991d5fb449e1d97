import type { Benchmark, Requirement } from './benchmark.js';

/** Up to which release of Kubernetes the rules are known; each cluster is judged by those of its own. */
const VERSION = '1.36';

/** The baseline profile, by the names that Kubernetes has for its checks, with the paragraphs of the published standard as titles in our words. */
const BASELINE: readonly Requirement[] = [
  of('hostNamespaces', 'Pods have namespaces of their own', [
    'pod-no-host-network',
    'pod-no-host-pid',
    'pod-no-host-ipc',
  ]),
  of('privileged', 'No container has all privileges', ['pod-not-privileged']),
  of('capabilities_baseline', 'No capabilities are added beyond the default', ['pod-capabilities']),
  of('hostPathVolumes', 'No folder of the node is mounted', ['pod-no-host-path']),
  of('hostPorts', 'No port of the node is taken', ['pod-no-host-ports']),
  of('appArmorProfile', 'AppArmor is not turned off', ['pod-apparmor']),
  of('seLinuxOptions', 'SELinux types are those of containers', ['pod-selinux']),
  of('procMount', '/proc is masked', ['pod-proc-mount']),
  of('seccompProfile_baseline', 'Seccomp is not turned off', ['pod-seccomp']),
  of('sysctls', 'Only sysctls that are safe are set', ['pod-sysctls']),
  of('windowsHostProcess', 'No Windows container runs on the host', ['pod-no-host-process']),
  of('hostProbesAndHostLifecycle', 'Probes and hooks name no host', ['pod-no-probe-host']),
];

/** Pod Security Standards: what must not be, whatever runs. */
export const PSS_BASELINE: Benchmark = {
  name: 'pss-baseline',
  title: 'Pod Security Standards, baseline',
  version: VERSION,
  requirements: BASELINE,
};

/** Pod Security Standards: baseline, and what hardened pods do. */
export const PSS_RESTRICTED: Benchmark = {
  name: 'pss-restricted',
  title: 'Pod Security Standards, restricted',
  version: VERSION,
  requirements: [
    ...BASELINE.map((requirement) =>
      requirement.id === 'procMount'
        ? { ...requirement, controls: [...requirement.controls, 'pod-proc-mount-own-users'] }
        : requirement,
    ),
    of('restrictedVolumes', 'Volumes are of kinds that keep to the pod', ['pod-volume-types']),
    of('allowPrivilegeEscalation', 'Privileges cannot grow', ['pod-no-privilege-escalation']),
    of('runAsNonRoot', 'Containers are only started as a user other than root', ['pod-run-as-non-root']),
    of('runAsUser', 'No container is told to run as root', ['pod-non-root-user']),
    of('seccompProfile_restricted', 'System calls are filtered', ['pod-seccomp-set']),
    of('capabilities_restricted', 'All capabilities are dropped', ['pod-capabilities-dropped']),
  ],
};

function of(id: string, title: string, controls: string[]): Requirement {
  return { id, title, targets: ['cluster'], controls };
}
