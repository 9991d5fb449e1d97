import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import { resourceName } from '../../../model/cluster/cluster-object.js';
import type { VendorPolicy } from '../../../model/cluster/network.js';
import type { Pod, PodSpec } from '../../../model/cluster/pod.js';
import { accountNameOf } from '../rights/rights.js';
import type { AuditedWorkload } from '../workloads.js';
import { compileAdminPolicies } from './admin-policies.js';
import { compileCalicoPolicies } from './calico-policies.js';
import { parseCidr } from './cidr.js';
import { compileCiliumPolicies } from './cilium-policies.js';
import { type Compiled, type Endpoint, unknownPolicy } from './compiled-policy.js';
import { type Enforcement, enforcementOf } from './enforcement.js';
import { compileKubernetesPolicies } from './kubernetes-policies.js';
import { type Reachability, reachability } from './reachability.js';

export interface ClusterReachability extends Reachability {
  enforcement: Enforcement;
  /** Classes of the pods of a workload. */
  classesOf(workload: string): readonly number[];
}

/** Who reaches whom by the policies of a cluster. Where the network's plugin is known to enforce none, everybody does. */
export function clusterReachability(facts: ClusterFacts, workloads: readonly AuditedWorkload[]): ClusterReachability {
  const enforcement = enforcementOf(workloads);
  const endpoints = endpointsOf(facts, workloads);
  const compiled = enforcement.enforces === 'no' ? [] : compiledPolicies(facts, enforcement);
  const reach = reachability(endpoints, compiled);
  const byWorkload = new Map<string, Set<number>>();
  for (const [index, { members }] of reach.classes.entries()) {
    for (const { workload } of members) {
      const classes = byWorkload.get(workload);
      if (classes) classes.add(index);
      else byWorkload.set(workload, new Set([index]));
    }
  }
  const listed = new Map([...byWorkload].map(([workload, classes]) => [workload, [...classes]]));
  return {
    ...reach,
    enforcement,
    classesOf: (workload) => listed.get(workload) ?? [],
    gaps: [...reach.gaps, ...gapsOf(facts)],
  };
}

/** Pods that run, and templates of which no pod is known. */
function endpointsOf({ namespaces, nodes }: ClusterFacts, workloads: readonly AuditedWorkload[]): Endpoint[] {
  const labels = new Map((namespaces.known ? namespaces.value : []).map((one) => [one.name, one.labels]));
  const byName = new Map((nodes.known ? nodes.value : []).map((node) => [node.name, node]));
  return workloads.flatMap(({ resource, namespace: own, pods, views }) => {
    const namespace = own ?? 'default';
    const common = { workload: resource, namespace, namespaceLabels: labels.get(namespace) ?? null };
    const running = pods.filter(isRunning);
    if (pods.length > 0) {
      return running.map((pod) => {
        const node = pod.spec.hostNetwork ? byName.get(pod.spec.nodeName ?? '') : undefined;
        const texts = node?.addresses.map(({ address }) => address) ?? [];
        return {
          ...common,
          ...ofSpec(pod.spec),
          id: resourceName(pod),
          labels: pod.labels,
          addresses: addresses([...texts, ...addressesOf(pod)]),
        };
      });
    }
    const [view] = views;
    return view ? [{ ...common, ...ofSpec(view.spec), id: resource, labels: view.labels, addresses: [] }] : [];
  });
}

function isRunning({ status }: Pod): boolean {
  return status === null || (status.phase !== 'Succeeded' && status.phase !== 'Failed');
}

function addressesOf({ status }: Pod): string[] {
  return status?.podIPs ?? [];
}

function addresses(texts: readonly string[]) {
  return [...new Set(texts)].map(parseCidr).filter((one) => one !== null);
}

function ofSpec(spec: PodSpec): Pick<Endpoint, 'serviceAccount' | 'hostNetwork' | 'ports'> {
  const ports = spec.containers.flatMap((container) =>
    container.ports.map(({ name, containerPort, protocol }) => ({ name, port: containerPort, protocol })),
  );
  return { serviceAccount: accountNameOf(spec), hostNetwork: spec.hostNetwork, ports };
}

/** What could not be read of policies may be about every pod. */
function compiledPolicies({ networkPolicies, vendorPolicies }: ClusterFacts, { blocks }: Enforcement): Compiled[] {
  const policies = networkPolicies.known ? networkPolicies.value : [];
  const vendor = vendorPolicies.known ? vendorPolicies.value : [];
  const of = (...kinds: VendorPolicy['kind'][]) => vendor.filter(({ kind }) => kinds.includes(kind));
  const unread = [networkPolicies, vendorPolicies].some((fact) =>
    fact.known ? fact.gaps.length > 0 : fact.code !== 'not_present',
  );
  return [
    compileKubernetesPolicies(policies, blocks),
    compileCiliumPolicies(of('CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy')),
    compileCalicoPolicies(of('CalicoNetworkPolicy', 'GlobalNetworkPolicy')),
    compileAdminPolicies(of('AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'), blocks),
    {
      policies: unread
        ? [unknownPolicy('policies that were not read', ({ hostNetwork }) => (hostNetwork ? 'no' : 'yes'))]
        : [],
      keys: new Set(),
      gaps: [],
    },
  ];
}

function gapsOf({ networkPolicies, vendorPolicies, pods }: ClusterFacts): string[] {
  return Object.entries({ 'network policies': networkPolicies, 'policies of plugins': vendorPolicies, pods }).flatMap(
    ([name, fact]) => {
      if (!fact.known) return fact.code === 'not_present' ? [] : [`The ${name} are not known: ${fact.reason}`];
      return fact.gaps.map((gap) => `Not all ${name} are known: ${gap}`);
    },
  );
}
