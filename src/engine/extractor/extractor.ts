import type { CoverageItem } from '../../model/coverage.js';
import type { Distribution } from '../../model/distribution.js';
import type { Account } from '../../model/inventory.js';
import type { ExtractedPackage } from '../../model/package.js';
import type { FileView } from './file-view.js';

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
  /** What it names is asked for, not installed: it counts only where a scan wants lockfiles. */
  readonly lockfile?: boolean;
  /** Where everything is that it wants: of other paths it is not asked. */
  readonly candidates: Candidates;
  /** Asked for candidates, whose paths have no leading slash; and by whoever has a path, so it does not rely on that. */
  wants(path: string): boolean;
  /**
   * For files that no path gives away, as executables: asked with the first `START_BYTES` or more (fewer of a shorter
   * file) of every file that no extractor wants by its path.
   */
  recognises?(start: Buffer): boolean;
  /**
   * Of a file that only says something together with another, as a database's log: which one that is. Where a layer has
   * both, and the file has gaps if it is read alone, the other is read together with it.
   */
  partOf?(path: string): string | null;
  /** @param part what is `partOf` the file */
  extract(file: FileView, part?: FileView): Extraction;
}

/** Paths that an extractor may want. */
interface Candidates {
  /** Ends of paths, two letters or more, in either case: whole paths, names, or extensions. */
  readonly endings?: readonly string[];
  /** Beginnings of paths, with a trailing slash. */
  readonly folders?: readonly string[];
}

/** How many first bytes `recognises` sees at least. */
export const START_BYTES = 64;

/** What one file says; JSON-serialisable. */
export interface Extraction {
  packages: ExtractedPackage[];
  distribution: Distribution | null;
  /** Files that the packages of a system's database own, as a `PathSet`; null where it does not tell. */
  owned: string | null;
  gaps: CoverageItem[];
  /** The users that passwd(5) or shadow(5) lists; left out by what lists none. */
  accounts?: ListedAccount[];
}

/** A user as one of the two files says; what it does not say is null. */
export interface ListedAccount extends Pick<Account, 'name'> {
  uid: number | null;
  /** `elsewhere`: in the other file. */
  password: 'none' | 'some' | 'elsewhere';
}

export function emptyExtraction(): Extraction {
  return { packages: [], distribution: null, owned: null, gaps: [] };
}
