import { accounts } from './extractor/accounts/accounts.js';
import { apk } from './extractor/apk/apk.js';
import { depsJson } from './extractor/dotnet/deps-json.js';
import { dpkg } from './extractor/dpkg/dpkg.js';
import { executable } from './extractor/executable/executable.js';
import type { Extractor } from './extractor/extractor.js';
import { ExtractorIndex } from './extractor/extractor-index.js';
import { java } from './extractor/java/java.js';
import { lockfile } from './extractor/lockfile/lockfile.js';
import { npm } from './extractor/npm/npm.js';
import { yarnCache } from './extractor/npm/yarn-cache.js';
import { osRelease } from './extractor/os-release/os-release.js';
import { pacman } from './extractor/pacman/pacman.js';
import { php } from './extractor/php/php.js';
import { python } from './extractor/python/python.js';
import { rpm } from './extractor/rpm/rpm.js';
import { ruby } from './extractor/ruby/ruby.js';

/** Every extractor. */
export const EXTRACTORS: readonly Extractor[] = [
  npm,
  yarnCache,
  python,
  ruby,
  php,
  java,
  depsJson,
  lockfile,
  executable,
  apk,
  dpkg,
  rpm,
  pacman,
  osRelease,
  accounts,
];

/** The first extractor that wants a file. Paths have no leading slash. */
export function extractorOf(path: string): Extractor | undefined {
  return INDEX.of(path);
}

/** Whether what a file names is only asked for. @param path absolute */
export function isLockfile(path: string): boolean {
  return extractorOf(path.charCodeAt(0) === SLASH ? path.slice(1) : path)?.lockfile === true;
}

/** The first extractor that knows a file by its first bytes. */
export function recognise(start: Buffer): Extractor | undefined {
  for (const extractor of RECOGNISING) if (extractor.recognises?.(start)) return extractor;
  return undefined;
}

const SLASH = 0x2f;
const INDEX = new ExtractorIndex(EXTRACTORS);
const RECOGNISING = EXTRACTORS.filter(({ recognises }) => recognises !== undefined);
