import type { ClusterObject, LabelSelector } from './cluster-object.js';

export interface Pod extends ClusterObject {
  spec: PodSpec;
  /** Null in manifests, and before the pod runs. */
  status: PodStatus | null;
}

/** Whatever makes pods from a template. */
export interface Workload extends ClusterObject {
  kind:
    | 'Deployment'
    | 'ReplicaSet'
    | 'StatefulSet'
    | 'DaemonSet'
    | 'Job'
    | 'CronJob'
    | 'ReplicationController'
    | 'DeploymentConfig'
    | 'PodTemplate';
  /** Null where the kind has none. */
  replicas: number | null;
  selector: LabelSelector | null;
  template: PodTemplate;
}

export interface PodTemplate {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: PodSpec;
}

export interface PodStatus {
  phase: string;
  podIPs: string[];
  hostIP: string | null;
  containers: ContainerStatus[];
}

export interface ContainerStatus {
  name: string;
  image: string;
  /** `docker.io/library/nginx@sha256:…`, as the runtime says it; empty before it is pulled. */
  imageID: string;
  running: boolean;
  restartCount: number;
}

/** Names and meaning as in Kubernetes' `PodSpec`; what is not set is null, so that defaults are judged where they apply. */
export interface PodSpec {
  /** Containers of each kind, in order. */
  containers: Container[];
  serviceAccountName: string | null;
  automountServiceAccountToken: boolean | null;
  nodeName: string | null;
  hostNetwork: boolean;
  hostPID: boolean;
  hostIPC: boolean;
  /** Null: not set, which means users of the host. */
  hostUsers: boolean | null;
  shareProcessNamespace: boolean | null;
  /** `linux` or `windows`; null where it is not said. */
  os: string | null;
  runtimeClassName: string | null;
  priorityClassName: string | null;
  securityContext: PodSecurityContext;
  volumes: Volume[];
  imagePullSecrets: string[];
  tolerations: Toleration[];
  nodeSelector: Record<string, string>;
}

interface Toleration {
  key: string | null;
  operator: string | null;
  value: string | null;
  effect: string | null;
}

export interface Container {
  name: string;
  type: 'init' | 'regular' | 'ephemeral';
  image: string | null;
  imagePullPolicy: string | null;
  command: string[];
  args: string[];
  env: EnvVar[];
  envFrom: { kind: 'ConfigMap' | 'Secret'; name: string }[];
  ports: ContainerPort[];
  volumeMounts: VolumeMount[];
  resources: { limits: Record<string, string>; requests: Record<string, string> };
  securityContext: SecurityContext;
  livenessProbe: Handler | null;
  readinessProbe: Handler | null;
  startupProbe: Handler | null;
  postStart: Handler | null;
  preStop: Handler | null;
  /** `Always` makes an init container a sidecar. */
  restartPolicy: string | null;
}

/** A probe or a lifecycle hook: what it does, and the host that it speaks to where that is set. */
export interface Handler {
  type: 'exec' | 'httpGet' | 'tcpSocket' | 'grpc' | 'sleep';
  host: string | null;
}

export interface EnvVar {
  name: string;
  /** What stands for a secret where the value is one: values of secrets are never kept. Null where it comes from elsewhere. */
  value: string | null;
  /** The rule that took the value for a secret. */
  secretRule: string | null;
  from: { kind: 'ConfigMap' | 'Secret' | 'Field' | 'ResourceField' | 'File'; name: string; key: string | null } | null;
}

export interface ContainerPort {
  name: string | null;
  containerPort: number;
  hostPort: number | null;
  hostIP: string | null;
  protocol: string;
}

interface VolumeMount {
  name: string;
  mountPath: string;
  subPath: string | null;
  readOnly: boolean;
  mountPropagation: string | null;
}

/** A volume by the one source that it has; `type` is the field's name in Kubernetes: `hostPath`, `secret`, `configMap`, `projected`. */
export interface Volume {
  name: string;
  type: string;
  /** Of `hostPath`. */
  path: string | null;
  /** Of `hostPath`: `Directory`, `Socket`. */
  hostPathType: string | null;
  /** The Secret, ConfigMap, claim or CSI driver that it names. */
  reference: string | null;
  readOnly: boolean | null;
  /** Of `projected`: the sources' field names, `serviceAccountToken`. */
  sources: { type: string; reference: string | null; audience: string | null }[];
}

interface PodSecurityContext {
  runAsNonRoot: boolean | null;
  runAsUser: number | null;
  runAsGroup: number | null;
  fsGroup: number | null;
  supplementalGroups: number[];
  seccompProfile: Profile | null;
  appArmorProfile: Profile | null;
  seLinuxOptions: SeLinuxOptions | null;
  sysctls: { name: string; value: string }[];
  windowsHostProcess: boolean | null;
}

export interface SecurityContext {
  privileged: boolean | null;
  allowPrivilegeEscalation: boolean | null;
  readOnlyRootFilesystem: boolean | null;
  runAsNonRoot: boolean | null;
  runAsUser: number | null;
  runAsGroup: number | null;
  /** Null: not set. Names as written: Kubernetes has them without `CAP_`, and some runtimes take both. */
  capabilities: { add: string[]; drop: string[] } | null;
  procMount: string | null;
  seccompProfile: Profile | null;
  appArmorProfile: Profile | null;
  seLinuxOptions: SeLinuxOptions | null;
  windowsHostProcess: boolean | null;
}

/** `RuntimeDefault`, `Localhost` or `Unconfined`. */
export interface Profile {
  type: string;
  localhostProfile: string | null;
}

export interface SeLinuxOptions {
  type: string | null;
  user: string | null;
  role: string | null;
  level: string | null;
}
