import type { AffectedPackage } from './advisory.js';
import type { Evidence } from './control.js';
import type { FindingKind, FindingStatus, FixState, SeverityRating } from './finding.js';
import type { Risk } from './risk.js';
import type { Cvss, Severity } from './severity.js';
import type { FindingVex } from './vex.js';

/** Why a finding is one, by what is stored now. */
export interface FindingWhy {
  findingId: string;
  kind: FindingKind;
  ruleId: string;
  /** Of the finding. */
  status: FindingStatus;
  /** For people: what decided. */
  reason: string;
  /** Of the finding, by the scores of now. */
  risk: Risk;
  /** When the facts were judged; null where no scan has them any more. */
  judgedAt: Date | null;
  /** The scan whose inventory has the problem; null where none has it any more. */
  scanId: string | null;
  /** Of a vulnerability; null for other kinds, and where its package is in no inventory any more. */
  match: MatchExplanation | null;
  /** The statement of others that counts for it; null where nobody says anything. */
  vex: FindingVex | null;
  /** What has come to be different since the finding was judged; empty where nothing has. */
  changes: JudgementChange[];
  evidence: Evidence[];
  locations: ExplainedLocation[];
  /** What to do; null where the fixed version says it. */
  remediation: string | null;
}

/** A field of the finding that would be another if it were judged now. */
export interface JudgementChange {
  field: 'status' | 'severity' | 'severitySource' | 'fixedVersion' | 'fixState' | 'advisories' | 'ruleId';
  judged: string | null;
  now: string | null;
}

export interface ExplainedLocation {
  path: string | null;
  line: number | null;
  resource: string | null;
  /** Null where the target has no layers, or it is in none of them. */
  layer: LayerOrigin | null;
}

/** A layer, and the instruction of the build that made it. */
export interface LayerOrigin {
  diffId: string;
  /** From 0, bottom to top; null where it is not known. */
  index: number | null;
  /** How many layers the image has; null where it is not known. */
  count: number | null;
  instruction: { step: number; createdBy: string; created: string | null; comment: string | null } | null;
  /** Why there is no instruction; null where there is one. */
  reason: string | null;
}

/** How one package was matched against the records about one vulnerability. */
export interface MatchExplanation {
  verdict: 'open' | 'undetermined' | 'not_affected';
  reason: string;
  compared: ComparedPackage;
  /** The first version without the vulnerability; null when there is none. */
  fixedVersion: string | null;
  fixState: FixState;
  severity: Severity;
  severitySource: string | null;
  cvss: Cvss | null;
  /** Every rating that is known, the one that `severity` is by first. */
  ratings: SeverityRating[];
  /** Those that decided first, then those that were weighed, then those that do not name the package. */
  records: ExplainedRecord[];
}

/** Under which name and version a package was looked for. */
export interface ComparedPackage {
  ecosystem: string;
  name: string;
  version: string;
  named: 'source' | 'binary';
  /** Why these, a sentence. */
  reason: string;
  /** Whose rules order the versions: `deb`, `PEP 440`. */
  scheme: string;
}

export const RECORD_ROLES = ['decided', 'weighed', 'linked'] as const;
/** `linked` records are about the vulnerability, and do not name the package: they rate it. */
export type RecordRole = (typeof RECORD_ROLES)[number];

export const RANGE_VERDICTS = ['affected', 'not_affected', 'undetermined'] as const;
export type RangeVerdict = (typeof RANGE_VERDICTS)[number];

/** What one record said. */
export interface ExplainedRecord {
  id: string;
  feed: string;
  part: string;
  url: string | null;
  modified: Date;
  summary: string;
  severity: Severity | null;
  cvss: Cvss[];
  role: RecordRole;
  /** Null of a linked one. */
  verdict: RangeVerdict | null;
  entries: ExplainedEntry[];
}

/** What one of a record's entries for the package said. */
export interface ExplainedEntry extends Pick<AffectedPackage, 'ecosystem' | 'name'> {
  /** The installed version that was compared. */
  version: string;
  module: string | null;
  architectures: string[];
  fixState: FixState | null;
  status: AffectedPackage['status'] | null;
  verdict: RangeVerdict;
  /** Why it is undetermined; null for another verdict. */
  reason: string | null;
  /** Whether the record lists just this version as affected. */
  listed: boolean;
  ranges: ExplainedRange[];
}

export interface ExplainedRange {
  verdict: RangeVerdict;
  events: ExplainedEvent[];
}

export const BOUNDARY_KINDS = ['introduced', 'fixed', 'last_affected', 'limit'] as const;
export const BOUNDARY_POSITIONS = ['before', 'at', 'after', 'unordered'] as const;

/** A boundary of a range, and where the installed version stands to it. */
export interface ExplainedEvent {
  kind: (typeof BOUNDARY_KINDS)[number];
  version: string;
  position: (typeof BOUNDARY_POSITIONS)[number];
  /** `3.0.11-1 < 3.0.14-1`: the installed version first. */
  comparison: string;
}
