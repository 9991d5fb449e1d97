import type { SourcePackage } from '../../../model/package.js';
import type { FoundPackage } from '../extraction-builder.js';
import { mayHoldPackages, ownedForm } from '../owned-path.js';
import type { Fault } from './header-source.js';
import type { RpmHeader } from './rpm-header.js';

/** More than the largest package has: each costs memory. */
const MAX_FOLDERS = 500_000;
/** RPMFILE_GHOST: a file that a package speaks for, and does not bring. */
const GHOST = 1 << 6;

/** Null where name, version or release is missing, which is told. */
export function packageOf(header: RpmHeader, fault: Fault): FoundPackage | null {
  const name = header.text('name');
  const version = header.text('version');
  const release = header.text('release');
  if (name === null || version === null || release === null) {
    fault(`a header without a ${name === null ? 'name' : version === null ? 'version' : 'release'}`);
    return null;
  }
  // A package may state an epoch of 0, which rpm prints; it orders as none does.
  const epoch = header.number('epoch');
  const license = header.text('license');
  return {
    type: 'rpm',
    name,
    version: `${epoch === null ? '' : `${epoch}:`}${version}-${release}`,
    source: sourceOf(header.text('sourceRpm')),
    architecture: header.text('architecture'),
    licenses: license === null ? [] : [license],
    module: header.text('modularityLabel'),
  };
}

/**
 * The source package by the name of its file, `name-version-release.src.rpm`, which has no epoch; null for what was not
 * built from one, as the keys that rpm lists among packages (`gpg-pubkey`).
 */
export function sourceOf(file: string | null): SourcePackage | null {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)\.[^.]+\.rpm$/.exec(file ?? '') ?? [];
  return name !== undefined && version !== undefined ? { name, version } : null;
}

/**
 * The files that a package brought, of which an extractor of a language may ask whose they are.
 *
 * @param limit files after which it stops
 * @returns how many files it has looked at
 */
export function ownFiles(header: RpmHeader, limit: number, own: (path: string) => void, fault: Fault): number {
  const flags = header.numbers('fileFlags');
  const isGhost = (index: number) => ((flags?.at(index) ?? 0) & GHOST) !== 0;
  let index = 0;
  if (!header.has('baseNames')) {
    // Packages of rpm 3 list whole paths.
    for (const path of header.texts('oldFileNames')) {
      if (index === limit) break;
      if (!isGhost(index)) own(path);
      index += 1;
    }
    return index;
  }
  const folders = foldersOf(header, fault);
  const indexes = header.numbers('folderIndexes');
  for (const name of header.texts('baseNames')) {
    if (index === limit) break;
    const folder = folders[indexes?.at(index) ?? -1];
    if (folder === undefined) {
      fault('a header with a file in no folder');
      break;
    }
    if (folder.isAsked && !isGhost(index)) own(folder.path + name);
    index += 1;
  }
  return index;
}

/** Most folders hold documentation or data: their files are passed over without a look. */
function foldersOf(header: RpmHeader, fault: Fault): { path: string; isAsked: boolean }[] {
  const folders: { path: string; isAsked: boolean }[] = [];
  for (const path of header.texts('folderNames')) {
    if (folders.length === MAX_FOLDERS) {
      fault(`a header with more than ${MAX_FOLDERS} folders`);
      break;
    }
    folders.push({ path, isAsked: mayHoldPackages(ownedForm(`${path}x`)) });
  }
  return folders;
}
