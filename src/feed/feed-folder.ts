import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { PlimsollError } from '../model/error.js';
import type { FeedFile } from './feed-plugin.js';
import type { FeedSource, FileVersion, OnBytes, OpenedFile } from './feed-source.js';
import { refusePage } from './html-page.js';
import { relativePath } from './relative-path.js';

/** A mirror of a feed in a folder. Files are read in place; a digest tells whether one has changed. */
export class FeedFolder implements FeedSource {
  constructor(
    private readonly folder: string,
    private readonly variable: string,
    private readonly publicUrl: string,
  ) {}

  nameOf(path: string): string {
    return this.locate(path);
  }

  async open(
    { path, maxBytes }: Omit<FeedFile, 'part'>,
    previous: FileVersion | null,
    onBytes: OnBytes,
    signal: AbortSignal,
  ): Promise<OpenedFile> {
    const local = this.locate(path);
    try {
      const size = await this.sizeOf(local, maxBytes);
      const hash = createHash('sha256');
      let done = 0;
      for await (const chunk of createReadStream(local, { signal, highWaterMark: 2 ** 20 })) {
        hash.update(chunk);
        done += chunk.length;
        onBytes(done, size);
      }
      const version = { etag: null, lastModified: null, digest: `sha256:${hash.digest('hex')}` };
      if (version.digest === previous?.digest) return { unchanged: true, version: null };
      await refusePage(local, local, this.variable);
      return { unchanged: false, path: local, version, size: done, release: async () => {} };
    } catch (error) {
      signal.throwIfAborted();
      throw this.readable(error, local);
    }
  }

  async bytes(path: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
    const local = this.locate(path);
    try {
      if (path === '' || path.endsWith('/')) return await namesIn(local);
      await this.sizeOf(local, maxBytes);
      return await readFile(local, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw this.readable(error, local);
    }
  }

  async version(path: string, signal: AbortSignal): Promise<FileVersion | null> {
    const opened = await this.open({ path, maxBytes: Infinity }, null, () => {}, signal);
    return opened.unchanged ? null : opened.version;
  }

  /** Only what is in the folder: an index could name anything. */
  private locate(path: string): string {
    const relative = relativePath(path, this.publicUrl);
    const local = relative === null ? null : join(this.folder, decoded(relative));
    if (local !== null && (local === this.folder || local.startsWith(this.folder.replace(/[\\/]+$/, '') + sep))) {
      return local;
    }
    const message = `${JSON.stringify(path.slice(0, 200))}, which the feed names, is not in ${this.folder}. Check ${this.variable}.`;
    throw new PlimsollError('feed_source_invalid', message);
  }

  private async sizeOf(path: string, maxBytes: number): Promise<number> {
    const found = await stat(path);
    if (!found.isFile()) {
      throw new PlimsollError('feed_source_invalid', `Expected a file at ${path}. Check ${this.variable}.`);
    }
    if (found.size > maxBytes) {
      const message = `${path} has ${found.size} bytes, over the limit of ${maxBytes}. Check ${this.variable}.`;
      throw new PlimsollError('limit_exceeded', message);
    }
    return found.size;
  }

  /** Turns what the file system says into what an operator can act on. */
  private readable(error: unknown, path: string): unknown {
    if (error instanceof PlimsollError || !(error instanceof Error) || !('code' in error)) return error;
    const why = error.code === 'ENOENT' ? 'it does not exist' : error.message;
    return new PlimsollError('feed_source_unreachable', `Cannot read ${path}: ${why}. Check ${this.variable}.`, {
      cause: error,
    });
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** In the order of their names, so that the same folder reads the same. */
async function namesIn(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  return Buffer.from(names.sort().join('\n'));
}
