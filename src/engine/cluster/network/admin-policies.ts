import { resourceName } from '../../../model/cluster/cluster-object.js';
import type { VendorPolicy } from '../../../model/cluster/network.js';
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
  unknownPolicy,
} from './compiled-policy.js';
import {
  asObject,
  asText,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  onlyKnown,
  selectorOf,
  textAt,
  UnknownForm,
} from './json-view.js';
import { namedPorts } from './kubernetes-policies.js';
import { type BlocksOfPods, matchesBlock, matchesNamespace } from './peer-match.js';
import { NO_PORTS, type PortSet, portsOf, union } from './port-set.js';

/** AdminNetworkPolicy and BaselineAdminNetworkPolicy of `policy.networking.k8s.io/v1alpha1`: https://network-policy-api.sigs.k8s.io/. */
export function compileAdminPolicies(policies: readonly VendorPolicy[], blocks: BlocksOfPods): Compiled {
  const keys = new Set<string>();
  const gaps: string[] = [];
  const compiled = policies.flatMap((policy) =>
    policy.specs.map((spec): CompiledPolicy => {
      const resource = resourceName(policy);
      try {
        const isBaseline = policy.kind === 'BaselineAdminNetworkPolicy';
        return compileSpec(asObject(spec, 'spec'), { resource, isBaseline, keys, blocks });
      } catch (error) {
        if (!(error instanceof UnknownForm)) throw error;
        gaps.push(`${resource} was not understood: ${error.message}.`);
        return unknownPolicy(resource, () => 'yes');
      }
    }),
  );
  return { policies: compiled, keys, gaps };
}

interface Context {
  resource: string;
  isBaseline: boolean;
  keys: Set<string>;
  blocks: BlocksOfPods;
}

function compileSpec(spec: JsonObject, context: Context): CompiledPolicy {
  onlyKnown(spec, ['priority', 'subject', 'ingress', 'egress']);
  const subject = objectAt(spec, 'subject');
  if (!subject) throw new UnknownForm('expected a subject');
  const appliesTo = pods(subject, context.keys);
  const direction = (way: 'ingress' | 'egress') => {
    const rules = listAt(spec, way);
    return rules && { isolates: false, rules: rules.map((rule) => compileRule(asObject(rule, way), way, context)) };
  };
  return {
    resource: context.resource,
    stage: context.isBaseline ? 'baseline' : 'admin',
    order: numberAt(spec, 'priority') ?? 0,
    appliesTo: (endpoint) => (endpoint.hostNetwork ? 'no' : appliesTo(endpoint)),
    ingress: direction('ingress'),
    egress: direction('egress'),
  };
}

function compileRule(rule: JsonObject, way: 'ingress' | 'egress', context: Context): CompiledRule {
  const side = way === 'ingress' ? 'from' : 'to';
  onlyKnown(rule, ['name', 'action', side, 'ports']);
  const action = textAt(rule, 'action')?.toLowerCase();
  if (action !== 'allow' && action !== 'deny' && (action !== 'pass' || context.isBaseline)) {
    throw new UnknownForm(`expected an action, got ${String(action)}`);
  }
  const peers = (listAt(rule, side) ?? []).map((peer) => compilePeer(asObject(peer, side), context));
  const ports = listAt(rule, 'ports')?.map((port) => compilePort(asObject(port, 'ports')));
  return {
    action,
    matches: (peer) => peers.reduce<Match>((match, one) => most(match, one(peer)), 'no'),
    ports: ports ? (to) => ports.reduce<PortSet>((all, one) => union(all, one(to)), NO_PORTS) : null,
  };
}

function compilePeer(of: JsonObject, { keys, blocks }: Context): (peer: Peer) => Match {
  onlyKnown(of, ['namespaces', 'pods', 'nodes', 'networks', 'domainNames']);
  const networks = listAt(of, 'networks')?.map((network) => {
    const cidr = parseCidr(asText(network, 'networks'));
    if (!cidr) throw new UnknownForm(`expected a range of addresses, got ${String(network)}`);
    return { cidr, except: [] };
  });
  if (networks)
    return (peer) => networks.reduce<Match>((match, one) => most(match, matchesBlock(one, peer, blocks)), 'no');
  if (listAt(of, 'domainNames')) return (peer) => (peer.kind === 'endpoint' ? 'no' : 'maybe');
  if (objectAt(of, 'nodes')) return (peer) => (peer.kind === 'endpoint' && peer.endpoint.hostNetwork ? 'maybe' : 'no');
  const selected = pods(of, keys);
  return (peer) => {
    if (peer.kind !== 'endpoint') return 'no';
    return peer.endpoint.hostNetwork ? least(selected(peer.endpoint), 'maybe') : selected(peer.endpoint);
  };
}

/** All pods of namespaces, or some of them. */
function pods(of: JsonObject, keys: Set<string>): (endpoint: Endpoint) => Match {
  const namespaces = objectAt(of, 'namespaces');
  if (namespaces) {
    const selector = selectorOf(namespaces);
    return (endpoint) => matchesNamespace(selector, endpoint);
  }
  const some = objectAt(of, 'pods');
  if (!some) throw new UnknownForm('expected namespaces or pods');
  const [within, own] = [
    selectorOf(objectAt(some, 'namespaceSelector') ?? {}),
    selectorOf(objectAt(some, 'podSelector') ?? {}),
  ];
  for (const key of keysOf(own)) keys.add(key);
  return (endpoint) => (selects(own, endpoint.labels) ? matchesNamespace(within, endpoint) : 'no');
}

function compilePort(of: JsonObject): (to: Endpoint | null) => PortSet {
  const named = textAt(of, 'namedPort');
  if (named !== null) return (to) => namedPorts(named, null, to);
  const number = objectAt(of, 'portNumber');
  const range = objectAt(of, 'portRange');
  const protocol = textAt(number ?? range ?? {}, 'protocol') ?? 'TCP';
  const first = number ? numberAt(number, 'port') : range && numberAt(range, 'start');
  if (first === null) throw new UnknownForm('expected a port');
  const set = portsOf(protocol, first, range && numberAt(range, 'end')) ?? NO_PORTS;
  return () => set;
}
