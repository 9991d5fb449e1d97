import type { Fact } from '../host/fact.js';
import type {
  AdmissionPolicy,
  AdmissionPolicyBinding,
  CertificateSigningRequest,
  ConfigMap,
  LimitRange,
  Namespace,
  PersistentVolume,
  PodDisruptionBudget,
  ResourceQuota,
  SecretMetadata,
  StorageClass,
  WebhookConfiguration,
} from './governance.js';
import type { Gateway, NetworkPolicy, Route, Service, VendorPolicy } from './network.js';
import type { KubeletConfig, Node } from './node.js';
import type { Pod, Workload } from './pod.js';
import type { Role, RoleBinding, ServiceAccount } from './rights.js';

/** Of the form of `ClusterFacts` in a snapshot of `plimsoll collect cluster`. */
export const CLUSTER_FACTS_VERSION = 1;

/**
 * The facts of one cluster at one time, however they came in: by its API, from a snapshot, or from manifests. Holds no
 * value of a Secret, and no value that looks like one. Lists are sorted by namespace and name, so that the same cluster
 * gives the same facts. A list that was refused is not known; one that is cut has a gap.
 */
export interface ClusterFacts {
  version: typeof CLUSTER_FACTS_VERSION;
  /** How they were collected: `api`, `snapshot`, `manifests`. */
  collectedBy: 'api' | 'snapshot' | 'manifests';
  /** RFC 3339, UTC. Not part of the inventory's digest. */
  collectedAt: string;
  /** Not known of manifests. */
  server: Fact<ServerVersion>;
  /** Who runs the control plane; null where its own static pods are seen, or nothing tells. */
  managedBy: ManagedBy | null;
  namespaces: Fact<Namespace[]>;
  nodes: Fact<Node[]>;
  kubelets: Fact<KubeletConfig[]>;
  pods: Fact<Pod[]>;
  workloads: Fact<Workload[]>;
  serviceAccounts: Fact<ServiceAccount[]>;
  roles: Fact<Role[]>;
  roleBindings: Fact<RoleBinding[]>;
  certificateRequests: Fact<CertificateSigningRequest[]>;
  networkPolicies: Fact<NetworkPolicy[]>;
  vendorPolicies: Fact<VendorPolicy[]>;
  services: Fact<Service[]>;
  routes: Fact<Route[]>;
  gateways: Fact<Gateway[]>;
  secrets: Fact<SecretMetadata[]>;
  configMaps: Fact<ConfigMap[]>;
  resourceQuotas: Fact<ResourceQuota[]>;
  limitRanges: Fact<LimitRange[]>;
  disruptionBudgets: Fact<PodDisruptionBudget[]>;
  storageClasses: Fact<StorageClass[]>;
  persistentVolumes: Fact<PersistentVolume[]>;
  webhooks: Fact<WebhookConfiguration[]>;
  admissionPolicies: Fact<AdmissionPolicy[]>;
  admissionBindings: Fact<AdmissionPolicyBinding[]>;
  /** Objects of kinds that are not read, by `apiVersion/Kind`: how many there are. */
  otherKinds: Record<string, number>;
}

/** The kinds of facts that a control may rest on. */
export type ClusterFact = {
  [Name in keyof ClusterFacts]: ClusterFacts[Name] extends Fact<unknown> ? Name : never;
}[keyof ClusterFacts];

export interface ServerVersion {
  /** `v1.32.1+k3s1`, `v1.31.4-eks-2d5f260`. */
  gitVersion: string;
  major: number;
  minor: number;
  platform: string | null;
}

export type ManagedBy = 'eks' | 'gke' | 'aks' | 'doks' | 'oke' | 'iks' | 'ack' | 'openshift';
