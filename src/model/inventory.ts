import type { CoverageItem } from './coverage.js';
import type { Package } from './package.js';

/** The distribution that os-release(5) names. */
export interface Distribution {
  /** `ID`: `alpine`, `debian`, `ubuntu`. */
  id: string;
  /** `VERSION_ID`, null for rolling and unreleased distributions. */
  versionId: string | null;
  /** `VERSION_CODENAME`. */
  codename: string | null;
  prettyName: string | null;
}

/** The facts of one target at one time. */
export interface Inventory {
  distribution: Distribution | null;
  /** Sorted by purl. */
  packages: Package[];
  /** What could not be examined while the facts were read. */
  gaps: CoverageItem[];
}
