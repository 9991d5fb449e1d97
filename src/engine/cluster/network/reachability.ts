import type { Cidr } from './cidr.js';
import {
  type Compiled,
  type CompiledPolicy,
  type Direction,
  type Endpoint,
  least,
  type Match,
  type Peer,
} from './compiled-policy.js';
import { ALL_PORTS, intersection, NO_PORTS, type PortSet, union, without } from './port-set.js';

/** The ports that may be connected to: those that surely may, and those of which it is not known that they may not. */
export interface Reach {
  surely: PortSet;
  perhaps: PortSet;
}

export interface Isolation {
  ingress: Match;
  egress: Match;
  /** The policies that are about it, in each direction. */
  policies: { ingress: string[]; egress: string[] };
}

/** Pods that no policy tells apart. */
export interface EndpointClass {
  endpoint: Endpoint;
  members: Endpoint[];
}

/** Who may connect to whom, by the classes of pods that no policy tells apart; worked out when it is asked for. */
export interface Reachability {
  classes: readonly EndpointClass[];
  /** The class of an endpoint by its id. */
  classOf: ReadonlyMap<string, number>;
  isolation(of: number): Isolation;
  /** From pods of one class to other pods of one; to itself a pod connects always. */
  between(from: number, to: number): Reach;
  fromOutside(to: number): Reach;
  toOutside(from: number): Reach;
  fromAddress(address: Cidr, to: number): Reach;
  toAddress(from: number, address: Cidr): Reach;
  gaps: string[];
}

const NOTHING: Reach = { surely: NO_PORTS, perhaps: NO_PORTS };
const EVERYTHING: Reach = { surely: ALL_PORTS, perhaps: ALL_PORTS };

export function reachability(endpoints: readonly Endpoint[], compiled: readonly Compiled[]): Reachability {
  const keys = new Set(compiled.flatMap((one) => [...one.keys]));
  const policies = compiled
    .flatMap((one) => one.policies)
    .sort((a, b) => a.order - b.order || compare(a.resource, b.resource));
  const { classes, classOf } = classify(endpoints, [...keys].sort());
  const judges = classes.map(({ endpoint }) => new Judge(endpoint, policies, classes));
  const judge = (of: number) => judges[of] as Judge;
  const host = (of: number) => (classes[of] as EndpointClass).endpoint.hostNetwork;
  const known = new Map<number, Reach>();
  return {
    classes,
    classOf,
    isolation: (of) => judge(of).isolation(),
    between(from, to) {
      const key = from * classes.length + to;
      let reach = known.get(key);
      if (!reach) {
        reach = both(judge(from).toClass('egress', to), judge(to).toClass('ingress', from));
        // Between a pod and its own node nothing is denied, and it is not told which pods share one.
        if (host(from) || host(to)) reach = { surely: reach.surely, perhaps: ALL_PORTS };
        known.set(key, reach);
      }
      return reach;
    },
    fromOutside: (to) => judge(to).toPeer('ingress', { kind: 'outside' }),
    toOutside: (from) => judge(from).toPeer('egress', { kind: 'outside' }),
    fromAddress: (address, to) => judge(to).toPeer('ingress', { kind: 'address', address }),
    toAddress: (from, address) => judge(from).toPeer('egress', { kind: 'address', address }),
    gaps: compiled.flatMap((one) => one.gaps),
  };
}

interface Applied {
  direction: Direction;
  applies: Match;
}

const STAGES = ['admin', 'main', 'baseline'] as const;

/** What the policies say of one class, in both directions. */
class Judge {
  private readonly stages: Record<'ingress' | 'egress', Record<CompiledPolicy['stage'], Applied[]>>;
  private readonly names: { policy: CompiledPolicy; applies: Match }[] = [];

  constructor(
    private readonly endpoint: Endpoint,
    policies: readonly CompiledPolicy[],
    private readonly classes: readonly EndpointClass[],
  ) {
    const none = () => ({ admin: [] as Applied[], main: [] as Applied[], baseline: [] as Applied[] });
    this.stages = { ingress: none(), egress: none() };
    for (const policy of policies) {
      const applies = policy.appliesTo(endpoint);
      if (applies === 'no') continue;
      this.names.push({ policy, applies });
      for (const way of ['ingress', 'egress'] as const) {
        const direction = policy[way];
        if (direction) this.stages[way][policy.stage].push({ direction, applies });
      }
    }
  }

  isolation(): Isolation {
    const of = (way: 'ingress' | 'egress') => {
      const isolating = this.stages[way].main.filter(({ direction }) => direction.isolates);
      const perhaps = this.stages[way].admin.filter(({ direction }) => direction.isolates);
      if (isolating.some(({ applies }) => applies === 'yes')) return 'yes';
      return isolating.length + perhaps.length > 0 ? 'maybe' : 'no';
    };
    const named = (way: 'ingress' | 'egress') =>
      this.names.filter(({ policy }) => policy[way] !== null).map(({ policy }) => policy.resource);
    return {
      ingress: of('ingress'),
      egress: of('egress'),
      policies: { ingress: named('ingress'), egress: named('egress') },
    };
  }

  toClass(way: 'ingress' | 'egress', other: number): Reach {
    if (this.isFree(way)) return EVERYTHING;
    return this.toPeer(way, { kind: 'endpoint', endpoint: (this.classes[other] as EndpointClass).endpoint });
  }

  toPeer(way: 'ingress' | 'egress', peer: Peer): Reach {
    if (this.isFree(way)) return EVERYTHING;
    const to = way === 'ingress' ? this.endpoint : peer.kind === 'endpoint' ? peer.endpoint : null;
    const matched = STAGES.map((stage) =>
      this.stages[way][stage].map(({ direction, applies }) => ({
        isolates: direction.isolates ? applies : ('no' as const),
        rules: direction.rules.flatMap((rule) => {
          const match = least(applies, rule.matches(peer));
          return match === 'no' ? [] : [{ match, action: rule.action, ports: rule.ports?.(to) ?? ALL_PORTS }];
        }),
      })),
    );
    const surely = allowed(matched, 'surely');
    return { surely, perhaps: allowed(matched, 'perhaps') };
  }

  private isFree(way: 'ingress' | 'egress'): boolean {
    return STAGES.every((stage) => this.stages[way][stage].length === 0);
  }
}

type Matched = { isolates: Match; rules: { match: Match; action: 'allow' | 'deny' | 'pass'; ports: PortSet }[] }[];

/**
 * The ports that are let through. What may match is taken the one way for what is surely allowed, and the other for what
 * perhaps is.
 */
function allowed(stages: readonly Matched[], how: keyof Reach): PortSet {
  const counts = (match: Match) => match === 'yes' || (match === 'maybe' && how === 'surely');
  let open: PortSet = NO_PORTS;
  let remaining: PortSet = ALL_PORTS;
  for (const stage of stages) {
    let passed: PortSet = NO_PORTS;
    for (const { rules } of stage) {
      for (const { match, action, ports } of rules) {
        if (remaining.length === 0) break;
        const isSure = match === 'yes';
        // An allowance that may not be there is none, for what is surely allowed; a denial is one.
        if (!isSure && (action === 'deny') !== (how === 'surely') && action !== 'pass') continue;
        const hit = intersection(remaining, ports);
        if (action === 'allow' || (!isSure && action === 'pass' && how === 'perhaps')) open = union(open, hit);
        else if (action === 'pass' && isSure) passed = union(passed, hit);
        remaining = without(remaining, hit);
      }
    }
    const isolates = stage.some((one) => counts(one.isolates));
    remaining = isolates ? passed : union(remaining, passed);
  }
  return union(open, remaining);
}

function both(a: Reach, b: Reach): Reach {
  if (a === EVERYTHING) return b;
  if (b === EVERYTHING) return a;
  const perhaps = intersection(a.perhaps, b.perhaps);
  return perhaps.length === 0 ? NOTHING : { surely: intersection(a.surely, b.surely), perhaps };
}

function classify(endpoints: readonly Endpoint[], keys: readonly string[]) {
  const byKey = new Map<string, number>();
  const classes: EndpointClass[] = [];
  const classOf = new Map<string, number>();
  for (const endpoint of endpoints) {
    const { namespace, labels, serviceAccount, hostNetwork, ports } = endpoint;
    const own = keys.map((key) => (Object.hasOwn(labels, key) ? labels[key] : null));
    const named = ports.filter(({ name }) => name !== null).map(({ name, port, protocol }) => [name, port, protocol]);
    const key = JSON.stringify([namespace, own, serviceAccount, hostNetwork, named]);
    let index = byKey.get(key);
    if (index === undefined) {
      index = classes.length;
      byKey.set(key, index);
      classes.push({ endpoint: { ...endpoint, addresses: [] }, members: [] });
    }
    const found = classes[index] as EndpointClass;
    found.members.push(endpoint);
    for (const address of endpoint.addresses) found.endpoint.addresses.push(address);
    classOf.set(endpoint.id, index);
  }
  // Where the addresses of one are not known, those of its class are not.
  for (const { endpoint, members } of classes) {
    if (members.some(({ addresses }) => addresses.length === 0)) endpoint.addresses = [];
  }
  return { classes, classOf };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
