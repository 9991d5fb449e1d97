import { hash } from 'node:crypto';
import type { FindingKind } from '../../model/finding.js';
import { isSystemType, type Package } from '../../model/package.js';

/**
 * Hex SHA-256 over kind, rule and the hashed identity of what it is about, as one of `PackageIdentities`: what makes findings
 * of two scans the same one. The store makes the same of stored inventories (`rejudge-targets.ts`), which is why it is
 * nothing but bytes in a row.
 */
export function fingerprint(kind: FindingKind, ruleId: string, identity: string): string {
  const rule = Buffer.from(`${kind}\0${ruleId}\0`);
  return hash('sha256', Buffer.concat([rule, identityHash(identity)]));
}

/** 16 bytes: enough that two of one target never share it by chance, and short in a row of every package. */
function identityHash(identity: string): Buffer {
  // One package often has many vulnerabilities in a row.
  if (identity !== last.identity) last = { identity, bytes: hash('sha256', identity, 'buffer').subarray(0, 16) };
  return last.bytes;
}

let last = { identity: '', bytes: hash('sha256', '', 'buffer').subarray(0, 16) };

/**
 * Which package each one of an inventory is, over time: an upgrade to another version is the same package, a second
 * copy is another.
 *
 * - An OS package is its purl without version and qualifiers, and its architecture.
 * - A language package is its purl without version, and the path of its outermost copy (fewest folders, then by name),
 *   from which its own version is taken out, as package managers put it into names (`.pnpm/ms@2.0.0/`, `guava-30.1.jar`,
 *   `requests-2.31.0.dist-info`).
 * - Where two versions still share an identity (two entries of one lockfile), the first by purl keeps it and the others
 *   add their version. So identities are distinct in an inventory, and a further copy leaves the first one's alone.
 */
export class PackageIdentities {
  /** Those that share an identity share a purl without version; null before somebody asks. */
  private groups: Map<string, Package[]> | null = null;
  private readonly identities = new Map<string, string>();

  constructor(private readonly packages: readonly Package[]) {}

  /** Of a package of the inventory. Most are never asked for, so it is only then worked out. */
  of({ purl }: Pick<Package, 'purl'>): string {
    let identity = this.identities.get(purl);
    if (identity === undefined) {
      this.groups ??= Map.groupBy(this.packages, (entry) => withoutVersion(entry.purl));
      this.identify(this.groups.get(withoutVersion(purl)) ?? []);
      identity = this.identities.get(purl) ?? purl;
    }
    return identity;
  }

  private identify(group: readonly Package[]): void {
    const taken = new Set<string>();
    for (const entry of group.toSorted((a, b) => (a.purl < b.purl ? -1 : 1))) {
      const place = isSystemType(entry.type) ? (entry.architecture ?? '') : outermostPath(entry);
      const parts = [withoutVersion(entry.purl), place];
      let identity = JSON.stringify(parts);
      if (taken.has(identity)) identity = JSON.stringify([...parts, entry.version]);
      if (taken.has(identity)) identity = JSON.stringify([...parts, entry.version, entry.purl]);
      taken.add(identity);
      this.identities.set(entry.purl, identity);
    }
  }
}

/** As the store keeps them, by purl: hex. */
export function hashedIdentities(packages: readonly Package[]): Map<string, string> {
  const identities = new PackageIdentities(packages);
  return new Map(packages.map((entry) => [entry.purl, identityHash(identities.of(entry)).toString('hex')]));
}

/** `pkg:npm/%40scope/name@1.0.0?x=y` → `pkg:npm/%40scope/name`; the purl specification encodes any other `@`. */
function withoutVersion(purl: string): string {
  const bare = purl.split(/[?#]/, 1)[0] ?? purl;
  const at = bare.lastIndexOf('@');
  return at > bare.lastIndexOf('/') ? bare.slice(0, at) : bare;
}

function outermostPath(entry: Package): string {
  const paths = entry.locations.map(({ path }) =>
    path.replaceAll(`@${entry.version}`, '').replaceAll(`-${entry.version}`, ''),
  );
  const [first = ''] = paths.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  return first;
}

function depth(path: string): number {
  return path.split('/').length;
}
