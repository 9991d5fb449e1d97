import type { FixState } from './finding.js';
import type { Cvss, Severity } from './severity.js';

/** One record of a feed, reduced to what matching needs. */
export interface Advisory {
  id: string;
  /** Other names of the same vulnerability. */
  aliases: string[];
  /** The vulnerabilities that this advisory of a distribution fixes; each is a finding of its own. */
  upstream: string[];
  summary: string;
  /** A rating in words by the record's own database (not computed from CVSS). */
  severity: Severity | null;
  cvss: Cvss[];
  /** Where people read it; absent where the record does not say. */
  url?: string;
  modified: Date;
  withdrawn: Date | null;
  affected: AffectedPackage[];
}

/** A record that a feed brought, and which. */
export interface StoredAdvisory extends Advisory {
  feed: string;
  /** The piece of the feed that it came in: an ecosystem, a release. */
  part: string;
}

/** OSV `affected[]`: one package in one ecosystem, and what distributions say beyond it. */
export interface AffectedPackage {
  /** Release-qualified where the distribution has releases: `Debian:12`. */
  ecosystem: string;
  name: string;
  /** Whose name and version these are; absent: as the ecosystem files its advisories. */
  named?: 'source' | 'binary';
  /** The stream of a module, `nodejs:18`, whose packages alone are meant; absent: whatever module a package is of. */
  module?: string;
  /** As the package manager writes them, `x86_64`; absent: every one. */
  architectures?: string[];
  ranges: VersionRange[];
  /** Versions that are affected whatever the ranges say. */
  versions: string[];
  /** Overrides the advisory's, for this package. */
  severity: Severity | null;
  cvss: Cvss[];
  /** Why a version that is affected has no fix, where the distribution says so. */
  fixState?: Exclude<FixState, 'fixed'>;
  /**
   * The distribution's judgement of every version, in place of ranges: not affected, or not yet known. Absent: `ranges`
   * and `versions` decide.
   */
  status?: 'not_affected' | 'undetermined';
}

export interface VersionRange {
  type: 'ECOSYSTEM' | 'SEMVER';
  events: RangeEvent[];
}

/** OSV §affected[].ranges[].events: exactly one key each. */
export type RangeEvent = { introduced: string } | { fixed: string } | { last_affected: string } | { limit: string };
