import type { PackageType } from '../../model/package.js';
import { writeAlpm } from './alpm.js';
import { writeApk } from './apk.js';
import { writeComposer } from './composer.js';
import { writeDeb } from './deb.js';
import { writeGolang } from './golang.js';
import { keyOrder } from './key-order.js';
import { mavenOrder } from './maven.js';
import { writeNuget } from './nuget.js';
import { writeCran, writeHackage } from './numeric.js';
import { writePep440 } from './pep440.js';
import { writePub } from './pub.js';
import { writeRpm } from './rpm.js';
import { writeRubygems } from './rubygems.js';
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

const SCHEMES: Record<PackageType, VersionScheme> = {
  apk: { name: 'apk', ...keyOrder(writeApk) },
  deb: { name: 'deb', ...keyOrder(writeDeb) },
  rpm: { name: 'rpm', ...keyOrder(writeRpm) },
  alpm: { name: 'alpm', ...keyOrder(writeAlpm) },
  npm: semver,
  pypi: { name: 'PEP 440', ...keyOrder(writePep440) },
  golang: { name: 'Go', ...keyOrder(writeGolang) },
  maven: { name: 'Maven', ...mavenOrder },
  gem: { name: 'RubyGems', ...keyOrder(writeRubygems) },
  composer: { name: 'Composer', ...keyOrder(writeComposer) },
  cargo: semver,
  nuget: { name: 'NuGet', ...keyOrder(writeNuget) },
  pub: { name: 'pub', ...keyOrder(writePub) },
  hackage: { name: 'Hackage', ...keyOrder(writeHackage) },
  cran: { name: 'CRAN', ...keyOrder(writeCran) },
  hex: semver,
};

export function schemeOf(type: PackageType): VersionScheme {
  return SCHEMES[type];
}
