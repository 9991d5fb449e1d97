import type { PackageCache } from '../../model/inventory.js';

/** As a layer has it: the path without leading slash. */
export type LayerPackageCache = Omit<PackageCache, 'layer'>;

/** Folders of the system's package managers. */
const SYSTEM_FOLDERS = [
  'var/lib/apt/lists',
  'var/cache/apt',
  'var/cache/apk',
  'etc/apk/cache',
  'var/cache/yum',
  'var/cache/dnf',
  'var/cache/libdnf5',
  'var/cache/PackageKit',
  'var/cache/zypp',
  'var/cache/pacman/pkg',
  'var/lib/pacman/sync',
  'usr/local/share/.cache/yarn',
  'usr/local/share/.cache/pip',
];

/** Folders of packagers of languages, below the home of whoever ran them. */
const HOME_FOLDERS = [
  '.npm/_cacache',
  '.cache/pip',
  '.cache/uv',
  '.cache/pypoetry',
  '.cache/pipenv',
  '.cache/yarn',
  '.cache/pnpm',
  '.cache/node-gyp',
  '.cache/go-build',
  '.cache/composer',
  '.composer/cache',
  '.yarn/cache',
  '.bun/install/cache',
  '.gradle/caches',
  '.bundle/cache',
  '.cargo/registry/cache',
  '.nuget/packages',
  'go/pkg/mod/cache',
];

/** Whether some system's folder has these two letters as its first and ninth; `var/lib/` alone is eight. */
const LETTERS = new Uint8Array(2 ** 14);
for (const folder of SYSTEM_FOLDERS) LETTERS[(folder.charCodeAt(0) << 7) | folder.charCodeAt(8)] = 1;

const R = 0x72;
const H = 0x68;

/**
 * The folder of a package manager's cache that a file is in; null for any other. Asked for every file of every layer, so
 * most are told apart by two letters.
 *
 * @param path without leading slash
 */
export function cacheFolderOf(path: string): string | null {
  const first = path.charCodeAt(0);
  if (first === R && path.startsWith('root/')) return inHome(path, 5);
  if (first === H && path.startsWith('home/')) return inHome(path, path.indexOf('/', 5) + 1);
  if (LETTERS[((first & 0x7f) << 7) | (path.charCodeAt(8) & 0x7f)] !== 1) return null;
  for (const folder of SYSTEM_FOLDERS) if (isIn(path, folder, 0)) return folder;
  return null;
}

function inHome(path: string, start: number): string | null {
  const first = path.charCodeAt(start);
  if (first !== 0x2e && first !== 0x67) return null;
  for (const folder of HOME_FOLDERS) if (isIn(path, folder, start)) return path.slice(0, start + folder.length);
  return null;
}

function isIn(path: string, folder: string, start: number): boolean {
  return path.startsWith(folder, start) && path.charCodeAt(start + folder.length) === 0x2f;
}
