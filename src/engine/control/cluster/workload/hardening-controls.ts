import type { AuditedWorkload, PodView } from '../../../cluster/workloads.js';
import type { ClusterControl } from '../cluster-subject.js';
import { containerFault, eachContainer, eachWorkload, type Fault, podFault, WORKLOAD } from '../each-workload.js';

const NOT_SET = 'not set';

/** Sockets through which a container is root on its node, and folders that they are in. */
const ENGINE_SOCKETS =
  /^(?:\/|\/(?:var\/)?run(?:\/(?:docker|containerd|crio|podman|k3s)(?:\.sock|\/.*)?|\/cri-dockerd\.sock)?\/?)$/;

/** What keeps a workload from doing more than it has to, and from taking more than its share. */
export const HARDENING_CONTROLS: ClusterControl[] = [
  {
    ...WORKLOAD,
    id: 'workload-no-engine-socket',
    title: 'No pod sees the socket of its node’s container runtime',
    problem: 'A pod sees the socket of its node’s container runtime',
    severity: 'critical',
    looksAt: '`hostPath` volumes: docker.sock, containerd.sock, crio.sock, and the folders that they are in',
    remediation: 'Take the volume away: whoever has the socket is root on the node.',
    judge: eachWorkload(
      (view) =>
        view.spec.volumes.flatMap(({ type, path }, i) =>
          type === 'hostPath' && ENGINE_SOCKETS.test(path ?? '')
            ? podFault(view, `volumes[${i}].hostPath.path`, path ?? '')
            : [],
        ),
      'see the socket, or its folder',
    ),
  },
  {
    ...WORKLOAD,
    id: 'workload-no-writable-host-path',
    title: 'Folders of the node are mounted read-only',
    problem: 'A container may write to a folder of its node',
    severity: 'high',
    looksAt: '`volumeMounts` of `hostPath` volumes',
    remediation: 'containers: [{name: app, volumeMounts: [{name: data, mountPath: /data, readOnly: true}]}]',
    judge: eachContainer(({ container }, { spec }) => {
      const folders = new Map(
        spec.volumes.flatMap(({ name, type, path }) => (type === 'hostPath' ? [[name, path]] : [])),
      );
      if (folders.size === 0) return [];
      return container.volumeMounts.flatMap(({ name, readOnly }, i) =>
        readOnly || !folders.has(name) ? [] : { field: `volumeMounts[${i}].readOnly`, value: `${folders.get(name)}` },
      );
    }, 'may write to folders of the node'),
  },
  {
    ...WORKLOAD,
    id: 'workload-read-only-root',
    title: 'Containers cannot change their own files',
    problem: 'A container may change its own files',
    severity: 'low',
    looksAt: '`securityContext.readOnlyRootFilesystem` of containers; not of Windows pods',
    remediation: 'securityContext: {readOnlyRootFilesystem: true}, with an emptyDir for what it writes.',
    judge: eachContainer(({ container: { securityContext } }, { spec }) => {
      const { readOnlyRootFilesystem } = securityContext;
      if (spec.os === 'windows' || readOnlyRootFilesystem) return [];
      const value = readOnlyRootFilesystem === null ? NOT_SET : 'false';
      return [{ field: 'securityContext.readOnlyRootFilesystem', value }];
    }, 'may change their own files'),
  },
  {
    ...WORKLOAD,
    id: 'workload-no-net-raw',
    title: 'Containers cannot make packets of their own',
    problem: 'A container may make packets of its own',
    severity: 'low',
    looksAt: '`securityContext.capabilities` of containers: NET_RAW is one of the default set; not of Windows pods',
    remediation: 'securityContext: {capabilities: {drop: [NET_RAW]}}, or drop: [ALL].',
    judge: eachContainer(({ container }, { spec }) => {
      const { privileged, capabilities } = container.securityContext;
      if (spec.os === 'windows') return [];
      const { add, drop } = capabilities ?? { add: [], drop: [] };
      const field = 'securityContext.capabilities';
      if (add.some((name) => /^(?:CAP_)?NET_RAW$|^ALL$/i.test(name)))
        return [{ field: `${field}.add`, value: add.join(', ') }];
      const isDropped = drop.some((name) => /^(?:(?:CAP_)?NET_RAW|ALL)$/i.test(name));
      return isDropped && !privileged ? [] : [{ field: `${field}.drop`, value: drop.join(', ') || NOT_SET }];
    }, 'may make packets of their own'),
  },
  {
    ...WORKLOAD,
    id: 'workload-security-context',
    title: 'Every container has a security context, its own or its pod’s',
    problem: 'A container has no security context',
    severity: 'low',
    looksAt: '`securityContext` of pods and containers',
    remediation:
      'securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}',
    judge: eachContainer(
      ({ container }, { spec }) =>
        isEmpty(spec.securityContext) && isEmpty(container.securityContext)
          ? [{ field: 'securityContext', value: NOT_SET }]
          : [],
      'have no security context',
    ),
  },
  limit('workload-memory-limit', 'memory', 'medium'),
  limit('workload-cpu-limit', 'cpu', 'low'),
  {
    ...WORKLOAD,
    id: 'workload-requests',
    title: 'Containers say what they need of memory and processors',
    problem: 'A container does not say what it needs of memory and processors',
    severity: 'low',
    looksAt: '`resources.requests` and `resources.limits` of containers, as their pods have them',
    remediation: 'resources: {requests: {cpu: 100m, memory: 128Mi}}',
    judge: eachWorkload(
      (view, _subject, workload) =>
        ofEffective(view, workload, ({ resources: { limits, requests } }) =>
          // A limit is a request where there is none.
          ['cpu', 'memory'].flatMap((name) =>
            name in requests || name in limits ? [] : { field: `resources.requests.${name}`, value: NOT_SET },
          ),
        ),
      'do not say what they need',
    ),
  },
  probe(
    'workload-liveness-probe',
    'livenessProbe',
    'Kubernetes notices when a container hangs',
    'Nobody notices when a container hangs',
  ),
  probe(
    'workload-readiness-probe',
    'readinessProbe',
    'Containers get requests when they are ready',
    'A container gets requests before it is ready',
  ),
];

function limit(id: string, name: 'memory' | 'cpu', severity: ClusterControl['severity']): ClusterControl {
  const what = name === 'memory' ? 'memory' : 'processors';
  return {
    ...WORKLOAD,
    id,
    title: `Containers have a limit of ${what}`,
    problem: `A container has no limit of ${what}`,
    severity,
    looksAt: `\`resources.limits.${name}\` of containers, as their pods have it after a LimitRange`,
    remediation: `resources: {limits: {${name}: ${name === 'memory' ? '256Mi' : '500m'}}}`,
    judge: eachWorkload(
      (view, _subject, workload) =>
        ofEffective(view, workload, ({ resources: { limits } }) =>
          name in limits ? [] : [{ field: `resources.limits.${name}`, value: NOT_SET }],
        ),
      `have no limit of ${what}`,
    ),
  };
}

function probe(id: string, field: 'livenessProbe' | 'readinessProbe', title: string, problem: string): ClusterControl {
  return {
    ...WORKLOAD,
    id,
    title,
    problem,
    severity: 'low',
    looksAt: `\`${field}\` of containers, but for those of jobs`,
    remediation: `containers: [{name: app, ${field}: {httpGet: {path: /healthz, port: 8080}}}]`,
    judge: eachWorkload(
      (view, _subject, { kind }) =>
        kind === 'Job' || kind === 'CronJob'
          ? []
          : view.containers.flatMap((each) =>
              each.container.type === 'regular' && each.container[field] === null
                ? containerFault(view, each, field, NOT_SET)
                : [],
            ),
      `have no ${field}`,
    ),
  };
}

/** A LimitRange sets what a template leaves open: where there are pods, they tell what counts. */
function ofEffective(
  view: PodView,
  { kind, pods }: AuditedWorkload,
  faultsOf: (container: PodView['containers'][number]['container']) => { field: string; value: string }[],
): Fault[] {
  if (view.replica === null && kind !== 'Pod' && pods.length > 0) return [];
  return view.containers.flatMap((each) =>
    each.container.type === 'ephemeral'
      ? []
      : faultsOf(each.container).map(({ field, value }) => containerFault(view, each, field, value)),
  );
}

function isEmpty(context: object): boolean {
  return Object.values(context).every((value) => value === null || (Array.isArray(value) && value.length === 0));
}
