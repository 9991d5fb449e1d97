import type { PackageType } from '../../model/package.js';
import { compareApk } from './apk.js';
import { compareDeb } from './deb.js';
import { compareSemver } from './semver.js';

/** How the versions of one kind of package are ordered. */
export interface VersionScheme {
  readonly name: string;
  /** Negative, 0 or positive as `a` is before, equal to or after `b`; null when one of them cannot be ordered. */
  compare(a: string, b: string): number | null;
}

const SCHEMES: Partial<Record<PackageType, VersionScheme>> = {
  deb: { name: 'deb', compare: compareDeb },
  apk: { name: 'apk', compare: compareApk },
  npm: { name: 'semver', compare: compareSemver },
};

export function schemeOf(type: PackageType): VersionScheme {
  return SCHEMES[type] ?? { name: type, compare: () => null };
}
