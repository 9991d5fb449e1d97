import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CoverageItem } from '../model/coverage.js';
import type { Account, Distribution, Inventory } from '../model/inventory.js';
import type { Package } from '../model/package.js';
import { withoutSecrets } from './control/image/redact-config.js';
import { ecosystemOf } from './ecosystem.js';
import { PASSWD, SHADOW } from './extractor/accounts/accounts.js';
import { OS_RELEASE_PATHS } from './extractor/os-release/os-release.js';
import type { ImageFacts } from './layer/layer-facts.js';
import { type OverlayOptions, overlay, type VisibleFile } from './layer/overlay.js';
import { purlOf } from './purl.js';

/** The facts of an image: what its layers show together. */
export function buildInventory(image: ImageFacts, options: OverlayOptions): Inventory {
  const { files, notes, packageCaches, secrets, gaps } = overlay(image, options);
  const distribution = distributionOf(files);
  const { packages, unnameable } = mergePackages(files, distribution);
  const found = judgeability(packages, distribution);
  return {
    distribution,
    packages,
    image: {
      config: image.config && withoutSecrets(image.config),
      notes: notes.sort(byPath),
      accounts: accountsOf(files),
      packageCaches,
      secrets: secrets && [...secrets, ...(image.configSecrets ?? [])].sort(byPath),
    },
    gaps: bounded(unique([...image.gaps, ...found, ...gaps, ...unnameable])),
  };
}

/** `sha256:…` over the facts in RFC 8785 canonical JSON; gaps are of the reading, not of the target. */
export function inventoryDigest({ distribution, packages, image }: Inventory): string {
  const hash = createHash('sha256').update(canonicalize({ distribution, packages, image }) ?? '');
  return `sha256:${hash.digest('hex')}`;
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}

function distributionOf(files: VisibleFile[]): Distribution | null {
  for (const path of OS_RELEASE_PATHS) {
    const distribution = files.find((file) => file.path === `/${path}`)?.extraction.distribution;
    if (distribution) return distribution;
  }
  return null;
}

/** passwd(5) says who there is, shadow(5) the passwords of those that passwd(5) marks so. */
function accountsOf(files: VisibleFile[]): Account[] | null {
  const listed = (path: string) => files.find((file) => file.path === `/${path}`)?.extraction.accounts;
  const shadow = new Map(listed(SHADOW)?.map(({ name, password }) => [name, password]));
  return (
    listed(PASSWD)?.flatMap(({ name, uid, password }) => {
      const passwordless = (password === 'elsewhere' ? shadow.get(name) : password) === 'none';
      return uid === null ? [] : [{ name, uid, passwordless }];
    }) ?? null
  );
}

/** A package that several files name is one package in several places. */
function mergePackages(
  files: VisibleFile[],
  distribution: Distribution | null,
): { packages: Package[]; unnameable: CoverageItem[] } {
  const byPurl = new Map<string, Package>();
  const unnameable: CoverageItem[] = [];
  const places = new Set<string>();
  for (const { found, location } of files.flatMap(({ packages }) => packages)) {
    const purl = purlOf(found, distribution);
    const known = byPurl.get(purl ?? '');
    const place = `${purl}\0${location.path}`;
    const isKnownPlace = places.has(place);
    places.add(place);
    if (purl === null) {
      const message = `${location.path} names a package "${found.name}" ${found.version}, which no package URL can name: it was not matched.`;
      unnameable.push({ code: 'file_unparsable', subject: location.path, message });
    } else if (!known) {
      byPurl.set(purl, { ...found, purl, ecosystem: ecosystemOf(distribution, found.type), locations: [location] });
    } else if (!isKnownPlace) known.locations.push(location);
  }
  const packages = [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  for (const { locations } of packages) locations.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { packages, unnameable };
}

/** Packages that nothing can be said about: their distribution is unknown; or there are none at all. */
function judgeability(packages: Package[], distribution: Distribution | null): CoverageItem[] {
  if (packages.length === 0) {
    const message =
      'No package database and no installed package was recognised: nothing could be matched. Software that was copied in by hand is not seen.';
    return [{ code: 'nothing_recognised', subject: '/', message }];
  }
  const unknown = packages.filter(({ ecosystem }) => ecosystem === null).length;
  if (unknown === 0) return [];
  const name = distribution
    ? (distribution.prettyName ?? `${distribution.id} ${distribution.versionId ?? ''}`.trim())
    : null;
  const why =
    name === null ? '/etc/os-release does not say which distribution this is' : `no advisories are filed under ${name}`;
  return [
    {
      code: 'distribution_unknown',
      subject: name ?? '/etc/os-release',
      message: `${unknown} system packages could not be matched: ${why}.`,
    },
  ];
}

function unique(gaps: CoverageItem[]): CoverageItem[] {
  return [...new Map(gaps.map((gap) => [`${gap.code}\0${gap.subject}\0${gap.message}`, gap])).values()];
}

/** What a person reads, and what every answer about the scan carries: the first of many tell enough. */
const MAX_GAPS = 1_000;

function bounded(gaps: CoverageItem[]): CoverageItem[] {
  if (gaps.length <= MAX_GAPS) return gaps;
  const message = `${gaps.length - MAX_GAPS} more things could not be examined than are named one by one.`;
  return [...gaps.slice(0, MAX_GAPS), { code: 'limit_exceeded', subject: '/', message }];
}
