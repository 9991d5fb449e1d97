import type { CoverageItem } from '../../model/coverage.js';
import type { Distribution } from '../../model/inventory.js';
import type { ExtractedPackage } from '../../model/package.js';

/** Reads one kind of file and returns what it says of packages. It never opens a file itself. */
export interface Extractor {
  readonly name: string;
  /** Raised when the same file would give another extraction: stored layer facts of an older version are not used. */
  readonly version: number;
  /** Files over this many bytes are not read, and say so. */
  readonly maxBytes: number;
  /**
   * Where the file always is. Symbolic links at or above these paths are followed; a trailing slash names a folder
   * whose files are wanted.
   */
  readonly fixedPaths: readonly string[];
  /** Asked for every path of every layer, so it decides by the last letters first. Paths have no leading slash. */
  wants(path: string): boolean;
  extract(path: string, content: Buffer): Extraction;
}

/** What one file says; JSON-serialisable. */
export interface Extraction {
  packages: ExtractedPackage[];
  distribution: Distribution | null;
  gaps: CoverageItem[];
}

export function emptyExtraction(): Extraction {
  return { packages: [], distribution: null, gaps: [] };
}
