import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { canonicalPackages } from '../model/canonical-package.js';
import type { Distribution } from '../model/distribution.js';
import type { Account, Inventory } from '../model/inventory.js';
import { canonicalCluster } from './cluster/canonical-cluster.js';
import { withoutSecrets } from './control/image/redact-config.js';
import { PASSWD, SHADOW } from './extractor/accounts/accounts.js';
import { OS_RELEASE_PATHS } from './extractor/os-release/os-release.js';
import { boundedGaps } from './gap-list.js';
import type { ImageFacts } from './layer/layer-facts.js';
import { type OverlayOptions, overlay, type VisibleFile } from './layer/overlay.js';
import { type FoundPackage, listPackages, type PackageListWords } from './package-list.js';

/** The facts of an image: what its layers show together. */
export function buildInventory(image: ImageFacts, options: OverlayOptions): Inventory {
  const { files, notes, packageCaches, secrets, gaps } = overlay(image, options);
  const distribution = distributionOf(files);
  const { packages, unjudgeable, unnameable } = listPackages(packagesOf(files, distribution), IMAGE_WORDS);
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
    gaps: boundedGaps([...image.gaps, ...unjudgeable, ...gaps, ...unnameable]),
  };
}

/** `sha256:…` over the facts in RFC 8785 canonical JSON; gaps are of the reading, not of the target. */
export function inventoryDigest({ distribution, packages, image, host, cluster }: Inventory): string {
  const ofHost = host === undefined ? '' : `"host":${canonicalize(host)},`;
  const hash = createHash('sha256').update('{');
  if (cluster !== undefined) {
    hash.update('"cluster":');
    for (const piece of canonicalCluster(cluster)) hash.update(piece);
    hash.update(',');
  }
  hash.update(`"distribution":${canonicalize(distribution)},${ofHost}"image":${canonicalize(image)},"packages":`);
  for (const piece of canonicalPackages(packages)) hash.update(piece);
  hash.update('}');
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

/** Every package of every file that is seen. */
function* packagesOf(files: VisibleFile[], distribution: Distribution | null): Generator<FoundPackage> {
  for (const { packages } of files) {
    for (const { found, location } of packages) yield { found, locations: [location], distribution };
  }
}

const IMAGE_WORDS: PackageListWords = {
  nothing: {
    code: 'nothing_recognised',
    subject: '/',
    message:
      'No package database and no installed package was recognised: nothing could be matched. Software that was copied in by hand is not seen.',
  },
  noDistribution: { subject: '/etc/os-release', why: '/etc/os-release does not say which distribution this is' },
  unnameable: ({ name, version }, place) => ({
    code: 'file_unparsable',
    subject: place ?? '/',
    message: `${place} names a package "${name}" ${version}, which no package URL can name: it was not matched.`,
  }),
};
