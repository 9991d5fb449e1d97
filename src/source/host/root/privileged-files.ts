import { type Dirent, lstatSync, type Stats, statfsSync } from 'node:fs';
import type { Fact } from '../../../model/host/fact.js';
import type { PrivilegedFile, PrivilegedTrait } from '../../../model/host/host-file.js';
import type { HostAccount, HostGroup } from '../../../model/host/system.js';
import { type Gaps, readFact } from './fact-reading.js';
import { type HostRoot, shown } from './host-root.js';
import type { OwnMounts } from './own-mounts.js';

/** A host with so many has told enough. */
const MAX_NOTED = 20_000;
const MAX_PATH = { length: 4_096, depth: 128 };

/** Where users keep containers of their own. */
const USER_STORAGE = ['/.local/share/containers', '/.local/share/docker'];

export interface WalkParts {
  mounts: OwnMounts;
  accounts: Fact<HostAccount[]>;
  groups: Fact<HostGroup[]>;
  limits: WalkLimits;
  /** From 0 to 1, ascending. */
  onProgress(fraction: number): void;
}

export interface WalkLimits {
  entries: number;
  /** Milliseconds. */
  time: number;
}

/**
 * Walks over the files of the host, and notes those whose attributes controls ask about. The storage of containers,
 * networks, and file systems of the kernel are no part of it. Needs root, or CAP_DAC_READ_SEARCH, to see all folders.
 */
export function readPrivilegedFiles(root: HostRoot, parts: WalkParts): Fact<PrivilegedFile[]> {
  return readFact({ code: 'not_collected', reason: 'The root has no files: mount the root of the host.' }, (gaps) => {
    root.entries('/', 1);
    for (const { path, type } of parts.mounts.unseen)
      gaps.add(`Files in ${shown(path)} are not looked at: ${type} is no file system of the host’s own.`);
    const walk = new Walk(root, parts, gaps);
    return walk.run().sort((a, b) => (a.path < b.path ? -1 : 1));
  });
}

class Walk {
  private readonly noted: PrivilegedFile[] = [];
  private readonly skipped: ReadonlySet<string>;
  private readonly users: ReadonlySet<number> | null;
  private readonly groups: ReadonlySet<number> | null;
  private readonly end: number;
  private readonly expected: number;
  private entries = 0;
  private omitted = 0;
  private unreadable = 0;
  private isOver = false;

  constructor(
    private readonly root: HostRoot,
    private readonly parts: WalkParts,
    private readonly gaps: Gaps,
  ) {
    const { accounts, groups, mounts, limits } = parts;
    this.skipped = new Set(mounts.skipped);
    this.users = accounts.known ? new Set(accounts.value.map(({ uid }) => uid)) : null;
    this.groups = groups.known ? new Set(groups.value.map(({ gid }) => gid)) : null;
    if (!this.users || !this.groups)
      gaps.add('Files without an owner cannot be told, as users and groups are not known.');
    this.end = performance.now() + limits.time;
    this.expected = usedInodes(root.folder);
  }

  run(): PrivilegedFile[] {
    const { gaps } = this;
    this.note('/', this.root.find('/').stats, 'directory');
    this.visit('/', 0);
    if (this.omitted > 0)
      gaps.add(`${this.omitted} more files have such attributes than the ${MAX_NOTED} that are kept.`);
    if (this.unreadable > 0)
      gaps.add(
        `${this.unreadable} folders or files could not be looked at: collect as root, or with CAP_DAC_READ_SEARCH.`,
      );
    return this.noted;
  }

  private visit(folder: string, depth: number): void {
    try {
      this.root.eachEntry(folder, (entry, at) => {
        this.see(folder === '/' ? `/${entry.name}` : `${folder}/${entry.name}`, entry, at, depth);
        return !this.isOver;
      });
    } catch (error) {
      this.miss(folder, error);
    }
  }

  /** Links and devices have no attributes of their own that matter. */
  private see(path: string, entry: Dirent, at: string, depth: number): void {
    this.count();
    const isFolder = entry.isDirectory();
    if ((!isFolder && !entry.isFile()) || this.isOver) return;
    if (isFolder && (this.skipped.has(path) || USER_STORAGE.some((end) => path.endsWith(end)))) return;
    if (entry.name.includes('\ufffd')) {
      this.gaps.add(`Files with names that are no UTF-8 are not looked at, as ${shown(path)}.`);
      return;
    }
    try {
      this.note(path, lstatSync(`${at}/${entry.name}`), isFolder ? 'directory' : 'file');
    } catch (error) {
      this.miss(path, error);
      return;
    }
    if (!isFolder) return;
    if (depth >= MAX_PATH.depth || path.length > MAX_PATH.length)
      this.gaps.add(`Folders deeper than ${MAX_PATH.depth} are not looked at, as ${shown(path)}.`);
    else this.visit(path, depth + 1);
  }

  private note(path: string, stats: Stats, type: PrivilegedFile['type']): void {
    const { mode, uid, gid } = stats;
    const isUnowned = this.users !== null && !this.users.has(uid);
    const isUngrouped = this.groups !== null && !this.groups.has(gid);
    if ((mode & 0o6002) === 0 && !isUnowned && !isUngrouped) return;
    const traits: PrivilegedTrait[] = [];
    const isRunnable = type === 'file' && (mode & 0o111) !== 0;
    if (isRunnable && (mode & 0o4000) !== 0) traits.push('setuid');
    if (isRunnable && (mode & 0o2000) !== 0) traits.push('setgid');
    if ((mode & 0o002) !== 0 && (type === 'file' || (mode & 0o1000) === 0)) traits.push('world_writable');
    if (isUnowned) traits.push('unowned');
    if (isUngrouped) traits.push('ungrouped');
    if (traits.length === 0) return;
    if (this.noted.length < MAX_NOTED) this.noted.push({ path, type, mode: mode & 0o7777, uid, gid, traits });
    else this.omitted += 1;
  }

  private count(): void {
    this.entries += 1;
    if (this.isOver || (this.entries & 0xff) !== 0) return;
    const { entries, time } = this.parts.limits;
    if (this.entries > entries || performance.now() > this.end) {
      this.isOver = true;
      const seconds = Math.round(time / 1_000);
      this.gaps.add(
        `Only ${this.entries} files were looked at: the limits are ${entries} files and ${seconds} seconds.`,
      );
    }
    if ((this.entries & 0xfff) === 0) this.parts.onProgress(Math.min(0.99, this.entries / this.expected));
  }

  private miss(path: string, error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    // It is gone.
    if (code === 'ENOENT' || code === 'ENOTDIR') return;
    if (code === 'EACCES' || code === 'EPERM') this.unreadable += 1;
    else this.gaps.add(`${shown(path)} cannot be looked at (${code ?? message}).`);
  }
}

/** About as many as the walk will see. */
function usedInodes(folder: string): number {
  try {
    const { files, ffree } = statfsSync(folder);
    return Math.max(1, files - ffree);
  } catch {
    return 1;
  }
}
