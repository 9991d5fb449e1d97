import type { ClusterFacts } from '../../model/cluster/cluster-facts.js';
import { type ClusterObject, type OwnerReference, resourceName } from '../../model/cluster/cluster-object.js';
import type { Container, Pod, PodSpec, Workload } from '../../model/cluster/pod.js';

/** What somebody wrote and can mend: a Deployment with its replicas, a CronJob with its jobs, a pod that nothing made. */
export interface AuditedWorkload {
  /** `Deployment/default/web`; of a kind that is not read, what the pods say made them: `Rollout/default/web`. */
  resource: string;
  kind: string;
  name: string;
  namespace: string | null;
  /** Its own template first, then replicas that differ from it and from each other. */
  views: PodView[];
  /** Its pods, in their order. */
  pods: Pod[];
}

/** A pod as a template or a replica has it. */
export interface PodView {
  /** Null for the workload's own; else the replica: `Pod/default/web-7d9f`. */
  replica: string | null;
  /** Where its fields are: `spec.template.spec`, and of the metadata `spec.template.metadata`. */
  path: string;
  metadataPath: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: PodSpec;
  containers: ContainerView[];
}

export interface ContainerView {
  /** Beneath the view's: `initContainers[0]`. */
  path: string;
  container: Container;
}

/** More steps from a pod to what made it do not exist; owners that own each other end here. */
const MAX_OWNERS = 10;

/** Pods and templates of what is known, by what made them; in the order in which they are first seen. */
export function workloadsOf({ pods, workloads }: Pick<ClusterFacts, 'pods' | 'workloads'>): AuditedWorkload[] {
  const templates = workloads.known ? workloads.value : [];
  const byKey = new Map(templates.map((workload) => [keyOf(workload), workload]));
  const found = new Map<string, Builder>();
  const builderOf = (root: Root): Builder => {
    const key = keyOf(root);
    let builder = found.get(key);
    if (!builder) {
      const { kind, name, namespace } = root;
      builder = { workload: { resource: resourceName(root), kind, name, namespace, views: [], pods: [] }, seen: null };
      found.set(key, builder);
    }
    return builder;
  };
  for (const workload of templates) {
    const root = rootOf(workload, byKey);
    const isOwn = root === workload;
    // What a Deployment keeps to be rolled back to runs no more.
    if (!isOwn && workload.replicas === 0) continue;
    add(builderOf(root), viewOfTemplate(workload, isOwn));
  }
  for (const pod of pods.known ? pods.value : []) {
    const root = rootOf(pod, byKey);
    const builder = builderOf(root);
    builder.workload.pods.push(pod);
    add(builder, viewOfPod(pod, root === pod));
  }
  return [...found.values()].map(({ workload }) => workload);
}

/** Whether the kubelet made the pod from a file of its node, as it makes those of the control plane. */
export function isStatic({ annotations, owners }: ClusterObject): boolean {
  return annotations['kubernetes.io/config.source'] === 'file' || owners.some(({ kind }) => kind === 'Node');
}

type Root = Pick<ClusterObject, 'kind' | 'apiVersion' | 'name' | 'namespace'>;

interface Builder {
  workload: AuditedWorkload;
  /** What tells the views apart that it has; made when there is a second one. */
  seen: Set<string> | null;
}

function add(builder: Builder, view: PodView): void {
  const { views } = builder.workload;
  if (views.length > 0) {
    builder.seen ??= new Set(views.map(identityOf));
    const identity = identityOf(view);
    if (builder.seen.has(identity)) return;
    builder.seen.add(identity);
  }
  // The workload's own comes first, as its fields are the ones to mend.
  if (view.replica === null) views.unshift(view);
  else views.push(view);
}

/** Equal for replicas of one template: but for the node, and the name of the volume that each gets for its token. */
function identityOf({ spec, annotations }: PodView): string {
  const profiles = Object.entries(annotations).filter(([name]) => name.includes('.security.'));
  return JSON.stringify([{ ...spec, nodeName: null }, profiles]).replaceAll(/kube-api-access-[a-z0-9]{5}\b/g, '');
}

/** Follows controllers as far as they are known; one that is not known is named as the last object names it. */
function rootOf<T extends Workload | Pod>(object: T, byKey: ReadonlyMap<string, Workload>): T | Workload | Root {
  let current: T | Workload = object;
  for (let step = 0; step < MAX_OWNERS; step += 1) {
    const owner: OwnerReference | undefined = current.owners.find(({ controller }) => controller);
    // A static pod is a file of its node, and mended there.
    if (!owner || owner.kind === 'Node') return current;
    const named: Root = { ...owner, namespace: current.namespace };
    const known = byKey.get(keyOf(named));
    if (!known) return deploymentOf(owner, current) ?? named;
    current = known;
  }
  return current;
}

/** A ReplicaSet that could not be read is its Deployment's where it is named as Deployments name theirs. */
function deploymentOf({ kind, name, apiVersion }: OwnerReference, owned: Workload | Pod): Root | null {
  const hash = owned.labels['pod-template-hash'];
  if (kind !== 'ReplicaSet' || !hash || !name.endsWith(`-${hash}`)) return null;
  return { kind: 'Deployment', apiVersion, name: name.slice(0, -hash.length - 1), namespace: owned.namespace };
}

function keyOf({ kind, apiVersion, name, namespace }: Root): string {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  // Deployments and others were in `extensions` before they were in `apps`.
  return `${group === 'extensions' ? 'apps' : group}/${kind}/${namespace ?? ''}/${name}`;
}

function viewOfTemplate(workload: Workload, isOwn: boolean): PodView {
  const path = templatePath(workload.kind);
  return viewOf(isOwn ? null : resourceName(workload), `${path}spec`, `${path}metadata`, workload.template);
}

function viewOfPod(pod: Pod, isOwn: boolean): PodView {
  return viewOf(isOwn ? null : resourceName(pod), 'spec', 'metadata', pod);
}

function templatePath(kind: Workload['kind']): string {
  switch (kind) {
    case 'CronJob':
      return 'spec.jobTemplate.spec.template.';
    case 'PodTemplate':
      return 'template.';
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
    case 'ReplicationController':
    case 'DeploymentConfig':
      return 'spec.template.';
  }
}

function viewOf(
  replica: string | null,
  path: string,
  metadataPath: string,
  { labels, annotations, spec }: Pick<PodView, 'labels' | 'annotations' | 'spec'>,
): PodView {
  return { replica, path, metadataPath, labels, annotations, spec, containers: containersOf(spec) };
}

const FIELDS = { init: 'initContainers', regular: 'containers', ephemeral: 'ephemeralContainers' } as const;

function containersOf({ containers }: PodSpec): ContainerView[] {
  const counts = { init: 0, regular: 0, ephemeral: 0 };
  return containers.map((container) => {
    const path = `${FIELDS[container.type]}[${counts[container.type]}]`;
    counts[container.type] += 1;
    return { path, container };
  });
}
