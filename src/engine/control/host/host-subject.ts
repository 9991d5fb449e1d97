import type { Fact } from '../../../model/host/fact.js';
import type { HostFacts } from '../../../model/host/host-facts.js';
import type { DistributionSupport, LifecycleFacts } from '../../end-of-life/support.js';
import type { Control } from '../control.js';
import type { UnpatchedPackage } from '../image/image-subject.js';

/** What host controls judge: facts, and what the operator decided. */
export interface HostSubject {
  facts: HostFacts;
  /** When the host is judged. */
  now: Date;
  /** Registries and folders of them that images may come from; null where the operator named none. */
  trustedRegistries: readonly string[] | null;
  /** Of the host's distribution. */
  support: DistributionSupport;
  /** What is known of the releases of container engines. */
  engineLifecycles: LifecycleFacts;
  /** Packages of the host that have a vulnerability for which there is a fix. */
  unpatched: readonly UnpatchedPackage[];
  /** Why some packages could not be matched, a sentence; null where all were. */
  unmatched: string | null;
}

/** The kinds of facts that may be unknown. */
export type HostFact = {
  [K in keyof HostFacts]: HostFacts[K] extends Fact<unknown> ? K : never;
}[keyof HostFacts];

export type HostControl = Control<HostSubject, HostFact>;

/** The value of a fact that a control rests on: it is judged only where it is known. */
export function known<T>(fact: Fact<T>): T {
  if (!fact.known) throw new Error(`a control used a fact that it does not rest on (${fact.code}: ${fact.reason})`);
  return fact.value;
}

/** The value of a fact that a control can do without. */
export function ifKnown<T>(fact: Fact<T>): T | null {
  return fact.known ? fact.value : null;
}

/** A file that controls ask for. */
export interface WantedFile {
  /** Absolute; a star in a part stands for any letters but the slash: `/etc/audit/rules.d/*.rules`. */
  path: string;
  /** Whether controls read what it says, beside its place and attributes. */
  text: boolean;
}
