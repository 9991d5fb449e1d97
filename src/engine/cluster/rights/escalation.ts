import type { Grant } from './grant.js';

/** Ways of becoming somebody else, or of getting at something, that Kubernetes itself offers. */
export type Technique =
  | 'everything'
  | 'system-masters'
  | 'impersonate'
  | 'bind'
  | 'escalate'
  | 'request-token'
  | 'create-workload'
  | 'run-in-pod'
  | 'read-secrets'
  | 'make-token-secret'
  | 'nodes-proxy'
  | 'approve-certificate'
  | 'host-path-volume'
  | 'mutating-webhook'
  | 'aws-auth'
  /** No right is used: a pod has its account's token, a node the pods that are on it. */
  | 'token-of-pod'
  | 'node-of-pod'
  | 'pods-of-node'
  | 'keys-of-cluster'
  /** From many to one of them: no step of its own. */
  | 'member';

/** A step that somebody may take. */
export interface Escalation {
  from: string;
  to: string;
  technique: Technique;
  /** A few words: what is used for it. */
  via: string;
  /** The rights that it takes, with rule, role and binding; none where it takes no right. */
  grants: Grant[];
  /** Others by which the same step could be taken, were these not there. */
  others: Grant[];
}

/** What somebody may do, whoever it is. */
export type Step = Omit<Escalation, 'from' | 'others'>;

/** Ends and gatherings in the graph of escalations; no object is named like them. */
export const CLUSTER = 'cluster-admin';
export const ALL_USERS = 'Users';
export const ALL_GROUPS = 'Groups';
/** A certificate makes nobody a member of `system:masters`. */
export const GROUPS_BUT_MASTERS = 'Groups-but-masters';
export const ALL_NODES = 'Nodes';
/** The node of a pod that is not placed, or of which it is not known where it is. */
export const SOME_NODE = 'Node/*';

/** The service accounts, pods or secrets of a namespace; null: of all. */
export function accountsIn(namespace: string | null): string {
  return namespace === null ? 'ServiceAccounts' : `ServiceAccounts/${namespace}`;
}

export function podsIn(namespace: string | null): string {
  return namespace === null ? 'Pods' : `Pods/${namespace}`;
}

export function secretsIn(namespace: string | null): string {
  return namespace === null ? 'Secrets' : `Secrets/${namespace}`;
}

/** Many that one is got at through; no step of its own. */
export function isGathering(id: string): boolean {
  return GATHERINGS.has(id) || /^(?:ServiceAccounts|Pods)(?:\/|$)/.test(id);
}

const GATHERINGS = new Set([ALL_USERS, ALL_GROUPS, GROUPS_BUT_MASTERS, ALL_NODES]);
