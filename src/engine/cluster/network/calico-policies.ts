import { resourceName } from '../../../model/cluster/cluster-object.js';
import type { Json, VendorPolicy } from '../../../model/cluster/network.js';
import { calicoPorts } from './calico-ports.js';
import { type CalicoSelector, parseCalicoSelector } from './calico-selector.js';
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
  textAt,
  UnknownForm,
} from './json-view.js';
import { type Block, matchesBlock } from './peer-match.js';

/** Labels that Calico gives to every pod. */
const NAMESPACE = 'projectcalico.org/namespace';
const NAME = 'projectcalico.org/name';
const ACCOUNT = 'projectcalico.org/serviceaccount';
const ORCHESTRATOR = 'projectcalico.org/orchestrator';

/**
 * Calico's NetworkPolicy and GlobalNetworkPolicy: https://docs.tigera.io/calico/latest/reference/resources/. Rules are asked
 * in order, the first that matches decides. Policies of other tiers than the default one are not understood: where the tier
 * stands is said elsewhere.
 */
export function compileCalicoPolicies(policies: readonly VendorPolicy[]): Compiled {
  const keys = new Set<string>();
  const gaps: string[] = [];
  const compiled = policies.flatMap((policy) =>
    policy.specs.flatMap((spec): CompiledPolicy[] => {
      const resource = resourceName(policy);
      const namespace = policy.kind === 'CalicoNetworkPolicy' ? (policy.namespace ?? 'default') : null;
      try {
        const one = compileSpec(asObject(spec, 'spec'), resource, namespace, keys);
        return one === null ? [] : [one];
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
  'tier',
  'order',
  'selector',
  'types',
  'ingress',
  'egress',
  'serviceAccountSelector',
  'namespaceSelector',
  'performanceHints',
  'doNotTrack',
  'preDNAT',
  'applyOnForward',
];

/** Null where it is about no pod: what is asked before addresses are translated is about nodes. */
function compileSpec(
  spec: JsonObject,
  resource: string,
  namespace: string | null,
  keys: Set<string>,
): CompiledPolicy | null {
  onlyKnown(spec, SPEC);
  if (spec.preDNAT === true || spec.doNotTrack === true) return null;
  const tier = textAt(spec, 'tier') ?? 'default';
  if (tier !== 'default') throw new UnknownForm(`expected the tier default, got ${tier}`);
  // An account has labels that are not known here.
  if ((textAt(spec, 'serviceAccountSelector') ?? '') !== '')
    throw new UnknownForm('expected no serviceAccountSelector');
  const selects = endpoints(textAt(spec, 'selector') ?? '', textAt(spec, 'namespaceSelector'), namespace, keys);
  const types = (listAt(spec, 'types') ?? []).map((type) => asText(type, 'types'));
  const direction = (way: 'ingress' | 'egress', type: string) => {
    const rules = listAt(spec, way);
    const isSaid =
      types.length > 0
        ? types.includes(type)
        : rules !== null || (way === 'ingress' && listAt(spec, 'egress') === null);
    if (!isSaid) return null;
    return {
      isolates: true,
      rules: (rules ?? []).flatMap((rule) => compileRule(asObject(rule, way), way, namespace, keys)),
    };
  };
  return {
    resource,
    stage: 'main',
    order: numberAt(spec, 'order') ?? Number.MAX_VALUE,
    appliesTo: (endpoint) => (endpoint.hostNetwork ? 'no' : selects(endpoint)),
    ingress: direction('ingress', 'Ingress'),
    egress: direction('egress', 'Egress'),
  };
}

function compileRule(
  rule: JsonObject,
  way: 'ingress' | 'egress',
  namespace: string | null,
  keys: Set<string>,
): CompiledRule[] {
  onlyKnown(rule, [
    'action',
    'protocol',
    'notProtocol',
    'icmp',
    'notICMP',
    'ipVersion',
    'source',
    'destination',
    'http',
    'metadata',
  ]);
  const action = textAt(rule, 'action')?.toLowerCase();
  // It goes on with the next rule.
  if (action === 'log') return [];
  if (action !== 'allow' && action !== 'deny' && action !== 'pass')
    throw new UnknownForm(`expected an action, got ${String(action)}`);
  const source = objectAt(rule, 'source') ?? {};
  const destination = objectAt(rule, 'destination') ?? {};
  const other = compileSide(way === 'ingress' ? source : destination, namespace, keys);
  // What a rule says of the pod itself is about few of those that the policy is about.
  const own = way === 'ingress' ? destination : source;
  const ownFields = Object.keys(own).filter((key) => key !== 'ports' && key !== 'notPorts');
  const isUnsure =
    ownFields.length > 0 || 'ports' in source || 'notPorts' in source || 'http' in rule || 'ipVersion' in rule;
  return [
    {
      action,
      matches: (peer) => (isUnsure ? least(other(peer), 'maybe') : other(peer)),
      ports: calicoPorts(rule, destination),
    },
  ];
}

const SIDE = [
  'nets',
  'notNets',
  'selector',
  'notSelector',
  'namespaceSelector',
  'ports',
  'notPorts',
  'serviceAccounts',
  'services',
];

/** Whatever is said must hold. Selectors are about pods alone; in a policy of a namespace, about its own. */
function compileSide(side: JsonObject, namespace: string | null, keys: Set<string>): (peer: Peer) => Match {
  onlyKnown(side, SIDE);
  if (objectAt(side, 'services')) return () => 'maybe';
  const nets = blocks(listAt(side, 'nets'));
  const notNets = blocks(listAt(side, 'notNets'));
  const selector = textAt(side, 'selector');
  const within = textAt(side, 'namespaceSelector');
  const selects = selector !== null || within !== null ? endpoints(selector ?? '', within, namespace, keys) : null;
  const notSelector = textAt(side, 'notSelector');
  const not = notSelector === null ? null : endpoints(notSelector, 'all()', null, keys);
  const accounts = objectAt(side, 'serviceAccounts');
  const names = accounts ? (listAt(accounts, 'names') ?? []).map((name) => asText(name, 'names')) : null;
  const byLabels = accounts !== null && (textAt(accounts, 'selector') ?? '') !== '';
  return (peer) => {
    let match: Match = 'yes';
    const pod = peer.kind === 'endpoint' ? peer.endpoint : null;
    if (nets) match = least(match, anyBlock(nets, peer));
    if (notNets) match = least(match, inverted(anyBlock(notNets, peer)));
    if (selects) match = least(match, pod ? selects(pod) : 'no');
    if (not) match = least(match, pod ? inverted(not(pod)) : 'yes');
    if (names)
      match = least(
        match,
        pod && isOfAccounts(pod, names, within === null ? namespace : null) ? (byLabels ? 'maybe' : 'yes') : 'no',
      );
    // A pod in the node's network is the node to Calico.
    return pod?.hostNetwork && (selects || not || names) ? least(match, 'maybe') : match;
  };
}

function isOfAccounts(
  { serviceAccount, namespace: of }: Endpoint,
  names: readonly string[],
  namespace: string | null,
): boolean {
  return (namespace === null || of === namespace) && (names.length === 0 || names.includes(serviceAccount));
}

/** A selector without one of namespaces is about the policy's own; where the policy has none, about all. */
function endpoints(
  text: string,
  ofNamespaces: string | null,
  namespace: string | null,
  keys: Set<string>,
): (endpoint: Endpoint) => Match {
  const selector = parseCalicoSelector(text);
  for (const key of selector.keys) keys.add(key);
  const within: CalicoSelector | null =
    ofNamespaces === null || ofNamespaces === '' ? null : parseCalicoSelector(ofNamespaces);
  return (endpoint) => {
    if (within === null ? namespace !== null && endpoint.namespace !== namespace : false) return 'no';
    if (!selector.selects(labelsOf(endpoint))) return 'no';
    return within === null ? 'yes' : matchesNamespace(within, endpoint);
  };
}

function matchesNamespace({ keys, selects }: CalicoSelector, { namespace, namespaceLabels }: Endpoint): Match {
  const own = { [NAME]: namespace, 'kubernetes.io/metadata.name': namespace };
  if (namespaceLabels === null && keys.some((key) => !(key in own))) return 'maybe';
  return selects({ ...namespaceLabels, ...own }) ? 'yes' : 'no';
}

function labelsOf({ labels, namespace, serviceAccount }: Endpoint): Record<string, string> {
  return { ...labels, [NAMESPACE]: namespace, [ACCOUNT]: serviceAccount, [ORCHESTRATOR]: 'k8s' };
}

function blocks(nets: Json[] | null): Block[] | null {
  return (
    nets?.map((net) => {
      const cidr = parseCidr(asText(net, 'nets'));
      if (!cidr) throw new UnknownForm(`expected a range of addresses, got ${String(net)}`);
      return { cidr, except: [] };
    }) ?? null
  );
}

function anyBlock(nets: readonly Block[], peer: Peer): Match {
  return nets.reduce<Match>((match, net) => most(match, matchesBlock(net, peer, 'by-address')), 'no');
}

function inverted(match: Match): Match {
  return match === 'yes' ? 'no' : match === 'no' ? 'yes' : 'maybe';
}
