import type { CoverageItem } from '../../model/coverage.js';
import type { ImageConfig } from '../../model/image-config.js';
import type { FoundSecret } from '../../model/secret.js';
import type { Extraction } from '../extractor/extractor.js';
import { EXTRACTORS } from '../plugins.js';
import type { LayerNote } from './file-note.js';
import type { LayerPackageCache } from './package-cache.js';
import type { LayerSecret } from './secret-reader.js';

/** What is kept of one layer: all that the overlay needs. Paths have no leading slash. */
export interface LayerFacts extends ToldFacts {
  /** Every path that is no folder, as the hashes of a `PathSet`. */
  occupied: Float64Array;
  /** Every folder, as the hashes of a `PathSet`. */
  directories: Float64Array;
}

/** All of a layer's facts but its mere paths, JSON-serialisable. */
export interface ToldFacts {
  /** Files that an extractor wanted, with what it read from them. */
  files: { path: string; extraction: Extraction }[];
  /** Files and folders that controls ask about. */
  notes: LayerNote[];
  /** Null where nobody looked for them. */
  secrets: LayerSecret[] | null;
  /** By folder. */
  packageCaches: LayerPackageCache[];
  /** Paths that this layer removes from the layers below. */
  whiteouts: string[];
  /** Folders whose content in the layers below is hidden. */
  opaques: string[];
  /** Symbolic links at the extractors' fixed paths, and at the folders above these. */
  links: { path: string; target: string }[];
  /** Which of the folders above fixed paths this layer has as real folders. */
  folders: string[];
  gaps: CoverageItem[];
}

/** Facts of another set were read with other rules, and are not used. */
export const EXTRACTOR_SET = `4;${EXTRACTORS.map(({ name, version }) => `${name}.${version}`).join(',')}`;

/** A layer that was read once. */
export interface KnownLayer {
  /** `sha256:…` of the uncompressed tar. */
  diffId: string;
  facts: LayerFacts;
}

/** Keeps layers by the digest of the bytes that they were read from, so that no claim of a manifest is trusted. */
export interface LayerCache {
  /** Those that are known, by their digests. */
  get(digests: readonly string[]): Promise<Map<string, KnownLayer>>;
  put(digest: string, layer: KnownLayer): Promise<void>;
}

/** The layers of an image, bottom to top, and what could not be read. */
export interface ImageFacts {
  /** Null where the target has none, as a root file system. */
  config: ImageConfig | null;
  layers: {
    /** Null where the target has no layers, as a folder. */
    diffId: string | null;
    facts: LayerFacts;
  }[];
  /** That the configuration held before they were taken out of it. */
  configSecrets?: FoundSecret[];
  gaps: CoverageItem[];
}
