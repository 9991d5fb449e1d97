import type { ClusterObject } from '../../../../model/cluster/cluster-object.js';
import type { Container, Handler, Pod, PodSpec, Volume, Workload } from '../../../../model/cluster/pod.js';

/*
 * Objects as expressions see them: as Kubernetes has them, as far as facts do. What is not set is absent, so that has()
 * tells it; numbers without a fraction are CEL's integers.
 */

type Plain = null | boolean | number | bigint | string | Plain[] | { [name: string]: Plain };

interface Shaped {
  object: Plain;
  podSpec: Plain;
}

/** Each control asks for the same objects, and shaping one takes longer than judging it. */
const SHAPED = new WeakMap<Pod | Workload, Shaped>();

/** A pod or what makes pods. @returns the object, and its pod's spec */
export function podObject(object: Pod | Workload): Shaped {
  const shaped = SHAPED.get(object) ?? shapedPod(object);
  SHAPED.set(object, shaped);
  return shaped;
}

function shapedPod(object: Pod | Workload): Shaped {
  const isPod = 'spec' in object;
  const podSpec = podSpecOf(isPod ? object.spec : object.template.spec);
  if (isPod) return { object: { ...headOf(object), spec: podSpec }, podSpec };
  const { labels, annotations } = object.template;
  const template = { metadata: { labels: plain(labels), annotations: plain(annotations) }, spec: podSpec };
  return { object: { ...headOf(object), ...specOf(object, template) }, podSpec };
}

/** Any other object: its facts under `spec`, but for kinds that have none, where they are beside the metadata. */
export function otherObject(object: ClusterObject): Shaped {
  const { kind, apiVersion, name, namespace, uid, labels, annotations, owners, createdAt, origin, ...facts } = object;
  const rest = record(plain(facts));
  const head = headOf(object);
  return { object: WITHOUT_SPEC.has(kind) ? { ...rest, ...head } : { ...head, spec: rest }, podSpec: {} };
}

const WITHOUT_SPEC = new Set([
  ...['ClusterRole', 'ClusterRoleBinding', 'ConfigMap', 'Role', 'RoleBinding', 'Secret', 'ServiceAccount'],
  ...['MutatingWebhookConfiguration', 'StorageClass', 'ValidatingWebhookConfiguration'],
]);

function headOf({ apiVersion, kind, name, namespace, labels, annotations }: ClusterObject): { [name: string]: Plain } {
  return { apiVersion, kind, metadata: plain({ name, namespace, labels, annotations }) };
}

function specOf({ kind, replicas, selector }: Workload, template: Plain): { [name: string]: Plain } {
  if (kind === 'PodTemplate') return { template };
  if (kind === 'CronJob') return { spec: { jobTemplate: { spec: { template } } } };
  return { spec: { ...record(plain({ replicas, selector })), template } };
}

function podSpecOf({ containers, os, volumes, securityContext, imagePullSecrets, ...rest }: PodSpec): Plain {
  const of = (type: Container['type']) => containers.filter((each) => each.type === type).map(containerOf);
  const { windowsHostProcess, ...context } = securityContext;
  return {
    ...record(plain(rest)),
    ...(os === null ? {} : { os: { name: os } }),
    containers: of('regular'),
    initContainers: of('init'),
    ephemeralContainers: of('ephemeral'),
    volumes: volumes.map(volumeOf),
    imagePullSecrets: imagePullSecrets.map((name) => ({ name })),
    securityContext: { ...record(plain(context)), ...windowsOptions(windowsHostProcess) },
  };
}

function containerOf(container: Container): Plain {
  const {
    type,
    env,
    envFrom,
    securityContext,
    postStart,
    preStop,
    livenessProbe,
    readinessProbe,
    startupProbe,
    ...rest
  } = container;
  const { windowsHostProcess, ...context } = securityContext;
  const lifecycle = handlers({ postStart, preStop });
  return {
    ...record(plain(rest)),
    ...handlers({ livenessProbe, readinessProbe, startupProbe }),
    ...(Object.keys(lifecycle).length > 0 && { lifecycle }),
    env: env.map(({ name, value, from }) => ({
      name,
      ...(value !== null && { value }),
      ...(from !== null && { valueFrom: { [SOURCES[from.kind]]: plain({ name: from.name, key: from.key }) } }),
    })),
    envFrom: envFrom.map(({ kind, name }) => ({ [kind === 'Secret' ? 'secretRef' : 'configMapRef']: { name } })),
    securityContext: { ...record(plain(context)), ...windowsOptions(windowsHostProcess) },
  };
}

const SOURCES = {
  ConfigMap: 'configMapKeyRef',
  Secret: 'secretKeyRef',
  Field: 'fieldRef',
  ResourceField: 'resourceFieldRef',
  File: 'fileKeyRef',
} as const;

function volumeOf({ name, type, path, hostPathType, reference, readOnly }: Volume): Plain {
  const named = VOLUME_NAMES[type];
  const source = plain({ path, type: hostPathType, readOnly, ...(named && { [named]: reference }) });
  return { name, [type]: source };
}

/** How the kinds of volumes call what they name. */
const VOLUME_NAMES: Record<string, string> = {
  secret: 'secretName',
  configMap: 'name',
  persistentVolumeClaim: 'claimName',
  csi: 'driver',
};

function handlers(all: Record<string, Handler | null>): { [name: string]: Plain } {
  const set = Object.entries(all).flatMap(([name, handler]) =>
    handler ? [[name, { [handler.type]: plain({ host: handler.host }) }] as const] : [],
  );
  return Object.fromEntries(set);
}

function windowsOptions(hostProcess: boolean | null): { [name: string]: Plain } {
  return hostProcess === null ? {} : { windowsOptions: { hostProcess } };
}

/** Without what is null; facts are of such values alone. */
function plain(value: unknown): Plain {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (each === null || each === undefined ? [] : [[name, plain(each)]])),
  );
}

function record(value: Plain): { [name: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
