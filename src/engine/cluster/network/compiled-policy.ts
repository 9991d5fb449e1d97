import type { Cidr } from './cidr.js';
import type { PortSet } from './port-set.js';

/** What policies are about: a pod, or the pods that a template makes. */
export interface Endpoint {
  /** `Pod/shop/web-7d9f`; the workload's where no pod is known. */
  id: string;
  /** `Deployment/shop/web`. */
  workload: string;
  namespace: string;
  /** Null: the namespace was not seen, so that no more than its name is known. */
  namespaceLabels: Record<string, string> | null;
  labels: Record<string, string>;
  serviceAccount: string;
  /** It has the node's addresses, and no policy is about it. */
  hostNetwork: boolean;
  /** None: not known. */
  addresses: Cidr[];
  ports: { name: string | null; port: number; protocol: string }[];
}

/** Whether something matches; `maybe`: it cannot be told. */
export type Match = 'no' | 'maybe' | 'yes';

/** The other side of a connection. */
export type Peer =
  | { kind: 'endpoint'; endpoint: Endpoint }
  /** One address that is no pod's. */
  | { kind: 'address'; address: Cidr }
  /** Whatever is outside the cluster, each address of it. */
  | { kind: 'outside' };

export interface CompiledRule {
  /** `pass` leaves it to what is judged next. */
  action: 'allow' | 'deny' | 'pass';
  /** Whether it is about connections with the other side. */
  matches(peer: Peer): Match;
  /** Those of the side that is connected to, whose names of ports count; null: every port. */
  ports: ((to: Endpoint | null) => PortSet) | null;
}

/** Policies as one thing, whichever kind they are of. */
export interface CompiledPolicy {
  /** `NetworkPolicy/shop/deny-all`. */
  resource: string;
  /** In which order they are asked: those of the cluster's administrator, all others, and what holds where no other says anything. */
  stage: 'admin' | 'main' | 'baseline';
  /** Within a stage the lowest is asked first. */
  order: number;
  appliesTo(endpoint: Endpoint): Match;
  /** Null: it says nothing of this direction. */
  ingress: Direction | null;
  egress: Direction | null;
}

export interface Direction {
  rules: CompiledRule[];
  /** What no rule of the stage is about is denied. */
  isolates: boolean;
}

export interface Compiled {
  policies: CompiledPolicy[];
  /** Keys of labels that decide something: pods that differ in others alone are alike. */
  keys: Set<string>;
  /** Policies that could not be understood wholly, a sentence each. */
  gaps: string[];
}

export function least(a: Match, b: Match): Match {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'maybe' || b === 'maybe' ? 'maybe' : 'yes';
}

export function most(a: Match, b: Match): Match {
  if (a === 'yes' || b === 'yes') return 'yes';
  return a === 'maybe' || b === 'maybe' ? 'maybe' : 'no';
}

/** A policy of which no more is known than whom it may be about: it may allow, and deny, everything. */
export function unknownPolicy(resource: string, appliesTo: CompiledPolicy['appliesTo']): CompiledPolicy {
  const perhaps = (action: 'allow' | 'deny'): CompiledRule => ({ action, matches: () => 'maybe', ports: null });
  const direction = { rules: [perhaps('deny'), perhaps('allow')], isolates: true };
  const may = (endpoint: Endpoint) => least(appliesTo(endpoint), 'maybe');
  return {
    resource,
    stage: 'admin',
    order: Number.NEGATIVE_INFINITY,
    appliesTo: may,
    ingress: direction,
    egress: direction,
  };
}
