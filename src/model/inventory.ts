import type { ClusterFacts } from './cluster/cluster-facts.js';
import type { CoverageItem } from './coverage.js';
import type { Distribution } from './distribution.js';
import type { HostFacts } from './host/host-facts.js';
import type { ImageConfig } from './image-config.js';
import type { Package } from './package.js';
import type { FoundSecret } from './secret.js';

/** The facts of one target at one time. */
export interface Inventory {
  distribution: Distribution | null;
  /** Sorted by purl. */
  packages: Package[];
  /** What controls judge; null for a target that is no image. */
  image: ImageFileFacts | null;
  /** Of a host alone: what its controls judge. */
  host?: HostInventory;
  /** Of a cluster alone: what its controls judge. */
  cluster?: ClusterInventory;
  /** What could not be examined while the facts were read. */
  gaps: CoverageItem[];
}

/** Facts of a host beside its packages, and beside when they were collected. */
export type HostInventory = Omit<HostFacts, 'packages' | 'collectedAt'>;

/** Facts of a cluster beside when they were collected. */
export type ClusterInventory = Omit<ClusterFacts, 'collectedAt'>;

/** Facts of an image beside its packages. */
export interface ImageFileFacts {
  /** Null for a root file system, which has none. Values that their names call secret are redacted. */
  config: ImageConfig | null;
  /** Sorted by path. */
  notes: FileNote[];
  /** Of every layer, as a file that a later layer removes is still in the image; sorted by path. Null: not looked for. */
  secrets: FoundSecret[] | null;
  /** Of /etc/passwd, in its order; null where there is none. */
  accounts: Account[] | null;
  /** By layer, bottom to top, then by path. */
  packageCaches: PackageCache[];
}

/** A user that passwd(5) lists. */
export interface Account {
  name: string;
  uid: number;
  /** It can be logged in to without a password, by passwd(5) or shadow(5). */
  passwordless: boolean;
}

/** What a package manager left in one layer, whether or not a later layer removes it: it is part of the image. */
export interface PackageCache {
  /** Of the folder, absolute. */
  path: string;
  files: number;
  bytes: number;
  /** Diff ID; null where the target has no layers. */
  layer: string | null;
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
  /** A later layer removed it, so that containers do not see it; whoever has the image can still read it. */
  removed: boolean;
}

export type FileTrait =
  /** It runs with the rights of its owner or group. */
  | 'setuid'
  | 'setgid'
  /** It runs with privileges of its own, capabilities(7). */
  | 'capabilities'
  /** Anyone may change it; of folders, one without the sticky bit. */
  | 'world_writable'
  /** By its name it is a private key, or a store of such. */
  | 'private_key'
  /** By its name it holds passwords or tokens. */
  | 'credentials'
  /** By its name it may hold passwords or tokens, but often does not. */
  | 'possible_credentials'
  /** shadow(5), gshadow(5), and the copies that tools keep of them. */
  | 'password_hashes'
  /** What was typed in a container, or what an engine puts into a container and no build into an image. */
  | 'leftover'
  /** It lets people log in over the network. */
  | 'ssh_server';
