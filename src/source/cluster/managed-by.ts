import type { ManagedBy } from '../../model/cluster/cluster-facts.js';
import type { Node } from '../../model/cluster/node.js';
import type { Pod } from '../../model/cluster/pod.js';

interface Signs {
  gitVersion: string | null;
  nodes: readonly Node[];
  pods: readonly Pod[];
  /** `apiVersion/Kind` of objects of other kinds. */
  otherKinds: readonly string[];
}

/** Labels that only nodes of a managed cluster have; virtual machines of the same clouds have the same provider IDs. */
const LABELS: readonly [RegExp, ManagedBy][] = [
  [/^eks\.amazonaws\.com\//, 'eks'],
  [/^cloud\.google\.com\/gke-/, 'gke'],
  [/^kubernetes\.azure\.com\/(?:cluster|agentpool|mode)$/, 'aks'],
  [/^doks\.digitalocean\.com\//, 'doks'],
  [/^oke\.oraclecloud\.com\//, 'oke'],
  [/^ibm-cloud\.kubernetes\.io\//, 'iks'],
  [/^alibabacloud\.com\/nodepool-id$/, 'ack'],
  [/^node\.openshift\.io\//, 'openshift'],
];

/** What builds of Kubernetes say of themselves: `v1.31.4-eks-2d5f260`, `v1.30.5-gke.1014001`. */
const VERSIONS: readonly [RegExp, ManagedBy][] = [
  [/-eks-/, 'eks'],
  [/-gke\./, 'gke'],
  [/\+IKS\b/, 'iks'],
  [/-aliyun\./, 'ack'],
];

/** Who runs the control plane. Where its own static pods are seen, who audits the cluster does. */
export function managerOf({ gitVersion, nodes, pods, otherKinds }: Signs): ManagedBy | null {
  if (otherKinds.some((kind) => /^config\.openshift\.io\/[^/]+\/ClusterVersion$/.test(kind))) return 'openshift';
  const byServer = matching([gitVersion ?? ''], VERSIONS);
  if (byServer !== null) return byServer;
  const isOwn = pods.some(({ namespace, annotations, labels }) => {
    const isStatic = annotations['kubernetes.io/config.mirror'] !== undefined;
    return namespace === 'kube-system' && isStatic && labels.component === 'kube-apiserver';
  });
  if (isOwn) return null;
  const labels = nodes.flatMap((node) => Object.keys(node.labels));
  const versions = nodes.flatMap(({ kubeletVersion }) => kubeletVersion ?? []);
  return matching(labels, LABELS) ?? matching(versions, VERSIONS);
}

function matching(texts: readonly string[], signs: readonly [RegExp, ManagedBy][]): ManagedBy | null {
  return signs.find(([form]) => texts.some((text) => form.test(text)))?.[1] ?? null;
}
