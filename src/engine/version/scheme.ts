import type { PackageType } from '../../model/package.js';
import { writeApk } from './apk.js';
import { writeDeb } from './deb.js';
import { keyOrder } from './key-order.js';
import { writeSemver } from './semver.js';

/** How the versions of one kind of package are ordered. No version is refused with an exception. */
export interface VersionScheme {
  readonly name: string;
  /** Negative, 0 or positive as `a` is before, equal to or after `b`; null when one of them cannot be ordered. */
  compare(a: string, b: string): number | null;
  /**
   * Bytes whose order (memcmp, shorter-is-less) is that of versions: key(a) < key(b) exactly when compare(a, b) < 0, and
   * equal when it is 0. Null for a version that cannot be ordered, for one that the scheme orders against some others
   * only, or in circles, and for one too long for an index. A comparison may be possible without keys.
   */
  key(version: string): Buffer | null;
}

const semver: VersionScheme = { name: 'semver', ...keyOrder(writeSemver) };

const SCHEMES: Partial<Record<PackageType, VersionScheme>> = {
  apk: { name: 'apk', ...keyOrder(writeApk) },
  deb: { name: 'deb', ...keyOrder(writeDeb) },
  npm: semver,
};

export function schemeOf(type: PackageType): VersionScheme {
  return SCHEMES[type] ?? { name: type, compare: () => null, key: () => null };
}
