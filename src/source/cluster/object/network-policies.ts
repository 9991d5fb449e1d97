import type { Json, NetworkPeer, NetworkPolicy, NetworkRule, VendorPolicy } from '../../../model/cluster/network.js';
import { type Fields, type Raw, storable } from './fields.js';
import { metadataOf, type ReadContext, readSelector, selectorOf } from './metadata.js';

/** Far more than a policy that people write, as values and as levels. */
const MAX_VALUES = 20_000;
const MAX_DEPTH = 32;

export function networkPolicyOf(object: Fields, kind: string, context: ReadContext): NetworkPolicy {
  const spec = object.part('spec');
  if (!object.has('spec')) object.faults.say('spec is missing');
  const egress = rulesOf(spec, 'egress', 'to');
  return {
    ...metadataOf(object, kind, true, context),
    // Left out it selects every pod of the namespace, as an empty one does.
    podSelector: readSelector(spec.part('podSelector')),
    policyTypes: policyTypesOf(spec),
    ingress: rulesOf(spec, 'ingress', 'from'),
    egress,
  };
}

/** Where they are left out: Ingress always, and Egress where there are rules for it. */
function policyTypesOf(spec: Fields): NetworkPolicy['policyTypes'] {
  if (!spec.has('policyTypes') || spec.texts('policyTypes').length === 0) {
    return spec.objects('egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }
  return spec.texts('policyTypes').flatMap((type): NetworkPolicy['policyTypes'] => {
    if (type === 'Ingress' || type === 'Egress') return [type];
    spec.faults.say(`${spec.at('policyTypes')}: expected Ingress or Egress, got "${type.slice(0, 60)}"`);
    return [];
  });
}

function rulesOf(spec: Fields, name: 'ingress' | 'egress', peers: 'from' | 'to'): NetworkRule[] {
  return spec.objects(name).map((rule) => {
    const listed = rule.objects(peers);
    const ports = rule.objects('ports');
    return {
      // An empty list is everywhere too: networking.k8s.io/v1, NetworkPolicyIngressRule.
      peers: listed.length === 0 && !isWrong(rule, peers) ? null : listed.map(peerOf),
      ports:
        ports.length === 0 && !isWrong(rule, 'ports')
          ? null
          : ports.map((port) => ({
              protocol: port.text('protocol') ?? 'TCP',
              port: port.numberOrText('port'),
              endPort: port.number('endPort'),
            })),
    };
  });
}

/** What is there but could not be read does not stand for everywhere. */
function isWrong(rule: Fields, name: string): boolean {
  const value = rule.raw(name);
  return rule.has(name) && !(Array.isArray(value) && value.length === 0);
}

function peerOf(peer: Fields): NetworkPeer {
  const block = peer.object('ipBlock');
  return {
    podSelector: selectorOf(peer, 'podSelector'),
    namespaceSelector: selectorOf(peer, 'namespaceSelector'),
    ipBlock: block && { cidr: block.needed('cidr'), except: block.texts('except') },
  };
}

const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'CiliumClusterwideNetworkPolicy',
  'GlobalNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
] satisfies VendorPolicy['kind'][]);

export function vendorPolicyOf(object: Fields, kind: VendorPolicy['kind'], context: ReadContext): VendorPolicy {
  const reader = new JsonReader();
  const { redaction } = context;
  const specs = ['spec', 'specs'].flatMap((name) => {
    const value = object.raw(name);
    if (value === undefined || value === null) return [];
    return name === 'specs' && Array.isArray(value) ? value.map((each) => reader.read(each)) : [reader.read(value)];
  });
  if (reader.isCut) object.faults.say(`spec has more than ${MAX_VALUES} values or ${MAX_DEPTH} levels`);
  return {
    ...metadataOf(object, kind, !CLUSTER_WIDE.has(kind), context),
    kind,
    specs: specs.map((spec) =>
      withoutSecrets(spec, '', (name, text) => redaction.pairs({ [name]: text }, 'spec')[name] ?? ''),
    ),
  };
}

/** A copy that is bounded in depth and size, and that PostgreSQL can store. */
export class JsonReader {
  isCut = false;
  private values = 0;

  read(value: Raw, depth = 0): Json {
    this.values += 1;
    if (depth > MAX_DEPTH || this.values > MAX_VALUES) {
      this.isCut = true;
      return null;
    }
    if (typeof value === 'string') return storable(value);
    if (Array.isArray(value)) return value.map((item) => this.read(item, depth + 1));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [storable(key), this.read(value[key] ?? null, depth + 1)]),
    );
  }
}

/** @param clean takes the name and the text of a value */
export function withoutSecrets(value: Json, name: string, clean: (name: string, text: string) => string): Json {
  if (typeof value === 'string') return clean(name, value);
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, name, clean));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, key, clean)]));
}
