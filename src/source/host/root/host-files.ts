import type { Stats } from 'node:fs';
import type { WantedFile } from '../../../engine/control/host/host-subject.js';
import { redactText } from '../../../engine/secret/redact-text.js';
import type { SecretScanner } from '../../../engine/secret/secret-scanner.js';
import type { Fact } from '../../../model/host/fact.js';
import type { HostFile } from '../../../model/host/host-file.js';
import type { HostAccount, HostGroup } from '../../../model/host/system.js';
import { type Gaps, readFact } from './fact-reading.js';
import { type HostRoot, shown } from './host-root.js';

/** What people write by hand is far below. */
const MAX_FILES = 2_000;
const MAX_TEXT = 1024 * 1024;
/** Of all that are read: to look for secrets in what was made for it takes some seconds for each MiB. */
const MAX_TEXTS = 8 * 1024 * 1024;
/** Of a folder with a star. */
const MAX_ENTRIES = 20_000;

export interface FileParts {
  wanted: readonly WantedFile[];
  accounts: Fact<HostAccount[]>;
  groups: Fact<HostGroup[]>;
  scanner: Pick<SecretScanner, 'scanText' | 'cutShort'>;
}

/** The files that controls ask for, without secrets. One that is not there, or a link to nothing, is left out. */
export function readFiles(root: HostRoot, { wanted, accounts, groups, scanner }: FileParts): Fact<HostFile[]> {
  return readFact({ code: 'not_collected', reason: 'The root has no files: mount the root of the host.' }, (gaps) => {
    root.entries('/', 1);
    const users = accounts.known ? new Map(accounts.value.map(({ uid, name }) => [uid, name])) : null;
    const names = groups.known ? new Map(groups.value.map(({ gid, name }) => [gid, name])) : null;
    const files = new Map<string, HostFile>();
    let left = MAX_TEXTS;
    for (const { path: pattern, text } of wanted) {
      for (const path of expand(root, pattern, gaps)) {
        const known = files.get(path);
        if (known && (known.text !== null || !text)) continue;
        if (!known && files.size === MAX_FILES) {
          gaps.add(`There are more files of the kinds that are looked at than ${MAX_FILES}.`);
          break;
        }
        const file = gaps.tolerate(path, () => describe(root, path));
        if (!file) continue;
        const content = text && file.type === 'file' ? readText(root, path, left, scanner, gaps) : null;
        if (text && file.type === 'file') left -= Math.min(file.size, MAX_TEXT);
        const owner = users?.get(file.uid) ?? null;
        files.set(path, { ...file, owner, group: names?.get(file.gid) ?? null, text: content });
      }
    }
    return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  });
}

function describe(root: HostRoot, path: string): Omit<HostFile, 'owner' | 'group' | 'text'> | null {
  const itself = root.findIfThere(path, false);
  if (!itself) return null;
  const end = itself.stats.isSymbolicLink() ? root.findIfThere(path) : itself;
  if (!end) return null;
  const { mode, uid, gid, size } = end.stats;
  const target = itself.stats.isSymbolicLink() ? end.path.toWellFormed() : null;
  return { path, type: typeOf(end.stats), mode: mode & 0o7777, uid, gid, size, target };
}

function typeOf(stats: Stats): HostFile['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSocket()) return 'socket';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : 'other';
}

function readText(
  root: HostRoot,
  path: string,
  left: number,
  scanner: FileParts['scanner'],
  gaps: Gaps,
): string | null {
  const refuse = (why: string) => {
    gaps.add(`${shown(path)} ${why}: what it says is not known.`);
    return null;
  };
  if (left <= 0) return refuse('is one of more texts than are read');
  const read = gaps.tolerate(path, () => root.text(path, MAX_TEXT));
  if (read === null) return null;
  if (read.isCut) return refuse(`has more than ${MAX_TEXT} bytes`);
  if (read.text.includes('\0')) return refuse('is no text');
  const clean = redactText(read.text, path, scanner);
  if (clean === null) return refuse('holds so much that may be secret that none of it is kept');
  return clean.toWellFormed();
}

/** A star in a part stands for any letters; as in shells, not for a dot at the beginning. */
function expand(root: HostRoot, pattern: string, gaps: Gaps): string[] {
  let paths = [''];
  for (const part of pattern.split('/').filter((each) => each !== '')) {
    if (!part.includes('*')) {
      paths = paths.map((path) => `${path}/${part}`);
      continue;
    }
    const isMatch = matcher(part);
    paths = paths.flatMap((path) => {
      const folder = path || '/';
      const list = gaps.tolerate(folder, () => root.entries(folder, MAX_ENTRIES));
      if (!list) return [];
      if (list.isCut) gaps.add(`${shown(folder)} has more than the ${MAX_ENTRIES} entries that are looked at.`);
      const names = list.entries.map(({ name }) => name).filter((name) => isMatch(name));
      if (names.some((name) => name.includes('\ufffd'))) gaps.add(`${shown(folder)} has names that are no UTF-8.`);
      return names.sort().map((name) => `${path}/${name}`);
    });
    if (paths.length > MAX_FILES) {
      gaps.add(`${pattern} stands for more than ${MAX_FILES} files.`);
      paths = paths.slice(0, MAX_FILES);
    }
  }
  return paths;
}

function matcher(part: string): (name: string) => boolean {
  const pieces = part.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${pieces.join('.*')}$`, 's');
  return (name) => pattern.test(name) && (!name.startsWith('.') || part.startsWith('.'));
}
