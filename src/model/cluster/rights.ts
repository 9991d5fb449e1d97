import type { ClusterObject, LabelSelector } from './cluster-object.js';

/** Role and ClusterRole. */
export interface Role extends ClusterObject {
  kind: 'Role' | 'ClusterRole';
  rules: PolicyRule[];
  /** Of a ClusterRole that is made of others: their rules are in `rules` as far as a controller has filled them in. */
  isAggregated: boolean;
  /** Of an aggregated ClusterRole: the labels of those whose rules it has; of any other empty. */
  aggregates: LabelSelector[];
}

export interface PolicyRule {
  verbs: string[];
  apiGroups: string[];
  /** `pods`, `pods/exec`, `*`. */
  resources: string[];
  /** Empty: every name. */
  resourceNames: string[];
  nonResourceURLs: string[];
}

/** RoleBinding and ClusterRoleBinding. */
export interface RoleBinding extends ClusterObject {
  kind: 'RoleBinding' | 'ClusterRoleBinding';
  role: { kind: 'Role' | 'ClusterRole'; name: string };
  subjects: Subject[];
}

export interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  name: string;
  /** Of a service account. */
  namespace: string | null;
}

export interface ServiceAccount extends ClusterObject {
  automountServiceAccountToken: boolean | null;
  /** Names of secrets that it lists. */
  secrets: string[];
  imagePullSecrets: string[];
}
