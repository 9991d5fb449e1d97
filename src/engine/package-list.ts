import type { CoverageItem } from '../model/coverage.js';
import type { Distribution } from '../model/inventory.js';
import type { ExtractedPackage, Package, PackageLocation } from '../model/package.js';
import { ecosystemOf } from './ecosystem.js';
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
  const unknown = new Map<string | null, number>();
  const places = new Set<string>();
  for (const { found, locations, distribution } of all) {
    const purl = purlOf(found, distribution);
    if (purl === null) {
      unnameable.push(words.unnameable(found, locations[0]?.path ?? null));
      continue;
    }
    let known = byPurl.get(purl);
    if (!known) {
      known = { ...found, purl, ecosystem: ecosystemOf(distribution, found.type), locations: [] };
      byPurl.set(purl, known);
      const name = known.ecosystem === null ? nameOf(distribution) : null;
      if (known.ecosystem === null) unknown.set(name, (unknown.get(name) ?? 0) + 1);
    }
    if (!found.isGroupGuessed) delete known.isGroupGuessed;
    for (const location of locations) {
      const place = `${purl}\0${location.path}`;
      if (!places.has(place)) known.locations.push(location);
      places.add(place);
    }
  }
  const packages = [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  for (const { locations } of packages) locations.sort((a, b) => (a.path < b.path ? -1 : 1));
  const unjudgeable = packages.length === 0 ? [words.nothing] : distributionGaps(unknown, words);
  return { packages, unjudgeable, unnameable };
}

function distributionGaps(unknown: ReadonlyMap<string | null, number>, words: PackageListWords): CoverageItem[] {
  return [...unknown].map(([name, count]) => {
    const { subject, why } =
      name === null ? words.noDistribution : { subject: name, why: `no advisories are filed under ${name}` };
    return { code: 'distribution_unknown', subject, message: `${count} system packages could not be matched: ${why}.` };
  });
}

function nameOf(distribution: Distribution | null): string | null {
  if (!distribution) return null;
  return distribution.prettyName ?? `${distribution.id} ${distribution.versionId ?? ''}`.trim();
}
