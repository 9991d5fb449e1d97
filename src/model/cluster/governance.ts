import type { ClusterObject, LabelSelector } from './cluster-object.js';

export interface Namespace extends ClusterObject {
  kind: 'Namespace';
}

/** Its name and type alone: of a Secret nothing else is kept. */
export interface SecretMetadata extends ClusterObject {
  type: string;
}

/** Its keys alone, and which of the values look like secrets. */
export interface ConfigMap extends ClusterObject {
  keys: string[];
  secrets: { key: string; rule: string; line: number }[];
}

export interface ResourceQuota extends ClusterObject {
  hard: Record<string, string>;
}

export interface LimitRange extends ClusterObject {
  limits: { type: string; default: Record<string, string>; max: Record<string, string> }[];
}

export interface PodDisruptionBudget extends ClusterObject {
  selector: LabelSelector | null;
}

export interface StorageClass extends ClusterObject {
  provisioner: string;
  parameters: Record<string, string>;
  reclaimPolicy: string | null;
}

export interface PersistentVolume extends ClusterObject {
  type: string;
  /** Of `hostPath` and `local`. */
  path: string | null;
  storageClass: string | null;
  reclaimPolicy: string | null;
  claim: { namespace: string; name: string } | null;
}

/** ValidatingWebhookConfiguration and MutatingWebhookConfiguration. */
export interface WebhookConfiguration extends ClusterObject {
  kind: 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';
  webhooks: Webhook[];
}

export interface Webhook {
  name: string;
  failurePolicy: string | null;
  namespaceSelector: LabelSelector | null;
  objectSelector: LabelSelector | null;
  rules: { operations: string[]; apiGroups: string[]; resources: string[] }[];
  timeoutSeconds: number | null;
  /** Null where it is called by URL. */
  service: { namespace: string; name: string } | null;
  hasMatchConditions: boolean;
}

/** ValidatingAdmissionPolicy, and whether something binds it with the action `Deny`. */
export interface AdmissionPolicy extends ClusterObject {
  failurePolicy: string | null;
  rules: { operations: string[]; apiGroups: string[]; resources: string[] }[];
}

export interface AdmissionPolicyBinding extends ClusterObject {
  policy: string;
  actions: string[];
  namespaceSelector: LabelSelector | null;
}

export interface CertificateSigningRequest extends ClusterObject {
  signerName: string;
  username: string;
  groups: string[];
  approved: boolean;
}
