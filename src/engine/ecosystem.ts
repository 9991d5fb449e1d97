import type { Distribution } from '../model/distribution.js';
import type { PackageType } from '../model/package.js';

/**
 * The name of the ecosystem that advisories for a package are filed under: OSV's where it has the distribution (OSV
 * schema, "Defined ecosystems"), else ours. Null for a system package of a distribution or release that has none; see
 * `whyNoEcosystem`. A derivative is not its parent, as it rebuilds packages with versions of its own.
 */
export function ecosystemOf(distribution: Distribution | null, type: PackageType): string | null {
  const language = LANGUAGES[type];
  if (language !== undefined) return language;
  if (!distribution) return null;
  const { id, versionId, codename, prettyName } = distribution;
  const [major, minor] = (versionId ?? '').split('.');
  switch (`${type} ${id}`) {
    case 'apk alpine':
      if (versionId === 'edge' || /_(alpha|beta|pre|rc)/.test(versionId ?? '')) return 'Alpine:edge';
      return isNumber(major) && isNumber(minor) ? `Alpine:v${major}.${minor}` : null;
    case 'apk wolfi':
      return 'Wolfi';
    case 'apk chainguard':
      return 'Chainguard';
    case 'apk minimos':
      return 'MinimOS';
    case 'apk alpaquita':
      return isNumber(major) || major === 'stream' ? `Alpaquita:${major}` : null;
    case 'deb debian': {
      const release = isNumber(major) ? major : DEBIAN_RELEASES.get(codename?.split('/')[0] ?? '');
      return release === undefined ? null : `Debian:${release}`;
    }
    case 'deb echo':
      return 'Echo';
    case 'deb ubuntu':
      if (!/^\d+\.\d+$/.test(versionId ?? '')) return null;
      return isLongTermSupport(Number(major), minor ?? '') ? `Ubuntu:${versionId}:LTS` : `Ubuntu:${versionId}`;
    // Universal base images say that they are RHEL, and are.
    case 'rpm rhel':
      return isNumber(major) ? `Red Hat:${major}` : null;
    // CentOS Linux is RHEL's source packages, built again under the same versions.
    case 'rpm centos':
      return isNumber(major) && !isCentosStream(distribution) ? `Red Hat:${major}` : null;
    case 'rpm fedora':
      return isNumber(major) ? `Fedora:${major}` : null;
    case 'rpm amzn':
      // The first generation counts by month, 2018.03; what came after it has no month.
      return isNumber(major) ? `Amazon Linux:${isNumber(minor) ? '1' : major}` : null;
    case 'rpm ol':
      return isNumber(major) ? `Oracle Linux:${major}` : null;
    case 'rpm sles':
    case 'rpm sled':
    case 'rpm sles_sap':
    case 'rpm sle_hpc':
    case 'rpm sle-hpc':
      return isNumber(major) ? `SUSE Linux Enterprise:${minor === undefined ? major : `${major}.${minor}`}` : null;
    // 5.0 named itself after its parent, and 6.0 dropped a letter.
    case 'rpm suse-microos':
    case 'rpm sle-micro':
    case 'rpm sle-micro-rancher':
    case 'rpm sl-micro':
      return isNumber(major) && isNumber(minor) ? `SUSE Linux Enterprise Micro:${major}.${minor}` : null;
    case 'rpm rocky':
      return isNumber(major) ? `Rocky Linux:${major}` : null;
    case 'rpm almalinux':
      return isNumber(major) ? `AlmaLinux:${major}` : null;
    case 'rpm opensuse-leap':
      return isNumber(major) && isNumber(minor) ? `openSUSE:Leap ${major}.${minor}` : null;
    case 'rpm opensuse-leap-micro':
      return isNumber(major) && isNumber(minor) ? `openSUSE:Leap Micro ${major}.${minor}` : null;
    case 'rpm opensuse-tumbleweed':
      return 'openSUSE:Tumbleweed';
    case 'rpm openEuler': {
      // Advisories are for releases with long-term support, each service pack by itself, which VERSION_ID leaves out.
      const support = /\((LTS(?:-SP\d+)?)\)$/.exec(prettyName ?? '')?.[1];
      return /^\d+\.\d+$/.test(versionId ?? '') && support ? `openEuler:${versionId}-${support}` : null;
    }
    // CBL-Mariner was renamed with its third release, and all its advisories with it.
    case 'rpm mariner':
    case 'rpm azurelinux':
      return isNumber(major) ? `Azure Linux:${major}` : null;
    case 'rpm mageia':
      return isNumber(major) ? `Mageia:${major}` : null;
    case 'rpm photon':
      return isNumber(major) && isNumber(minor) ? `Photon OS:${major}.${minor}` : null;
    default:
      return null;
  }
}

/** What keeps the packages of a distribution without an ecosystem from being judged. */
export function whyNoEcosystem(distribution: Distribution): string {
  const { id, versionId, prettyName } = distribution;
  const name = prettyName ?? `${id} ${versionId ?? ''}`.trim();
  if (id === 'centos' && isCentosStream(distribution)) {
    return `${name} runs ahead of Red Hat Enterprise Linux, whose advisories say nothing about it, and has none of its own`;
  }
  return `no advisories are filed under ${name}`;
}

/** VERSION_ID is that of CentOS Linux, and from 9 on there is Stream alone. */
function isCentosStream({ prettyName, versionId }: Distribution): boolean {
  return /\bstream\b/i.test(prettyName ?? '') || Number.parseInt(versionId ?? '', 10) > 8;
}

/** What testing and unstable will become, and images that only have the name: distro-info-data's debian.csv. */
const DEBIAN_RELEASES = new Map([
  ['wheezy', '7'],
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
]);

/** Ecosystems that are no distribution's. */
const LANGUAGES: Partial<Record<PackageType, string>> = {
  npm: 'npm',
  pypi: 'PyPI',
  golang: 'Go',
  maven: 'Maven',
  gem: 'RubyGems',
  composer: 'Packagist',
  cargo: 'crates.io',
  nuget: 'NuGet',
  pub: 'Pub',
  hackage: 'Hackage',
  cran: 'CRAN',
  hex: 'Hex',
};

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text);
}

/** April of even years, and the first one, 6.06. */
function isLongTermSupport(year: number, month: string): boolean {
  return (year % 2 === 0 && month === '04') || (year === 6 && month === '06');
}
