import type { ClusterFact, ClusterFacts, ServerVersion } from '../../../model/cluster/cluster-facts.js';
import type { ProductLifecycle } from '../../../model/lifecycle.js';
import { type AuditedWorkload, workloadsOf } from '../../cluster/workloads.js';
import type { Control } from '../control.js';
import { type ControlPlane, controlPlaneOf } from './control-plane/component.js';

/** What cluster controls judge: facts, and what the operator decided. */
export interface ClusterSubject extends ClusterSettings {
  facts: ClusterFacts;
  /** Of the pods and templates that are known. */
  workloads: readonly AuditedWorkload[];
  controlPlane: ControlPlane;
}

export interface ClusterSettings {
  /** When the cluster is judged. */
  now: Date;
  /** Registries and folders of them that images may come from; null where the operator named none. */
  trustedRegistries: readonly string[] | null;
  /** How long Kubernetes' releases are supported; null where nobody said. */
  lifecycle: ProductLifecycle | null;
}

export interface ClusterControl extends Control<ClusterSubject, ClusterFact> {
  /** It is judged where some of its facts are known: what fails of those fails, and the others are gaps. Else all must be. */
  judgedInPart?: true;
}

export function clusterSubject(facts: ClusterFacts, settings: ClusterSettings): ClusterSubject {
  return { ...settings, facts, workloads: workloadsOf(facts), controlPlane: controlPlaneOf(facts) };
}

/** Newer rules than those of the newest release that is known do not exist; what has no version is judged by the newest. */
const LATEST = { major: 1, minor: Number.MAX_SAFE_INTEGER };

/** The release that rules are taken of. */
function releaseOf({ facts: { server } }: Pick<ClusterSubject, 'facts'>): Pick<ServerVersion, 'major' | 'minor'> {
  return server.known ? server.value : LATEST;
}

/** Whether the cluster is of a release or a newer one: `isFrom(subject, 25)`. */
export function isFrom(subject: Pick<ClusterSubject, 'facts'>, minor: number): boolean {
  const release = releaseOf(subject);
  return release.major > 1 || release.minor >= minor;
}
