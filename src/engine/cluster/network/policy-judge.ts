import {
  type CompiledPolicy,
  type CompiledRule,
  type Direction,
  type Endpoint,
  least,
  type Match,
  type Peer,
} from './compiled-policy.js';
import { ALL_PORTS, intersection, isAll, NO_PORTS, type PortSet, union, without } from './port-set.js';

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

const NOTHING: Reach = { surely: NO_PORTS, perhaps: NO_PORTS };
const EVERYTHING: Reach = { surely: ALL_PORTS, perhaps: ALL_PORTS };

interface Applied {
  direction: Direction;
  applies: Match;
}

const STAGES = ['admin', 'main', 'baseline'] as const;

interface Applying {
  policy: CompiledPolicy;
  applies: Match;
}

/** Classes that the same policies are about, and whose ports have the same names, have one judge. */
export function judgesOf(policies: readonly CompiledPolicy[], classes: readonly { endpoint: Endpoint }[]): Judge[] {
  const peers = new Peers(classes);
  const byKey = new Map<string, Judge>();
  return classes.map(({ endpoint }, index) => {
    const applying: Applying[] = [];
    let key = `${peers.portNames[index]}`;
    for (const [i, policy] of policies.entries()) {
      const applies = policy.appliesTo(endpoint);
      if (applies === 'no') continue;
      applying.push({ policy, applies });
      key += ` ${i}${applies}`;
    }
    let judge = byKey.get(key);
    if (!judge) {
      judge = new Judge(endpoint, applying, peers);
      byKey.set(key, judge);
    }
    return judge;
  });
}

/** The classes as the other side of connections. Whether a rule is about one is asked once, however many pods have the rule. */
class Peers {
  /** Equal numbers for classes whose ports have the same names. */
  readonly portNames: number[];
  private readonly matches = new Map<CompiledRule, Match[]>();

  constructor(private readonly classes: readonly { endpoint: Endpoint }[]) {
    const known = new Map<string, number>();
    this.portNames = classes.map(({ endpoint: { ports } }) => {
      const key = JSON.stringify(
        ports.filter(({ name }) => name !== null).map(({ name, port, protocol }) => [name, port, protocol]),
      );
      const number = known.get(key) ?? known.size;
      known.set(key, number);
      return number;
    });
  }

  endpoint(of: number): Endpoint {
    return (this.classes[of] as { endpoint: Endpoint }).endpoint;
  }

  matched(rule: CompiledRule, of: number): Match {
    let matches = this.matches.get(rule);
    if (!matches) {
      matches = [];
      this.matches.set(rule, matches);
    }
    const known = matches[of];
    if (known) return known;
    const match = rule.matches({ kind: 'endpoint', endpoint: this.endpoint(of) });
    matches[of] = match;
    return match;
  }
}

/** What the policies that are about a class say, in both directions. */
export class Judge {
  private readonly stages: Record<Way, Record<CompiledPolicy['stage'], Applied[]>>;
  private readonly rules: Record<Way, CompiledRule[]>;
  private readonly byClass: Record<Way, Reach[]> = { ingress: [], egress: [] };
  /** By which rules match: few of the combinations are there. */
  private readonly byMatches = new Map<string, Reach>();

  constructor(
    private readonly endpoint: Endpoint,
    private readonly applying: readonly Applying[],
    private readonly peers: Peers,
  ) {
    const stagesOf = (way: Way) => {
      const stages = { admin: [] as Applied[], main: [] as Applied[], baseline: [] as Applied[] };
      for (const { policy, applies } of applying) {
        const direction = policy[way];
        if (direction) stages[policy.stage].push({ direction, applies });
      }
      return stages;
    };
    this.stages = { ingress: stagesOf('ingress'), egress: stagesOf('egress') };
    const rulesOf = (way: Way) =>
      STAGES.flatMap((stage) => this.stages[way][stage].flatMap(({ direction }) => direction.rules));
    this.rules = { ingress: rulesOf('ingress'), egress: rulesOf('egress') };
  }

  isolation(): Isolation {
    const of = (way: Way) => {
      const isolating = this.stages[way].main.filter(({ direction }) => direction.isolates);
      const perhaps = this.stages[way].admin.filter(({ direction }) => direction.isolates);
      if (isolating.some(({ applies }) => applies === 'yes')) return 'yes';
      return isolating.length + perhaps.length > 0 ? 'maybe' : 'no';
    };
    const named = (way: Way) =>
      this.applying.filter(({ policy }) => policy[way] !== null).map(({ policy }) => policy.resource);
    return {
      ingress: of('ingress'),
      egress: of('egress'),
      policies: { ingress: [...new Set(named('ingress'))], egress: [...new Set(named('egress'))] },
    };
  }

  toClass(way: Way, other: number): Reach {
    if (this.isFree(way)) return EVERYTHING;
    const known = this.byClass[way][other];
    if (known) return known;
    const { peers } = this;
    let key = way === 'egress' ? `${peers.portNames[other]} ` : ' ';
    for (const rule of this.rules[way]) key += peers.matched(rule, other)[0];
    let reach = this.byMatches.get(way + key);
    if (!reach) {
      const to = way === 'ingress' ? this.endpoint : peers.endpoint(other);
      reach = this.judged(way, (rule) => peers.matched(rule, other), to);
      this.byMatches.set(way + key, reach);
    }
    this.byClass[way][other] = reach;
    return reach;
  }

  toPeer(way: Way, peer: Exclude<Peer, { kind: 'endpoint' }>): Reach {
    return this.isFree(way)
      ? EVERYTHING
      : this.judged(way, (rule) => rule.matches(peer), way === 'ingress' ? this.endpoint : null);
  }

  private judged(way: Way, matchOf: (rule: CompiledRule) => Match, to: Endpoint | null): Reach {
    const matched = STAGES.map((stage) =>
      this.stages[way][stage].map(({ direction, applies }) => ({
        isolates: direction.isolates ? applies : ('no' as const),
        rules: direction.rules.flatMap((rule) => {
          const match = least(applies, matchOf(rule));
          return match === 'no' ? [] : [{ match, action: rule.action, ports: rule.ports?.(to) ?? ALL_PORTS }];
        }),
      })),
    );
    return reachOf(allowed(matched, 'surely'), allowed(matched, 'perhaps'));
  }

  private isFree(way: Way): boolean {
    return STAGES.every((stage) => this.stages[way][stage].length === 0);
  }
}

type Way = 'ingress' | 'egress';

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

/** What both sides let through. */
export function both(a: Reach, b: Reach): Reach {
  if (a === NOTHING || b === EVERYTHING) return a;
  if (b === NOTHING || a === EVERYTHING) return b;
  return reachOf(intersection(a.surely, b.surely), intersection(a.perhaps, b.perhaps));
}

function reachOf(surely: PortSet, perhaps: PortSet): Reach {
  if (perhaps.length === 0) return NOTHING;
  return isAll(surely) ? EVERYTHING : { surely, perhaps };
}
