import { type ClusterControl, isFrom } from '../cluster-subject.js';
import { containerFault, eachContainer, eachWorkload, podFault, WORKLOAD } from '../each-workload.js';

/** Baseline: what pods get of their node. The rules are those of k8s.io/pod-security-admission, by release. */
export const HOST_ACCESS_CONTROLS: ClusterControl[] = [
  {
    ...WORKLOAD,
    id: 'pod-no-host-network',
    title: 'No pod is in its node’s network',
    problem: 'A pod is in its node’s network',
    severity: 'high',
    looksAt: '`hostNetwork` of pods and templates',
    remediation: 'spec: {hostNetwork: false}; reach the pod by a Service.',
    judge: hostNamespace('hostNetwork', 'are in the node’s network'),
  },
  {
    ...WORKLOAD,
    id: 'pod-no-host-pid',
    title: 'No pod sees its node’s processes',
    problem: 'A pod sees its node’s processes',
    severity: 'high',
    looksAt: '`hostPID` of pods and templates',
    remediation: 'spec: {hostPID: false}',
    judge: hostNamespace('hostPID', 'see the node’s processes'),
  },
  {
    ...WORKLOAD,
    id: 'pod-no-host-ipc',
    title: 'No pod shares its node’s memory segments and queues',
    problem: 'A pod shares its node’s memory segments and queues',
    severity: 'high',
    looksAt: '`hostIPC` of pods and templates',
    remediation: 'spec: {hostIPC: false}',
    judge: hostNamespace('hostIPC', 'share the node’s IPC namespace'),
  },
  {
    ...WORKLOAD,
    id: 'pod-no-host-path',
    title: 'No pod mounts a folder of its node',
    problem: 'A pod mounts a folder of its node',
    severity: 'high',
    looksAt: 'volumes of the kind `hostPath`',
    remediation:
      'Take the hostPath volume away; a persistentVolumeClaim, an emptyDir or a configMap does for most: volumes: [{name: data, emptyDir: {}}].',
    judge: eachWorkload(
      (view) =>
        view.spec.volumes.flatMap(({ type, path }, i) =>
          type === 'hostPath' ? podFault(view, `volumes[${i}].hostPath.path`, path ?? '') : [],
        ),
      'mount a folder of the node',
    ),
  },
  {
    ...WORKLOAD,
    id: 'pod-no-host-ports',
    title: 'No container takes a port of its node',
    problem: 'A container takes a port of its node',
    severity: 'medium',
    looksAt: '`hostPort` of containers’ ports',
    remediation: 'Take hostPort away, and reach the pod by a Service: ports: [{containerPort: 8080}].',
    judge: eachContainer(
      ({ container }) =>
        container.ports.flatMap(({ hostPort }, i) =>
          hostPort === null || hostPort === 0 ? [] : { field: `ports[${i}].hostPort`, value: `${hostPort}` },
        ),
      'take ports of the node',
    ),
  },
  {
    ...WORKLOAD,
    id: 'pod-no-host-process',
    title: 'No Windows container runs on the host itself',
    problem: 'A Windows container runs on the host itself',
    severity: 'critical',
    looksAt: '`securityContext.windowsOptions.hostProcess`, of pods and containers',
    remediation: 'securityContext: {windowsOptions: {hostProcess: false}}',
    judge: eachWorkload((view) => {
      const field = 'securityContext.windowsOptions.hostProcess';
      const own = view.spec.securityContext.windowsHostProcess ? [podFault(view, field, 'true')] : [];
      const inside = view.containers.filter(({ container }) => container.securityContext.windowsHostProcess);
      return [...own, ...inside.map((container) => containerFault(view, container, field, 'true'))];
    }, 'run on the host itself'),
  },
  {
    ...WORKLOAD,
    id: 'pod-no-probe-host',
    title: 'Probes and hooks name no host',
    problem: 'A probe or hook speaks to a host that it names',
    severity: 'medium',
    looksAt: '`host` of `httpGet` and `tcpSocket` in probes and lifecycle hooks; a rule since Kubernetes 1.34',
    remediation:
      'Take host away, so that the kubelet asks the pod itself: livenessProbe: {httpGet: {path: /, port: 8080}}.',
    judge: eachContainer(({ container }, _pod, subject) => {
      if (!isFrom(subject, 34)) return [];
      const { livenessProbe, readinessProbe, startupProbe, postStart, preStop } = container;
      const handlers = { livenessProbe, readinessProbe, startupProbe };
      const hooks = { 'lifecycle.postStart': postStart, 'lifecycle.preStop': preStop };
      return Object.entries({ ...handlers, ...hooks }).flatMap(([field, handler]) =>
        handler?.host ? { field: `${field}.${handler.type}.host`, value: handler.host } : [],
      );
    }, 'have probes or hooks that name a host'),
  },
];

function hostNamespace(field: 'hostNetwork' | 'hostPID' | 'hostIPC', what: string) {
  return eachWorkload((view) => (view.spec[field] ? [podFault(view, field, 'true')] : []), what);
}
