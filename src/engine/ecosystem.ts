import type { Distribution } from '../model/inventory.js';
import type { PackageType } from '../model/package.js';

/**
 * OSV's name of the ecosystem that advisories for a package are filed under (OSV schema, "Defined ecosystems"); null for
 * a system package of a distribution or release that OSV does not name. A derivative is not its parent: it rebuilds
 * packages with versions of its own.
 */
export function ecosystemOf(distribution: Distribution | null, type: PackageType): string | null {
  const language = LANGUAGES[type];
  if (language !== undefined) return language;
  if (!distribution) return null;
  const { id, versionId } = distribution;
  const [major, minor] = (versionId ?? '').split('.');
  switch (`${type} ${id}`) {
    case 'apk alpine':
      if (/_(alpha|beta|pre|rc)/.test(versionId ?? '')) return 'Alpine:edge';
      return isNumber(major) && isNumber(minor) ? `Alpine:v${major}.${minor}` : null;
    case 'apk wolfi':
      return 'Wolfi';
    case 'apk chainguard':
      return 'Chainguard';
    case 'deb debian':
      return isNumber(major) ? `Debian:${major}` : null;
    case 'deb ubuntu':
      if (!/^\d+\.\d+$/.test(versionId ?? '')) return null;
      return isLongTermSupport(Number(major), minor ?? '') ? `Ubuntu:${versionId}:LTS` : `Ubuntu:${versionId}`;
    case 'rpm rocky':
      return isNumber(major) ? `Rocky Linux:${major}` : null;
    case 'rpm almalinux':
      return isNumber(major) ? `AlmaLinux:${major}` : null;
    case 'rpm opensuse-leap':
      return isNumber(major) && isNumber(minor) ? `openSUSE:Leap ${major}.${minor}` : null;
    case 'rpm opensuse-tumbleweed':
      return 'openSUSE:Tumbleweed';
    case 'rpm mageia':
      return isNumber(major) ? `Mageia:${major}` : null;
    case 'rpm photon':
      return isNumber(major) && isNumber(minor) ? `Photon OS:${major}.${minor}` : null;
    default:
      return null;
  }
}

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
