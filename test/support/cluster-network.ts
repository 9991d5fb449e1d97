import type { LabelSelector } from '../../src/model/cluster/cluster-object.js';
import type { Json, NetworkPolicy, NetworkRule, VendorPolicy } from '../../src/model/cluster/network.js';
import type { Pod, PodSpec } from '../../src/model/cluster/pod.js';
import { clusterObject, pod } from './cluster-facts.js';

export function selector(matchLabels: Record<string, string> = {}): LabelSelector {
  return { matchLabels, matchExpressions: [] };
}

export function networkPolicy(name: string, namespace: string, of: Partial<NetworkPolicy>): NetworkPolicy {
  const nothing = { podSelector: selector(), policyTypes: [], ingress: [], egress: [] };
  return { ...clusterObject('NetworkPolicy', name, { namespace }), ...nothing, ...of };
}

/** From or to each of these: `{ namespaceSelector }`, `{ podSelector }`, both, or `{ ipBlock }`. */
export function rule(
  peers: Partial<NonNullable<NetworkRule['peers']>[number]>[] | null,
  ports: NetworkRule['ports'] = null,
): NetworkRule {
  const whole = peers?.map((peer) => ({ podSelector: null, namespaceSelector: null, ipBlock: null, ...peer }));
  return { peers: whole ?? null, ports };
}

export function vendorPolicy(
  kind: VendorPolicy['kind'],
  name: string,
  namespace: string | null,
  ...specs: Json[]
): VendorPolicy {
  return { ...clusterObject(kind, name, { namespace }), specs };
}

/** A pod with an address, and labels that say what it is. */
export function runningPod(
  namespace: string,
  name: string,
  of: { labels?: Record<string, string>; ip?: string; spec?: Partial<PodSpec> } = {},
): Pod {
  const status = { phase: 'Running', podIPs: of.ip ? [of.ip] : [], hostIP: null, containers: [] };
  return pod(name, of.spec, { namespace, labels: of.labels ?? { app: name }, status });
}
