import type { CoverageItem } from '../model/coverage.js';
import type { Distribution } from '../model/distribution.js';
import type { ExtractedPackage, Package, PackageLocation } from '../model/package.js';
import { ecosystemOf, whyNoEcosystem } from './ecosystem.js';
import { purlOf } from './purl.js';

/** A package before it is known which of them are the same. */
export interface FoundPackage {
  found: ExtractedPackage;
  locations: readonly PackageLocation[];
  /** That a system's package belongs to; null for an unknown one. */
  distribution: Distribution | null;
}

/** What a kind of target says of packages that cannot be judged. */
export interface PackageListWords {
  /** The gap of a target without packages. */
  nothing: CoverageItem;
  /** Where the distribution should have been named, and that it is not. */
  noDistribution: { subject: string; why: string };
  /** The gap of a package that no package URL can name. */
  unnameable: (found: ExtractedPackage, place: string | null) => CoverageItem;
}

export interface PackageList {
  /** Sorted by purl. */
  packages: Package[];
  /** Packages that nothing can be said about: their distribution is unknown; or there are none at all. */
  unjudgeable: CoverageItem[];
  unnameable: CoverageItem[];
}

/** A package that is found in several places is one package. */
export function listPackages(all: Iterable<FoundPackage>, words: PackageListWords): PackageList {
  const byPurl = new Map<string, Package>();
  const unnameable: CoverageItem[] = [];
  const unknown: UnknownDistributions = new Map();
  for (const { found, locations, distribution } of all) {
    const purl = purlOf(found, distribution);
    if (purl === null) {
      unnameable.push(words.unnameable(found, locations[0]?.path ?? null));
      continue;
    }
    const known = byPurl.get(purl);
    if (known) {
      if (!found.isGroupGuessed) delete known.isGroupGuessed;
      for (const location of locations) known.locations.push(location);
    } else {
      const entry = { ...found, purl, ecosystem: ecosystemOf(distribution, found.type), locations: [...locations] };
      byPurl.set(purl, entry);
      if (entry.ecosystem === null) countUnknown(unknown, distribution);
    }
  }
  const packages = [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  for (const entry of packages) if (entry.locations.length > 1) entry.locations = distinct(entry.locations);
  const unjudgeable = packages.length === 0 ? [words.nothing] : distributionGaps(unknown, words);
  return { packages, unjudgeable, unnameable };
}

/** In order of paths; of several with the same path, the first. */
function distinct(locations: readonly PackageLocation[]): PackageLocation[] {
  const byPath = new Map<string, PackageLocation>();
  for (const location of locations) if (!byPath.has(location.path)) byPath.set(location.path, location);
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

type UnknownDistributions = Map<string | null, { count: number; why: string | null }>;

function countUnknown(unknown: UnknownDistributions, distribution: Distribution | null): void {
  const name = distribution && (distribution.prettyName ?? `${distribution.id} ${distribution.versionId ?? ''}`.trim());
  const known = unknown.get(name);
  if (known) known.count += 1;
  else unknown.set(name, { count: 1, why: distribution && whyNoEcosystem(distribution) });
}

function distributionGaps(unknown: UnknownDistributions, words: PackageListWords): CoverageItem[] {
  return [...unknown].map(([name, { count, why }]) => {
    const named = name === null || why === null ? words.noDistribution : { subject: name, why };
    const message = `${count} system packages could not be matched: ${named.why}.`;
    return { code: 'distribution_unknown', subject: named.subject, message };
  });
}
