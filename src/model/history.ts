import type { Finding } from './finding.js';
import type { Scan } from './scan.js';
import type { SeverityCounts } from './severity.js';

/** One scan of a target that has ended, and what it changed. */
export interface HistoryEntry {
  scan: Pick<
    Scan,
    'id' | 'status' | 'trigger' | 'createdAt' | 'finishedAt' | 'error' | 'inventoryDigest' | 'imageDigest'
  >;
  /** Whether everything could be examined. */
  isComplete: boolean;
  /** As they were when it ended. */
  counts: SeverityCounts;
  /** What the scan itself opened and fixed. */
  opened: number;
  fixed: number;
  /** What judging its facts again did, as advisories and statements changed, until the next scan. */
  openedSince: number;
  fixedSince: number;
}

export const FINDING_CHANGES = ['opened', 'fixed'] as const;

/** How findings of one scan differ from those of another. */
export interface FindingChange {
  /** `opened`: in the second scan alone. `fixed`: in the first alone. */
  change: (typeof FINDING_CHANGES)[number];
  finding: Finding;
}

export interface ScanDifference {
  opened: number;
  fixed: number;
  unchanged: number;
}

export const PACKAGE_CHANGES = ['added', 'removed', 'changed'] as const;

/** How packages of one scan differ from those of another. `changed` is the same package in another version or build. */
export interface PackageChange {
  change: (typeof PACKAGE_CHANGES)[number];
  ecosystem: string | null;
  name: string;
  /** Null where it was not there. */
  before: { purl: string; version: string } | null;
  /** Null where it is not there any more. */
  after: { purl: string; version: string } | null;
}
