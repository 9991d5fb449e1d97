import type { FeedName } from '../../src/model/feed.js';
import { rpmHeader, sqlite } from './rpm-database.js';

/** A feed as its vendor publishes it, and systems that it is about. */
export interface Vendor {
  feed: FeedName;
  /** By path below the source. */
  mirror: Record<string, string | Buffer>;
  /** Records of each part. */
  parts: Record<string, number>;
  /** By name. */
  systems: Record<string, VendorSystem>;
}

export interface VendorSystem {
  /** A root file system. */
  files: Record<string, string | Buffer>;
  /** Every vulnerability, in order: `package CVE: status fixState fixedVersion, severity by source`. */
  expected: string[];
}

export function osRelease(id: string, versionId: string | null, name: string): string {
  return `ID="${id}"\n${versionId === null ? '' : `VERSION_ID="${versionId}"\n`}PRETTY_NAME="${name}"\n`;
}

export interface InstalledRpm {
  name: string;
  /** `1:2.3-4.el9` */
  evr: string;
  /** Of its source package; its own where it is not said. */
  source?: string;
  arch?: string;
  /** `nodejs:18` */
  module?: string;
}

/** What is installed, in a database of SQLite where rpm has it. */
export function rpmdb(packages: readonly InstalledRpm[]): { 'var/lib/rpm/rpmdb.sqlite': Buffer } {
  const headers = packages.map(({ name, evr, source = name, arch = 'x86_64', module }) => {
    const [, epoch, version = '', release = ''] = /^(?:(\d+):)?([^-]+)-(.+)$/.exec(evr) ?? [];
    return rpmHeader({
      name,
      version,
      release,
      ...(epoch === undefined ? {} : { epoch: Number(epoch) }),
      architecture: arch,
      sourceRpm: `${source}-${version}-${release}.src.rpm`,
      ...(module === undefined ? {} : { module: `${module}:8090020240101:0a1b2c3d` }),
    });
  });
  return { 'var/lib/rpm/rpmdb.sqlite': sqlite(headers) };
}
