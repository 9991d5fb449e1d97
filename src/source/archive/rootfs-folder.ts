import { constants, type Dirent } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink } from 'node:fs/promises';
import type { LayerFacts } from '../../engine/layer/layer-facts.js';
import { LayerReader } from '../../engine/layer/layer-reader.js';
import type { TarEntry } from '../../engine/layer/tar-reader.js';
import { extractorOf } from '../../engine/plugins.js';
import { PlimsollError } from '../../model/error.js';
import { asPathError } from './open-regular.js';

/** File systems of the running kernel, which are no part of what is installed. */
const KERNEL_FOLDERS = new Set(['proc', 'sys', 'dev']);

export interface RootfsOptions {
  signal: AbortSignal;
  onProgress(fraction: number): void;
}

/**
 * Reads a root file system that is a folder. Links are noted and never followed by the operating system, so that an
 * absolute link leads into this root and not into the machine's; pipes and devices are not opened.
 *
 * @param root absolute and resolved
 * @throws PlimsollError `path_not_found`, `path_not_readable`, `not_an_archive` for a file
 */
export async function readRootfsFolder(root: string, { signal, onProgress }: RootfsOptions): Promise<LayerFacts> {
  const walk = new Walk(root, signal);
  const top = await list(root).catch((error) => {
    throw asPathError(error, root);
  });
  for (const [done, child] of top.entries()) {
    onProgress(done / top.length);
    if (!(child.isDirectory() && KERNEL_FOLDERS.has(child.name))) await walk.visit(child.name, child);
  }
  return walk.end();
}

function list(path: string): Promise<Dirent[]> {
  return readdir(path, { withFileTypes: true });
}

class Walk {
  private readonly reader = new LayerReader();

  constructor(
    private readonly root: string,
    private readonly signal: AbortSignal,
  ) {}

  end(): LayerFacts {
    return this.reader.end();
  }

  /** @param path relative to the root */
  async visit(path: string, entry: Dirent): Promise<void> {
    if (entry.isDirectory()) {
      this.signal.throwIfAborted();
      this.reader.entry(entryOf(path, 'directory'));
      const children = await this.tolerate(path, () => list(`${this.root}/${path}`));
      for (const child of children ?? []) await this.visit(`${path}/${child.name}`, child);
    } else if (entry.isSymbolicLink()) {
      const target = await this.tolerate(path, () => readlink(`${this.root}/${path}`));
      if (target !== null) this.reader.entry(entryOf(path, 'symlink', { linkName: target }));
    } else if (entry.isFile()) await this.visitFile(path);
    else this.reader.entry(entryOf(path, 'other'));
  }

  private async visitFile(path: string): Promise<void> {
    // Most files are not wanted, and need not be looked at.
    if (!extractorOf(path)) this.reader.entry(entryOf(path, 'file'));
    else await this.tolerate(path, () => this.read(path));
  }

  private async read(path: string): Promise<void> {
    const absolute = `${this.root}/${path}`;
    const file = await open(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      const isHere = process.platform !== 'linux' || (await readlink(`/proc/self/fd/${file.fd}`)) === absolute;
      if (!stats.isFile() || !isHere) throw new Error('it was replaced while it was read');
      if (!this.reader.entry(entryOf(path, 'file', { size: stats.size }))) return;
      this.reader.data(await readUpTo(file, stats.size));
      this.reader.endEntry();
    } finally {
      await file.close();
    }
  }

  /** What cannot be read is a gap, and no reason to look at nothing else. */
  private async tolerate<T>(path: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      const { code, message: why } = error as NodeJS.ErrnoException;
      const message = `/${path} cannot be read (${code ?? why}): what it holds is not known. Let the service's user read it.`;
      this.reader.addGap({ code: 'path_unreadable', subject: `/${path}`, message });
      return null;
    }
  }
}

/** Not what grew since its size was asked for. */
async function readUpTo(file: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(buffer, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function entryOf(path: string, type: TarEntry['type'], more: Partial<TarEntry> = {}): TarEntry {
  return { type, path, linkName: '', size: 0, sparse: false, ...more };
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
