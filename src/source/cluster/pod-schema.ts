import { z } from 'zod';
import type { Pod, PodSpec, Workload } from '../../model/cluster/pod.js';
import { count, list, named, text } from '../host/schema-parts.js';

/** Of one object; etcd takes none with as many. */
const MAX_ITEMS = 5_000;

export const items = <T extends z.ZodType>(item: T) => list(item, MAX_ITEMS);
export const texts = items(text());
export const labels = named(MAX_ITEMS);
export const name = text(1_024);
export const whole = z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const flag = z.boolean().nullable();
const optional = text().nullable();
export const port = z.union([whole, text()]).nullable();

/** What every object has; its kind is checked by each. */
export const clusterObject = {
  apiVersion: name,
  name,
  namespace: name.nullable(),
  uid: name.nullable(),
  labels,
  annotations: z.record(text(1_024), text(16_384)),
  owners: items(z.object({ apiVersion: name, kind: name, name, uid: name.nullable(), controller: z.boolean() })),
  createdAt: text(64).nullable(),
  origin: text(16_384).nullable(),
};

export const selector = z.object({
  matchLabels: labels,
  matchExpressions: items(
    z.object({ key: name, operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']), values: texts }),
  ),
});

const profile = z.object({ type: name, localhostProfile: optional }).nullable();
const seLinuxOptions = z.object({ type: optional, user: optional, role: optional, level: optional }).nullable();
const handler = z
  .object({ type: z.enum(['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep']), host: optional })
  .nullable();

const securityContext = z.object({
  privileged: flag,
  allowPrivilegeEscalation: flag,
  readOnlyRootFilesystem: flag,
  runAsNonRoot: flag,
  runAsUser: whole.nullable(),
  runAsGroup: whole.nullable(),
  capabilities: z.object({ add: texts, drop: texts }).nullable(),
  procMount: optional,
  seccompProfile: profile,
  appArmorProfile: profile,
  seLinuxOptions,
  windowsHostProcess: flag,
});

const container = z.object({
  name,
  type: z.enum(['init', 'regular', 'ephemeral']),
  image: optional,
  imagePullPolicy: optional,
  command: items(text(1_048_576)),
  args: items(text(1_048_576)),
  env: items(
    z.object({
      name: text(),
      value: text(1_048_576).nullable(),
      secretRule: optional,
      from: z
        .object({
          kind: z.enum(['ConfigMap', 'Secret', 'Field', 'ResourceField', 'File']),
          name: text(),
          key: optional,
        })
        .nullable(),
    }),
  ),
  envFrom: items(z.object({ kind: z.enum(['ConfigMap', 'Secret']), name })),
  ports: items(
    z.object({ name: optional, containerPort: whole, hostPort: whole.nullable(), hostIP: optional, protocol: name }),
  ),
  volumeMounts: items(
    z.object({
      name,
      mountPath: text(),
      subPath: optional,
      readOnly: z.boolean(),
      mountPropagation: optional,
    }),
  ),
  resources: z.object({ limits: labels, requests: labels }),
  securityContext,
  livenessProbe: handler,
  readinessProbe: handler,
  startupProbe: handler,
  postStart: handler,
  preStop: handler,
  restartPolicy: optional,
});

const volume = z.object({
  name,
  type: name,
  path: optional,
  hostPathType: optional,
  reference: optional,
  readOnly: flag,
  sources: items(z.object({ type: name, reference: optional, audience: optional })),
});

const podSpec = z.object({
  containers: items(container),
  serviceAccountName: optional,
  automountServiceAccountToken: flag,
  nodeName: optional,
  hostNetwork: z.boolean(),
  hostPID: z.boolean(),
  hostIPC: z.boolean(),
  hostUsers: flag,
  shareProcessNamespace: flag,
  os: optional,
  runtimeClassName: optional,
  priorityClassName: optional,
  securityContext: z.object({
    runAsNonRoot: flag,
    runAsUser: whole.nullable(),
    runAsGroup: whole.nullable(),
    fsGroup: whole.nullable(),
    supplementalGroups: items(whole),
    seccompProfile: profile,
    appArmorProfile: profile,
    seLinuxOptions,
    sysctls: items(z.object({ name, value: text() })),
    windowsHostProcess: flag,
  }),
  volumes: items(volume),
  imagePullSecrets: texts,
  tolerations: items(z.object({ key: optional, operator: optional, value: optional, effect: optional })),
  nodeSelector: labels,
}) satisfies z.ZodType<PodSpec>;

export const podSchema = z.object({
  kind: name,
  ...clusterObject,
  spec: podSpec,
  status: z
    .object({
      phase: name,
      podIPs: texts,
      hostIP: optional,
      containers: items(z.object({ name, image: text(), imageID: text(), running: z.boolean(), restartCount: count })),
    })
    .nullable(),
}) satisfies z.ZodType<Pod>;

export const workloadSchema = z.object({
  ...clusterObject,
  kind: z.enum([
    ...(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'] as const),
    ...(['ReplicationController', 'DeploymentConfig', 'PodTemplate'] as const),
  ]),
  replicas: whole.nullable(),
  selector: selector.nullable(),
  template: z.object({ labels, annotations: z.record(text(1_024), text(16_384)), spec: podSpec }),
}) satisfies z.ZodType<Workload>;
