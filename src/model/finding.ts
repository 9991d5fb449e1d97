import type { SourcePackage } from './package.js';
import type { Risk } from './risk.js';
import type { Cvss, Severity } from './severity.js';
import type { TargetKind } from './target.js';
import type { FindingVex } from './vex.js';

export const FINDING_KINDS = [
  'vulnerability',
  'misconfiguration',
  'secret',
  'end_of_life',
  /** Isolation of containers that is not there. */
  'exposure',
  /** What logs or states of containers show to have happened. */
  'runtime',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/**
 * - `undetermined`: the advisory names the package, but the versions cannot be ordered.
 * - `suppressed`: it is there, and a statement says that it needs no more attention.
 */
export const FINDING_STATUSES = ['open', 'undetermined', 'suppressed', 'fixed'] as const;
export type FindingStatus = (typeof FINDING_STATUSES)[number];

export const FIX_STATES = ['fixed', 'not_fixed', 'wont_fix', 'deferred', 'end_of_life', 'unknown'] as const;
export type FixState = (typeof FIX_STATES)[number];

/** How bad one source says that a vulnerability is. */
export interface SeverityRating {
  /** The database: `debian`, `github`, `nvd`. */
  source: string;
  /** Its own word, or what its CVSS comes to. */
  severity: Severity;
  cvss: Cvss | null;
}

/** What the engine judged in one inventory: a problem, before it is compared with what was known. */
export interface Judgement {
  /** Hex SHA-256 over kind, rule, and the package or what else it is about; the same in every scan of a target. */
  fingerprint: string;
  kind: FindingKind;
  ruleId: string;
  aliases: string[];
  /** Ids of the advisory records that say so. */
  advisories: string[];
  title: string;
  severity: Severity;
  /** Whose severity it is: `ubuntu`, `debian`, `github`, `cvss`; null when unknown. */
  severitySource: string | null;
  cvss: Cvss | null;
  /** Every rating that is known, the one that `severity` is by first; empty for what nobody rates but the rule itself. */
  ratings: SeverityRating[];
  status: 'open' | 'undetermined';
  package: FindingPackage | null;
  fixedVersion: string | null;
  fixState: FixState;
  location: FindingLocation | null;
}

/**
 * A rule about which a scan could decide nothing: what it did not find again may still be there. `ruleId` null means
 * every rule of the kind.
 */
export interface UndecidedRule {
  kind: FindingKind;
  ruleId: string | null;
  /** Of this package alone. */
  purl?: string;
  /** What is still there, `container/web`: findings about other things are gone with them. Left out: nothing is known to be gone. */
  resources?: readonly string[];
}

export interface FindingPackage {
  purl: string;
  name: string;
  version: string;
  source: SourcePackage | null;
}

export interface FindingLocation {
  path: string | null;
  line: number | null;
  layer: string | null;
  resource: string | null;
}

/** A problem on a target, over all its scans. */
export interface Finding extends Omit<Judgement, 'status'> {
  id: string;
  status: FindingStatus;
  /** Null where nobody says anything of it. */
  vex: FindingVex | null;
  target: { id: string; kind: TargetKind; reference: string; name: string | null };
  /** By what is known when it is read; it changes with the feeds, and no judging is needed for it. */
  risk: Risk;
  openedAt: Date;
  closedAt: Date | null;
}

export interface JudgedFinding extends Finding {
  /** What its status would be, had nobody said anything. */
  judgedStatus: Exclude<FindingStatus, 'suppressed'>;
}
