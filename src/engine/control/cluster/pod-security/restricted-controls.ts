import type { PodView } from '../../../cluster/workloads.js';
import { type ClusterControl, type ClusterSubject, isFrom } from '../cluster-subject.js';
import { containerFault, eachContainer, eachWorkload, type Fault, podFault, WORKLOAD } from '../each-workload.js';
import { confines, ownUsersSuffice, procMountFaults } from './confinement-controls.js';

const VOLUME_TYPES = new Set([
  ...[
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'image',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ],
]);

const NOT_SET = 'not set';

/** What the restricted profile asks for beyond the baseline. The rules are those of k8s.io/pod-security-admission, by release. */
export const RESTRICTED_CONTROLS: ClusterControl[] = [
  {
    ...WORKLOAD,
    id: 'pod-volume-types',
    title: 'Volumes are of kinds that keep to the pod',
    problem: 'A volume is of a kind that the restricted profile does not have',
    severity: 'low',
    looksAt: 'the kinds of volumes of pods and templates',
    remediation: 'Use a persistentVolumeClaim: volumes: [{name: data, persistentVolumeClaim: {claimName: data}}].',
    judge: eachWorkload(
      (view) =>
        view.spec.volumes.flatMap(({ name, type }, i) =>
          VOLUME_TYPES.has(type) ? [] : podFault(view, `volumes[${i}].${type}`, name),
        ),
      'have volumes of other kinds',
    ),
  },
  {
    ...WORKLOAD,
    id: 'pod-no-privilege-escalation',
    title: 'Containers get no more privileges than they start with',
    problem: 'A container may get more privileges than it starts with',
    severity: 'medium',
    looksAt:
      '`securityContext.allowPrivilegeEscalation` of containers, a rule since Kubernetes 1.8; from 1.25 on not of Windows pods',
    remediation: 'securityContext: {allowPrivilegeEscalation: false}',
    judge: eachContainer(({ container }, pod, subject) => {
      if (isExempt(pod, subject) || !isFrom(subject, 8)) return [];
      const { allowPrivilegeEscalation } = container.securityContext;
      if (allowPrivilegeEscalation === false) return [];
      const value = allowPrivilegeEscalation === null ? NOT_SET : 'true';
      return [{ field: 'securityContext.allowPrivilegeEscalation', value }];
    }, 'may get more privileges'),
  },
  {
    ...WORKLOAD,
    id: 'pod-run-as-non-root',
    title: 'Containers are only started as a user other than root',
    problem: 'A container may be started as root',
    severity: 'medium',
    looksAt:
      '`securityContext.runAsNonRoot` of pods and containers; from Kubernetes 1.35 on, not of pods that have users of their own',
    remediation: 'spec: {securityContext: {runAsNonRoot: true}}',
    judge: eachWorkload(
      (view, subject) => (ownUsersSuffice(view.spec.hostUsers, subject) ? [] : nonRootFaults(view)),
      'may be started as root',
    ),
  },
  {
    ...WORKLOAD,
    id: 'pod-non-root-user',
    title: 'No container is told to run as root',
    problem: 'A container is told to run as root',
    severity: 'high',
    looksAt:
      '`securityContext.runAsUser` of pods and containers, a rule since Kubernetes 1.23; from 1.35 on, not of pods that have users of their own',
    remediation: 'spec: {securityContext: {runAsUser: 10001, runAsNonRoot: true}}',
    judge: eachWorkload((view, subject) => {
      if (!isFrom(subject, 23) || ownUsersSuffice(view.spec.hostUsers, subject)) return [];
      const field = 'securityContext.runAsUser';
      const inside = view.containers.filter(({ container }) => container.securityContext.runAsUser === 0);
      return [
        ...(view.spec.securityContext.runAsUser === 0 ? [podFault(view, field, '0')] : []),
        ...inside.map((container) => containerFault(view, container, field, '0')),
      ];
    }, 'are told to run as root'),
  },
  {
    ...WORKLOAD,
    id: 'pod-seccomp-set',
    title: 'System calls of containers are filtered',
    problem: 'System calls of a container are not filtered',
    severity: 'medium',
    looksAt:
      '`seccompProfile.type` of pods and containers, a rule since Kubernetes 1.19; from 1.25 on not of Windows pods',
    remediation: 'spec: {securityContext: {seccompProfile: {type: RuntimeDefault}}}',
    judge: eachWorkload(
      (view, subject) => (isExempt(view, subject) || !isFrom(subject, 19) ? [] : seccompFaults(view)),
      'have no seccomp profile',
    ),
  },
  {
    ...WORKLOAD,
    id: 'pod-capabilities-dropped',
    title: 'Containers drop all capabilities, and add at most NET_BIND_SERVICE',
    problem: 'A container has capabilities that it did not drop',
    severity: 'medium',
    looksAt:
      '`securityContext.capabilities` of containers, a rule since Kubernetes 1.22; from 1.25 on not of Windows pods',
    remediation: 'securityContext: {capabilities: {drop: [ALL]}}',
    judge: eachContainer(({ container }, pod, subject) => {
      if (isExempt(pod, subject) || !isFrom(subject, 22)) return [];
      const { add, drop } = container.securityContext.capabilities ?? { add: [], drop: [] };
      const field = 'securityContext.capabilities';
      return [
        ...(drop.includes('ALL') ? [] : [{ field: `${field}.drop`, value: drop.join(', ') || NOT_SET }]),
        ...add.filter((name) => name !== 'NET_BIND_SERVICE').map((value) => ({ field: `${field}.add`, value })),
      ];
    }, 'do not drop all capabilities'),
  },
  {
    ...WORKLOAD,
    id: 'pod-proc-mount-own-users',
    title: 'Containers see /proc masked, with users of their own too',
    problem: 'A container with users of its own sees /proc unmasked',
    severity: 'low',
    looksAt:
      '`securityContext.procMount` of pods with `hostUsers: false`, which the baseline profile allows from Kubernetes 1.35 on',
    remediation: 'securityContext: {procMount: Default}',
    judge: eachContainer(
      ({ container }, { spec }, subject) =>
        ownUsersSuffice(spec.hostUsers, subject) ? procMountFaults(container.securityContext.procMount) : [],
      'with users of their own see /proc unmasked',
    ),
  },
];

/** From 1.25 on, a pod that says it is for Windows is not asked for what Linux alone has. */
function isExempt({ spec }: PodView, subject: ClusterSubject): boolean {
  return spec.os === 'windows' && isFrom(subject, 25);
}

/** A container's own setting counts before the pod's; the pod's must not be wrong, even where no container heeds it. */
function nonRootFaults(view: PodView): Fault[] {
  const field = 'securityContext.runAsNonRoot';
  const own = view.spec.securityContext.runAsNonRoot;
  return [
    ...(own === false ? [podFault(view, field, 'false')] : []),
    ...view.containers.flatMap((each) => {
      const inside = each.container.securityContext.runAsNonRoot;
      if (inside ?? own) return [];
      // What the pod says wrong is told once.
      if (inside === null && own === false) return [];
      return containerFault(view, each, field, inside === null ? NOT_SET : 'false');
    }),
  ];
}

function seccompFaults(view: PodView): Fault[] {
  const field = 'securityContext.seccompProfile.type';
  const own = view.spec.securityContext.seccompProfile;
  return [
    ...(own && !confines(own) ? [podFault(view, field, own.type)] : []),
    ...view.containers.flatMap((each) => {
      const inside = each.container.securityContext.seccompProfile;
      if (inside) return confines(inside) ? [] : containerFault(view, each, field, inside.type);
      return own ? [] : containerFault(view, each, field, NOT_SET);
    }),
  ];
}
