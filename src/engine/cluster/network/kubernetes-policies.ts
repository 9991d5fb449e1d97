import { type LabelSelector, resourceName } from '../../../model/cluster/cluster-object.js';
import type { NetworkPeer, NetworkPolicy, NetworkPort, NetworkRule } from '../../../model/cluster/network.js';
import { keysOf, selects } from '../label-selector.js';
import { parseCidr } from './cidr.js';
import {
  type Compiled,
  type CompiledPolicy,
  type CompiledRule,
  type Endpoint,
  least,
  type Match,
  most,
  type Peer,
} from './compiled-policy.js';
import { type Block, type BlocksOfPods, matchesBlock, matchesNamespace } from './peer-match.js';
import { NO_PORTS, type PortSet, portsOf, union } from './port-set.js';

/** Calico has them in the order of its own policies: https://docs.tigera.io/calico/latest/reference/resources/networkpolicy. */
const KUBERNETES_ORDER = 1_000;

/** `networking.k8s.io/v1`, which only allow: https://kubernetes.io/docs/concepts/services-networking/network-policies/. */
export function compileKubernetesPolicies(policies: readonly NetworkPolicy[], blocks: BlocksOfPods): Compiled {
  const keys = new Set<string>();
  const gaps: string[] = [];
  const compiled = policies.map((policy): CompiledPolicy => {
    const { podSelector, policyTypes, ingress, egress } = policy;
    const resource = resourceName(policy);
    const namespace = policy.namespace ?? 'default';
    for (const key of keysIn(policy)) keys.add(key);
    const direction = (type: 'Ingress' | 'Egress', rules: NetworkRule[]) =>
      typesOf(policyTypes, egress).includes(type)
        ? { isolates: true, rules: rules.map((rule) => compileRule(rule, { resource, namespace, blocks, gaps })) }
        : null;
    return {
      resource,
      stage: 'main',
      order: KUBERNETES_ORDER,
      appliesTo: (endpoint) =>
        !endpoint.hostNetwork && endpoint.namespace === namespace && selects(podSelector, endpoint.labels)
          ? 'yes'
          : 'no',
      ingress: direction('Ingress', ingress),
      egress: direction('Egress', egress),
    };
  });
  return { policies: compiled, keys, gaps };
}

interface Context {
  resource: string;
  namespace: string;
  blocks: BlocksOfPods;
  gaps: string[];
}

/** Where they are not said, a policy is about what comes in, and about what goes out if it has rules for that. */
function typesOf(types: NetworkPolicy['policyTypes'], egress: readonly NetworkRule[]): NetworkPolicy['policyTypes'] {
  if (types.length > 0) return types;
  return egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

/** No peers, or none named, is everywhere; likewise ports. */
function compileRule({ peers, ports }: NetworkRule, context: Context): CompiledRule {
  const compiled = peers === null || peers.length === 0 ? null : peers.map((peer) => compilePeer(peer, context));
  return {
    action: 'allow',
    matches: (peer) => {
      if (compiled === null) return 'yes';
      let match: Match = 'no';
      for (const one of compiled) {
        match = most(match, one(peer));
        if (match === 'yes') break;
      }
      return match;
    },
    ports:
      ports === null || ports.length === 0
        ? null
        : (to) => ports.reduce((all, port) => union(all, portsTo(port, to)), NO_PORTS),
  };
}

function compilePeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPeer,
  context: Context,
): (peer: Peer) => Match {
  const { namespace, blocks, resource, gaps } = context;
  if (ipBlock) {
    const cidr = parseCidr(ipBlock.cidr);
    const except = ipBlock.except.map(parseCidr);
    if (!cidr || except.includes(null)) {
      gaps.push(`${resource}: expected ranges of addresses, got ${[ipBlock.cidr, ...ipBlock.except].join(', ')}.`);
      return () => 'maybe';
    }
    const block: Block = { cidr, except: except.filter((one) => one !== null) };
    return (peer) => matchesBlock(block, peer, blocks);
  }
  return (peer) => {
    if (peer.kind !== 'endpoint') return 'no';
    const { endpoint } = peer;
    const within = namespaceSelector
      ? matchesNamespace(namespaceSelector, endpoint)
      : endpoint.namespace === namespace
        ? 'yes'
        : 'no';
    const match = within !== 'no' && podSelector && !selects(podSelector, endpoint.labels) ? 'no' : within;
    // Whether a plugin knows a pod in the node's network by its labels is left open.
    return endpoint.hostNetwork ? least(match, 'maybe') : match;
  };
}

function portsTo({ protocol, port, endPort }: NetworkPort, to: Endpoint | null): PortSet {
  if (typeof port !== 'string') return portsOf(protocol, port, endPort) ?? NO_PORTS;
  return namedPorts(port, protocol, to);
}

/** A name is that of a port of the pod that is connected to; what has no such port is not connected to. */
export function namedPorts(name: string, protocol: string | null, to: Endpoint | null): PortSet {
  const own = to?.ports.filter((one) => one.name === name && (protocol === null || one.protocol === protocol)) ?? [];
  return own.reduce<PortSet>((all, one) => union(all, portsOf(one.protocol, one.port) ?? NO_PORTS), NO_PORTS);
}

function keysIn({ podSelector, ingress, egress }: NetworkPolicy): string[] {
  const peers = [...ingress, ...egress].flatMap((rule) => rule.peers ?? []);
  const selectors = [podSelector, ...peers.map((peer) => peer.podSelector)];
  return selectors.filter((selector): selector is LabelSelector => selector !== null).flatMap(keysOf);
}
