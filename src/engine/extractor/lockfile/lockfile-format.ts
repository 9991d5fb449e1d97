import type { ExtractionBuilder } from '../extraction-builder.js';

/** One kind of lockfile. */
export interface LockfileFormat {
  /** Base names of such files. */
  readonly names: readonly string[];
  /** Endings of base names, where a tool names several files. */
  readonly endings?: readonly string[];
  /**
   * Where dependencies are installed, with a slash before and behind: the lockfiles that they bring there are their own,
   * and say nothing of the target.
   */
  readonly dependencies?: RegExp;
  /** Tells the builder what the file names and what cannot be read of it. Never throws. */
  read(builder: ExtractionBuilder, content: Buffer): void;
}
