import type { Package } from '../../model/package.js';
import { familyOf } from './ecosystem-family.js';

/**
 * Where a system's package is from, if its version shows that its distribution did not build it: words for "it is from
 * …". Such a version is not comparable with the distribution's fixes, however it is ordered against them. Null for the
 * distribution's own packages, and for others that look like them.
 */
export function foreignOrigin({
  type,
  ecosystem,
  version,
}: Pick<Package, 'type' | 'ecosystem' | 'version'>): string | null {
  if (ecosystem === null) return null;
  if (type === 'deb') return foreignDeb(familyOf(ecosystem), version);
  return type === 'rpm' ? foreignRpm(ecosystem, version) : null;
}

/** Suffixes that repositories beside Debian and Ubuntu give their versions. */
const DEB_REPOSITORIES: readonly [pattern: RegExp, origin: string][] = [
  [/deb\.sury\.org/, "Sury's repository"],
  [/pgdg\d/, "PostgreSQL's repository"],
  [/nodesource/, 'NodeSource'],
  [/[+~]maria~/, "MariaDB's repository"],
  [/dotdeb/, 'Dotdeb'],
  [/[~+.]ppa\d*(?![a-z])|ppa\d+~/, 'a personal package archive'],
  // nginx.org, Docker, Percona and many others end their versions with the release that a package was built for.
  [
    /[~.-](?:debian-|ubuntu-)?(?:stretch|buster|bullseye|bookworm|trixie|forky|xenial|bionic|focal|jammy|noble|oracular|plucky|questing)\d*$/,
    "a vendor's repository",
  ],
];

function foreignDeb(family: string, version: string): string | null {
  if (family !== 'Debian' && family !== 'Ubuntu') return null;
  for (const [pattern, origin] of DEB_REPOSITORIES) if (pattern.test(version)) return origin;
  // Ubuntu takes packages from Debian; Debian takes none from Ubuntu.
  if (family === 'Debian' && /-[^-]*ubuntu\d[^-]*$/.test(version)) return 'Ubuntu';
  return null;
}

/** Tags of repositories beside a distribution in the release of an rpm. */
const RPM_REPOSITORIES: readonly [pattern: RegExp, origin: string][] = [
  [/\.remi(?:\.|$)/, "Remi's repository"],
  [/nodesource/, 'NodeSource'],
  [/pgdg/i, "PostgreSQL's repository"],
  [/\.ngx(?:\.|$)/, 'nginx.org'],
  [/\.ius(?:\.|$)/, 'IUS'],
  [/\.elrepo(?:\.|$)/, 'ELRepo'],
];

/** The tag of the distribution that an rpm was built for, by the ecosystems whose own packages carry it. */
const RPM_TAGS: readonly [tag: RegExp, families: readonly string[], builder: string][] = [
  [/\.fc(\d+)(?![0-9a-z])/, ['Fedora'], 'Fedora'],
  [/\.(?:module[+_])?el(\d+)(?![0-9])/, ['Red Hat', 'Oracle Linux', 'Rocky Linux', 'AlmaLinux'], 'Enterprise Linux'],
  [/\.amzn(\d+)(?![0-9a-z])/, ['Amazon Linux'], 'Amazon Linux'],
  [/\.(?:azl|cm)(\d+)(?![0-9a-z])/, ['Azure Linux'], 'Azure Linux'],
  [/\.ph(\d+)(?![0-9a-z])/, ['Photon OS'], 'Photon OS'],
  [/\.mga(\d+)(?![0-9a-z])/, ['Mageia'], 'Mageia'],
];

function foreignRpm(ecosystem: string, version: string): string | null {
  const release = version.slice(version.lastIndexOf('-') + 1);
  const tagged = `.${release}`;
  for (const [pattern, origin] of RPM_REPOSITORIES) if (pattern.test(tagged)) return origin;
  const family = familyOf(ecosystem);
  for (const [tag, families, builder] of RPM_TAGS) {
    const built = tag.exec(tagged)?.[1];
    if (built === undefined) continue;
    if (!families.includes(family)) return `${builder} ${built}`;
    return isOtherRelease(ecosystem, built) ? `release ${built} of ${builder}` : null;
  }
  return null;
}

/** An rpm of another release is ordered by what that release had fixed, which advisories of this one do not say. */
function isOtherRelease(ecosystem: string, built: string): boolean {
  const release = /:(\d+)(?:\.\d+)?$/.exec(ecosystem)?.[1];
  return release !== undefined && release !== built && familyOf(ecosystem) !== 'Fedora';
}
