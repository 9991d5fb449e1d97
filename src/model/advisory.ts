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
  modified: Date;
  withdrawn: Date | null;
  affected: AffectedPackage[];
}

/** OSV `affected[]`: one package in one ecosystem. */
export interface AffectedPackage {
  /** Release-qualified where the distribution has releases: `Debian:12`. */
  ecosystem: string;
  name: string;
  ranges: VersionRange[];
  /** Versions that are affected whatever the ranges say. */
  versions: string[];
  /** Overrides the advisory's, for this package. */
  severity: Severity | null;
  cvss: Cvss[];
  /** Set where the distribution says that this release gets no fix any more. */
  endOfLife?: boolean;
}

export interface VersionRange {
  type: 'ECOSYSTEM' | 'SEMVER';
  events: RangeEvent[];
}

/** OSV §affected[].ranges[].events: exactly one key each. */
export type RangeEvent = { introduced: string } | { fixed: string } | { last_affected: string } | { limit: string };
