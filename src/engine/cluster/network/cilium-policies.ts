import { resourceName } from '../../../model/cluster/cluster-object.js';
import type { Json, VendorPolicy } from '../../../model/cluster/network.js';
import { parseCidr } from './cidr.js';
import { ciliumEndpoints } from './cilium-selector.js';
import {
  type Compiled,
  type CompiledPolicy,
  type CompiledRule,
  type Endpoint,
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
  textAt,
  UnknownForm,
} from './json-view.js';
import { namedPorts } from './kubernetes-policies.js';
import { matchesBlock } from './peer-match.js';
import { ALL_PORTS, NO_PORTS, type PortSet, portsOf, union } from './port-set.js';

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy: https://docs.cilium.io/en/stable/security/policy/language/.
 * What is denied is denied before anything is allowed.
 */
export function compileCiliumPolicies(policies: readonly VendorPolicy[]): Compiled {
  const keys = new Set<string>();
  const gaps: string[] = [];
  const compiled = policies.flatMap((policy) =>
    policy.specs.flatMap((spec): CompiledPolicy[] => {
      const resource = resourceName(policy);
      const namespace = policy.kind === 'CiliumNetworkPolicy' ? (policy.namespace ?? 'default') : null;
      try {
        return compileSpec(asObject(spec, 'spec'), resource, namespace, keys);
      } catch (error) {
        if (!(error instanceof UnknownForm)) throw error;
        gaps.push(`${resource} was not understood: ${error.message}.`);
        return [
          unknownPolicy(resource, ({ namespace: of }) => (namespace === null || of === namespace ? 'yes' : 'no')),
        ];
      }
    }),
  );
  return { policies: compiled, keys, gaps };
}

const SPEC = [
  'endpointSelector',
  'nodeSelector',
  'ingress',
  'ingressDeny',
  'egress',
  'egressDeny',
  'enableDefaultDeny',
  'labels',
  'description',
  'log',
];

function compileSpec(
  spec: JsonObject,
  resource: string,
  namespace: string | null,
  keys: Set<string>,
): CompiledPolicy[] {
  onlyKnown(spec, SPEC);
  const selector = objectAt(spec, 'endpointSelector');
  // It is about nodes, not pods.
  if (!selector && objectAt(spec, 'nodeSelector')) return [];
  if (!selector) throw new UnknownForm('expected an endpointSelector');
  const selects = ciliumEndpoints(selector, namespace, keys);
  const deny = objectAt(spec, 'enableDefaultDeny');
  const direction = (way: 'ingress' | 'egress') => {
    const allows = listAt(spec, way) ?? [];
    const denies = listAt(spec, `${way}Deny`) ?? [];
    const byDefault = allows.length + denies.length > 0;
    const said = deny?.[way];
    if (said !== undefined && said !== null && typeof said !== 'boolean')
      throw new UnknownForm('expected true or false');
    const compile = (rules: Json[], action: 'allow' | 'deny') =>
      rules.map((rule) => compileRule(asObject(rule, way), way, action, namespace, keys));
    return { allow: compile(allows, 'allow'), deny: compile(denies, 'deny'), isolates: said ?? byDefault };
  };
  const ingress = direction('ingress');
  const egress = direction('egress');
  const appliesTo = (endpoint: Endpoint): Match => (endpoint.hostNetwork ? 'no' : selects(endpoint));
  return [
    {
      resource,
      stage: 'main',
      order: Number.NEGATIVE_INFINITY,
      appliesTo,
      ingress: ingress.deny.length > 0 ? { rules: ingress.deny, isolates: false } : null,
      egress: egress.deny.length > 0 ? { rules: egress.deny, isolates: false } : null,
    },
    {
      resource,
      stage: 'main',
      order: 0,
      appliesTo,
      ingress:
        ingress.isolates || ingress.allow.length > 0 ? { rules: ingress.allow, isolates: ingress.isolates } : null,
      egress: egress.isolates || egress.allow.length > 0 ? { rules: egress.allow, isolates: egress.isolates } : null,
    },
  ];
}

type Matcher = (peer: Peer) => Match;

function compileRule(
  rule: JsonObject,
  way: 'ingress' | 'egress',
  action: 'allow' | 'deny',
  namespace: string | null,
  keys: Set<string>,
): CompiledRule {
  const side = way === 'ingress' ? 'from' : 'to';
  const fields = ['Endpoints', 'Entities', 'CIDR', 'CIDRSet', 'FQDNs', 'Services', 'Groups', 'Nodes', 'Requires'].map(
    (name) => `${side}${name}`,
  );
  onlyKnown(rule, [...fields, 'toPorts', 'icmps', 'authentication']);
  const peers: Matcher[] = [];
  let isLimited = false;
  for (const field of fields) {
    const list = listAt(rule, field);
    if (list === null) continue;
    isLimited = true;
    for (const item of list) peers.push(compilePeer(field.slice(side.length), item, namespace, keys));
  }
  const isEmpty = !isLimited && listAt(rule, 'toPorts') === null && listAt(rule, 'icmps') === null;
  return {
    action,
    // A rule that says nothing is about nobody; one that names ports alone is about everybody.
    matches: (peer) => {
      if (isEmpty) return 'no';
      if (!isLimited) return 'yes';
      return peers.reduce<Match>((match, one) => most(match, one(peer)), 'no');
    },
    ports: compilePorts(rule),
  };
}

function compilePeer(kind: string, item: Json, namespace: string | null, keys: Set<string>): Matcher {
  switch (kind) {
    case 'Endpoints': {
      const selects = ciliumEndpoints(asObject(item, 'endpoints'), namespace, keys);
      // Pods in the node's network are the node to Cilium.
      return (peer) => (peer.kind === 'endpoint' && !peer.endpoint.hostNetwork ? selects(peer.endpoint) : 'no');
    }
    case 'Entities':
      return entity(asText(item, 'entities'));
    case 'CIDR':
      return block(asText(item, 'cidr'), []);
    case 'CIDRSet': {
      const set = asObject(item, 'cidrSet');
      const cidr = textAt(set, 'cidr');
      const except = (listAt(set, 'except') ?? []).map((one) => asText(one, 'except'));
      // What a group of ranges holds is said elsewhere.
      return cidr === null ? someAddress : block(cidr, except);
    }
    case 'FQDNs':
    case 'Groups':
    case 'Services':
      return kind === 'Services' ? () => 'maybe' : someAddress;
    default:
      return () => 'maybe';
  }
}

const someAddress: Matcher = (peer) => (peer.kind === 'endpoint' ? 'no' : 'maybe');

function block(text: string, excepted: string[]): Matcher {
  const cidr = parseCidr(text);
  const except = excepted.map(parseCidr);
  if (!cidr || except.includes(null))
    throw new UnknownForm(`expected ranges of addresses, got ${[text, ...excepted].join(', ')}`);
  const whole = { cidr, except: except.filter((one) => one !== null) };
  return (peer) => matchesBlock(whole, peer, 'never');
}

/** https://docs.cilium.io/en/stable/security/policy/language/#entities-based */
function entity(name: string): Matcher {
  const isHost = (peer: Peer) => peer.kind === 'endpoint' && peer.endpoint.hostNetwork;
  switch (name) {
    case 'all':
      return () => 'yes';
    case 'world':
      return (peer) => (peer.kind === 'endpoint' ? 'no' : 'yes');
    case 'world-ipv4':
    case 'world-ipv6':
      return someAddress;
    case 'cluster':
      return (peer) => (peer.kind === 'endpoint' ? 'yes' : 'no');
    case 'host':
    case 'remote-node':
    case 'kube-apiserver':
      return (peer) => (isHost(peer) || (name === 'kube-apiserver' && peer.kind === 'address') ? 'maybe' : 'no');
    case 'health':
    case 'init':
    case 'ingress':
    case 'unmanaged':
    case 'none':
      return () => 'no';
    default:
      throw new UnknownForm(`expected an entity, got ${name}`);
  }
}

function compilePorts(rule: JsonObject): CompiledRule['ports'] {
  const toPorts = listAt(rule, 'toPorts');
  if (toPorts === null) return listAt(rule, 'icmps') === null ? null : () => NO_PORTS;
  const ports = toPorts.flatMap((one) => listAt(asObject(one, 'toPorts'), 'ports') ?? [null]);
  const compiled = ports.map((port) => compilePort(port === null ? {} : asObject(port, 'ports')));
  return (to) => compiled.reduce<PortSet>((all, one) => union(all, one(to)), NO_PORTS);
}

function compilePort(port: JsonObject): (to: Endpoint | null) => PortSet {
  const number = port.port;
  const text = typeof number === 'number' ? String(number) : textAt(port, 'port');
  const protocol = textAt(port, 'protocol')?.toUpperCase() ?? 'ANY';
  const end = numberAt(port, 'endPort');
  const every = (first: number | null) => {
    const names = protocol === 'ANY' ? ['TCP', 'UDP', 'SCTP'] : [protocol];
    return names.reduce<PortSet>((all, name) => union(all, portsOf(name, first, end) ?? NO_PORTS), NO_PORTS);
  };
  if (text === null || text === '' || text === '0') {
    const whole = protocol === 'ANY' ? ALL_PORTS : every(null);
    return () => whole;
  }
  if (!/^\d+$/.test(text)) return (to) => namedPorts(text, protocol === 'ANY' ? null : protocol, to);
  const set = every(Number(text));
  return () => set;
}
