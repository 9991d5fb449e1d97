/** What every object of a cluster has, as far as controls ask for it. */
export interface ClusterObject {
  /** `Pod`, `Deployment`. */
  kind: string;
  /** `v1`, `apps/v1`: as it was served or written. */
  apiVersion: string;
  name: string;
  /** Null for what belongs to no namespace. */
  namespace: string | null;
  /** Null in manifests. */
  uid: string | null;
  labels: Record<string, string>;
  /** Without those that repeat the whole object, as `kubectl.kubernetes.io/last-applied-configuration` does. */
  annotations: Record<string, string>;
  owners: OwnerReference[];
  /** RFC 3339, UTC; null in manifests. */
  createdAt: string | null;
  /** The file, document and line of a manifest; null for what an API served. */
  origin: string | null;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string | null;
  controller: boolean;
}

/** `Kind/namespace/name`, or `Kind/name` where there is no namespace: how evidence and findings name an object. */
export function resourceName({ kind, namespace, name }: Pick<ClusterObject, 'kind' | 'namespace' | 'name'>): string {
  return namespace === null ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

/** As in LabelSelector; both parts must hold. One that is empty selects everything. */
export interface LabelSelector {
  matchLabels: Record<string, string>;
  matchExpressions: LabelRequirement[];
}

export interface LabelRequirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values: string[];
}
