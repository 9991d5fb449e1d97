import type { ClusterFact, ClusterFacts } from '../../src/model/cluster/cluster-facts.js';
import type { ClusterObject } from '../../src/model/cluster/cluster-object.js';
import type { Container, Pod, PodSpec, Workload } from '../../src/model/cluster/pod.js';

type Lists = { [Name in Exclude<ClusterFact, 'server'>]: Extract<ClusterFacts[Name], { known: true }>['value'] };

/** Facts of a cluster of which everything is known, and that has what is given and nothing else. */
export function clusterFacts(lists: Partial<Lists> = {}, rest: Partial<ClusterFacts> = {}): ClusterFacts {
  const known = <T>(value: T[] | undefined) => ({ known: true as const, value: value ?? [], gaps: [] });
  return {
    version: 1,
    collectedBy: 'api',
    collectedAt: '2026-11-24T00:00:00Z',
    server: {
      known: true,
      value: { gitVersion: 'v1.34.1', major: 1, minor: 34, platform: 'linux/amd64' },
      gaps: [],
    },
    managedBy: null,
    namespaces: known(lists.namespaces),
    nodes: known(lists.nodes),
    kubelets: known(lists.kubelets),
    pods: known(lists.pods),
    workloads: known(lists.workloads),
    serviceAccounts: known(lists.serviceAccounts),
    roles: known(lists.roles),
    roleBindings: known(lists.roleBindings),
    certificateRequests: known(lists.certificateRequests),
    networkPolicies: known(lists.networkPolicies),
    vendorPolicies: known(lists.vendorPolicies),
    services: known(lists.services),
    routes: known(lists.routes),
    gateways: known(lists.gateways),
    secrets: known(lists.secrets),
    configMaps: known(lists.configMaps),
    resourceQuotas: known(lists.resourceQuotas),
    limitRanges: known(lists.limitRanges),
    disruptionBudgets: known(lists.disruptionBudgets),
    storageClasses: known(lists.storageClasses),
    persistentVolumes: known(lists.persistentVolumes),
    webhooks: known(lists.webhooks),
    admissionPolicies: known(lists.admissionPolicies),
    admissionBindings: known(lists.admissionBindings),
    otherKinds: {},
    ...rest,
  };
}

export function clusterObject<K extends string>(
  kind: K,
  name: string,
  of: Partial<ClusterObject> = {},
): ClusterObject & { kind: K } {
  const apiVersion = 'v1';
  const metadata = { labels: {}, annotations: {}, owners: [], createdAt: null, origin: null, uid: null };
  return { apiVersion, namespace: 'default', ...metadata, ...of, kind, name };
}

export function pod(name: string, spec: Partial<PodSpec> = {}, of: Partial<Pod> = {}): Pod {
  return { ...clusterObject('Pod', name), status: null, ...of, spec: podSpec(spec) };
}

export function deployment(name: string, spec: Partial<PodSpec> = {}, of: Partial<Workload> = {}): Workload {
  const template = { labels: { app: name }, annotations: {}, spec: podSpec(spec) };
  const selector = { matchLabels: { app: name }, matchExpressions: [] };
  return { ...clusterObject('Deployment', name), replicas: 1, selector, template, ...of };
}

export function podSpec(spec: Partial<PodSpec> = {}): PodSpec {
  return {
    containers: [container('app')],
    serviceAccountName: null,
    automountServiceAccountToken: null,
    nodeName: null,
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
    hostUsers: null,
    shareProcessNamespace: null,
    os: null,
    runtimeClassName: null,
    priorityClassName: null,
    volumes: [],
    imagePullSecrets: [],
    tolerations: [],
    nodeSelector: {},
    ...spec,
    securityContext: {
      runAsNonRoot: null,
      runAsUser: null,
      runAsGroup: null,
      fsGroup: null,
      supplementalGroups: [],
      seccompProfile: null,
      appArmorProfile: null,
      seLinuxOptions: null,
      sysctls: [],
      windowsHostProcess: null,
      ...spec.securityContext,
    },
  };
}

/** A container as Kubernetes has it where a manifest says nothing but its name and image. */
export function container(name: string, of: Partial<Container> = {}): Container {
  return {
    name,
    type: 'regular',
    image: 'registry.example/app:1',
    imagePullPolicy: null,
    command: [],
    args: [],
    env: [],
    envFrom: [],
    ports: [],
    volumeMounts: [],
    resources: { limits: {}, requests: {} },
    livenessProbe: null,
    readinessProbe: null,
    startupProbe: null,
    postStart: null,
    preStop: null,
    restartPolicy: null,
    ...of,
    securityContext: {
      privileged: null,
      allowPrivilegeEscalation: null,
      readOnlyRootFilesystem: null,
      runAsNonRoot: null,
      runAsUser: null,
      runAsGroup: null,
      capabilities: null,
      procMount: null,
      seccompProfile: null,
      appArmorProfile: null,
      seLinuxOptions: null,
      windowsHostProcess: null,
      ...of.securityContext,
    },
  };
}
