import { pubspecLock } from './dart/pubspec-lock.js';
import { packagesLock } from './dotnet/packages-lock.js';
import { mixLock } from './elixir/mix-lock.js';
import { goMod } from './golang/go-mod.js';
import { cabalFreeze } from './haskell/cabal-freeze.js';
import { stackLock } from './haskell/stack-lock.js';
import { gradleLockfile } from './java/gradle-lockfile.js';
import { pom } from './java/pom.js';
import type { LockfileFormat } from './lockfile-format.js';
import { bunBinaryLock, bunLock } from './npm/bun-lock.js';
import { packageLock } from './npm/package-lock.js';
import { pnpmLock } from './npm/pnpm-lock.js';
import { yarnLock } from './npm/yarn-lock.js';
import { composerLock } from './php/composer-lock.js';
import { pdmLock } from './python/pdm-lock.js';
import { pipfileLock } from './python/pipfile-lock.js';
import { poetryLock } from './python/poetry-lock.js';
import { pylock } from './python/pylock.js';
import { requirements } from './python/requirements.js';
import { uvLock } from './python/uv-lock.js';
import { renvLock } from './r/renv-lock.js';
import { gemfileLock } from './ruby/gemfile-lock.js';
import { cargoLock } from './rust/cargo-lock.js';

/** Every kind of lockfile. Swift's and CocoaPods' are none: no advisories are filed under their names of packages. */
export const FORMATS: readonly LockfileFormat[] = [
  packageLock,
  yarnLock,
  pnpmLock,
  bunLock,
  bunBinaryLock,
  requirements,
  pipfileLock,
  poetryLock,
  uvLock,
  pdmLock,
  pylock,
  gemfileLock,
  composerLock,
  cargoLock,
  goMod,
  pom,
  gradleLockfile,
  packagesLock,
  pubspecLock,
  mixLock,
  renvLock,
  stackLock,
  cabalFreeze,
];
