import type { Distribution } from '../model/inventory.js';
import type { PackageType } from '../model/package.js';

/**
 * OSV's name of the ecosystem that advisories for a package are filed under (OSV schema, "Defined ecosystems"); null for
 * a system package of a distribution or release that OSV does not name. A derivative is not its parent: it rebuilds
 * packages with versions of its own.
 */
export function ecosystemOf(distribution: Distribution | null, type: PackageType): string | null {
  if (type === 'npm') return 'npm';
  if (!distribution?.versionId) return null;
  const { id, versionId } = distribution;
  const [major, minor] = versionId.split('.');
  switch (id) {
    case 'alpine':
      if (type !== 'apk') return null;
      if (/_(alpha|beta|pre|rc)/.test(versionId)) return 'Alpine:edge';
      return major && minor && /^\d+$/.test(major) && /^\d+$/.test(minor) ? `Alpine:v${major}.${minor}` : null;
    case 'debian':
      return type === 'deb' && major && /^\d+$/.test(major) ? `Debian:${major}` : null;
    case 'ubuntu':
      if (type !== 'deb' || !/^\d+\.\d+$/.test(versionId)) return null;
      return isLongTermSupport(Number(major), minor ?? '') ? `Ubuntu:${versionId}:LTS` : `Ubuntu:${versionId}`;
    default:
      return null;
  }
}

/** April of even years, and the first one, 6.06. */
function isLongTermSupport(year: number, month: string): boolean {
  return (year % 2 === 0 && month === '04') || (year === 6 && month === '06');
}
