import type { CoverageItem } from './coverage.js';
import type { ImageConfig } from './image-config.js';
import type { Package } from './package.js';
import type { FoundSecret } from './secret.js';

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
  /** What controls judge; null for a target that is no image. */
  image: ImageFileFacts | null;
  /** What could not be examined while the facts were read. */
  gaps: CoverageItem[];
}

/** Facts of an image beside its packages. */
interface ImageFileFacts {
  /** Null for a root file system, which has none. */
  config: ImageConfig | null;
  /** Sorted by path. */
  notes: FileNote[];
  /** Of every layer, as a file that a later layer removes is still in the image; sorted by path. Null: not looked for. */
  secrets: FoundSecret[] | null;
}

/** A file or folder whose place or attributes a control asks about. */
export interface FileNote {
  /** Absolute. */
  path: string;
  type: 'file' | 'directory';
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  mode: number;
  uid: number;
  gid: number;
  /** Bytes. */
  size: number;
  traits: FileTrait[];
  /** Diff ID of the layer that wrote it last; null where the target has no layers. */
  layer: string | null;
}

export type FileTrait =
  /** It runs with the rights of its owner or group. */
  | 'setuid'
  | 'setgid'
  /** It runs with privileges of its own, capabilities(7). */
  | 'capabilities'
  /** Anyone may change it; of folders, one without the sticky bit. */
  | 'world_writable';
