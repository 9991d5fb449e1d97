import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { lstat } from 'node:fs/promises';
import type { LayerFacts } from '../../engine/layer/layer-facts.js';
import { LayerReader, type LayerReaderParts } from '../../engine/layer/layer-reader.js';
import type { TarEntry } from '../../engine/layer/tar-reader.js';
import { PlimsollError } from '../../model/error.js';
import { asPathError } from './open-regular.js';
import { secretFinder } from './secret-finder.js';
import { SpoolFile } from './spool-file.js';

/** File systems of the running kernel, which are no part of what is installed. */
const KERNEL_FOLDERS = new Set(['proc', 'sys', 'dev']);

/** Bytes of the first read of a file, which mostly shows that the rest is not wanted; and of each further one. */
const FIRST_READ = 4 * 1024;
const READ_SIZE = 256 * 1024;

export interface FolderTask {
  /** Absolute and resolved. */
  root: string;
  tempDir: string;
  /** Of the hashes of secrets; null where they are not looked for. */
  secretKey: Uint8Array | null;
  /** What of the root is read; left out: all of it but file systems of the kernel. */
  scope?: FolderScope;
}

/** Paths are relative to the root. */
interface FolderScope {
  /** Files, and folders with a slash at the end, beside which nothing is read; null: all. */
  only: readonly string[] | null;
  /** Folders that are not entered. */
  skipped: ReadonlySet<string>;
}

/**
 * Reads a root file system that is a folder. Links are noted and never followed by the operating system, so that an
 * absolute link leads into this root and not into the machine's; pipes and devices are not opened. Calls block: it is
 * for a thread of its own.
 *
 * @param onProgress from 0 to 1, ascending
 * @throws PlimsollError `path_not_found`, `path_not_readable`
 */
export function readFolder(
  { root, tempDir, secretKey, scope }: FolderTask,
  onProgress: (fraction: number) => void,
): LayerFacts {
  const spool = new SpoolFile(tempDir);
  try {
    // Of an open file the operating system tells no path with two slashes.
    const walk = new Walk(
      root === '/' ? '' : root,
      { spool, secrets: secretFinder(secretKey) },
      scope?.skipped ?? new Set(),
    );
    if (scope?.only) {
      for (const path of scope.only) walk.visitPath(path);
      return walk.end();
    }
    const top = topOf(root);
    for (const [done, child] of top.entries()) {
      onProgress(done / top.length);
      if (!(child.isDirectory() && KERNEL_FOLDERS.has(child.name))) walk.visit(child.name, child);
    }
    return walk.end();
  } finally {
    spool.close();
  }
}

function topOf(root: string): Dirent[] {
  try {
    return list(root);
  } catch (error) {
    throw asPathError(error, root);
  }
}

/** What both a folder's entries and stats tell. */
type Kind = Pick<Dirent, 'isDirectory' | 'isFile' | 'isSymbolicLink'>;

function list(path: string): Dirent[] {
  return readdirSync(path, { withFileTypes: true });
}

class Walk {
  private readonly reader: LayerReader;
  private readonly buffer = Buffer.alloc(READ_SIZE);
  private readonly visited = new Set<string>();

  /** @param root as it stands before paths: empty for the machine's own */
  constructor(
    private readonly root: string,
    parts: LayerReaderParts,
    private readonly skipped: ReadonlySet<string>,
  ) {
    this.reader = new LayerReader(parts);
  }

  end(): LayerFacts {
    return this.reader.end();
  }

  /**
   * Visits a file, or a folder and what is in it, and the folders above. A link on the way ends it: it is noted.
   *
   * @param path relative to the root; a folder's with a slash at the end
   */
  visitPath(path: string): void {
    const parts = path.split('/');
    const isFolder = parts.at(-1) === '';
    if (isFolder) parts.pop();
    for (let end = 1; end <= parts.length; end += 1) {
      const prefix = parts.slice(0, end).join('/');
      const absolute = `${this.root}/${prefix}`;
      const stats = this.tolerate(prefix, () => lstatSync(absolute, { throwIfNoEntry: false }) ?? null);
      if (stats === null || this.skipped.has(prefix)) return;
      const isLast = end === parts.length;
      const isEntered = stats.isDirectory() && !(isLast && isFolder);
      if (!this.visited.has(prefix)) {
        this.visited.add(prefix);
        if (isEntered) this.reader.entry(entryOf(prefix, 'directory', stats));
        else this.visit(prefix, stats);
      }
      if (!isEntered) return;
    }
  }

  /** @param path relative to the root */
  visit(path: string, entry: Kind): void {
    if (this.skipped.has(path)) return;
    const absolute = `${this.root}/${path}`;
    if (entry.isDirectory()) {
      const stats = this.tolerate(path, () => lstatSync(absolute));
      this.reader.entry(entryOf(path, 'directory', stats));
      for (const child of this.tolerate(path, () => list(absolute)) ?? []) this.visit(`${path}/${child.name}`, child);
    } else if (entry.isSymbolicLink()) {
      const linkName = this.tolerate(path, () => readlinkSync(absolute));
      if (linkName !== null) this.reader.entry({ ...entryOf(path, 'symlink', null), linkName });
    } else if (entry.isFile()) this.tolerate(path, () => this.read(path, absolute));
    else this.reader.entry(entryOf(path, 'other', null));
  }

  private read(path: string, absolute: string): void {
    const file = openSync(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      const isHere = process.platform !== 'linux' || readlinkSync(`/proc/self/fd/${file}`) === absolute;
      if (!stats.isFile() || !isHere) throw new Error('it was replaced while it was read');
      if (!this.reader.entry(entryOf(path, 'file', stats))) return;
      // Not what grew since its size was asked for.
      for (let at = 0; at < stats.size && this.reader.wantsMore; ) {
        const length = Math.min(at === 0 ? FIRST_READ : READ_SIZE, stats.size - at);
        const count = readSync(file, this.buffer, 0, length, at);
        if (count === 0) break;
        this.reader.data(this.buffer.subarray(0, count));
        at += count;
      }
      this.reader.endEntry();
    } finally {
      closeSync(file);
    }
  }

  /** What cannot be read is a gap, and no reason to look at nothing else. */
  private tolerate<T>(path: string, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (error instanceof PlimsollError) throw error;
      const { code, message: why } = error as NodeJS.ErrnoException;
      const message = `/${path} cannot be read (${code ?? why}): what it holds is not known. Let the service's user read it.`;
      this.reader.addGap({ code: 'path_unreadable', subject: `/${path}`, message });
      return null;
    }
  }
}

function entryOf(path: string, type: TarEntry['type'], stats: Stats | null): TarEntry {
  return {
    type,
    path,
    linkName: '',
    size: type === 'file' ? (stats?.size ?? 0) : 0,
    sparse: false,
    mode: (stats?.mode ?? 0) & 0o7777,
    uid: stats?.uid ?? 0,
    gid: stats?.gid ?? 0,
    capabilities: false,
  };
}

/** @throws PlimsollError `path_not_found`, `path_not_readable` */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    const known = asPathError(error, path);
    throw known instanceof PlimsollError ? known : error;
  }
}
