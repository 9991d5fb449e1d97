import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PlimsollError } from '../../model/error.js';
import { isPartName, parseEcosystems, requirePartName } from './osv-parts.js';
import type { OnBytes, OpenedPart, OsvSource, PartState } from './osv-source.js';

/** A mirror of the export in a folder. Archives are read in place; a digest tells whether one has changed. */
export class OsvFolder implements OsvSource {
  constructor(private readonly folder: string) {}

  async listParts(signal: AbortSignal): Promise<string[]> {
    const list = join(this.folder, 'ecosystems.txt');
    try {
      return parseEcosystems(await readFile(list, { encoding: 'utf8', signal }), list);
    } catch (error) {
      if (!isMissing(error)) throw readable(error, list);
      return this.foldersWithArchive();
    }
  }

  async openPart(name: string, previous: PartState | null, onBytes: OnBytes, signal: AbortSignal): Promise<OpenedPart> {
    requirePartName(name);
    const path = join(this.folder, name, 'all.zip');
    try {
      const { size } = await stat(path);
      const hash = createHash('sha256');
      let done = 0;
      for await (const chunk of createReadStream(path, { signal, highWaterMark: 2 ** 20 })) {
        hash.update(chunk);
        done += chunk.length;
        onBytes(done, size);
      }
      const digest = `sha256:${hash.digest('hex')}`;
      if (digest === previous?.digest) return { unchanged: true };
      return { unchanged: false, path, etag: null, digest, size: done, release: async () => {} };
    } catch (error) {
      throw readable(error, path);
    }
  }

  /** A mirror may lack the list: then it holds what its folders hold. */
  private async foldersWithArchive(): Promise<string[]> {
    const names: string[] = [];
    try {
      for (const entry of await readdir(this.folder, { withFileTypes: true })) {
        if (!entry.isDirectory() || !isPartName(entry.name)) continue;
        const archive = await stat(join(this.folder, entry.name, 'all.zip')).catch(() => null);
        if (archive?.isFile()) names.push(entry.name);
      }
    } catch (error) {
      throw readable(error, this.folder);
    }
    if (names.length === 0) {
      const message = `Expected ecosystems.txt, or folders that hold an all.zip, in ${this.folder}: found neither. Check PLIMSOLL_OSV_SOURCE.`;
      throw new PlimsollError('feed_source_invalid', message);
    }
    return names.sort();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Turns what the file system says into what an operator can act on; everything else is passed on. */
function readable(error: unknown, path: string): unknown {
  if (error instanceof PlimsollError || !(error instanceof Error) || !('code' in error)) return error;
  if (error.name === 'AbortError') return error;
  const why = isMissing(error) ? 'it does not exist' : error.message;
  return new PlimsollError('feed_source_unreachable', `Cannot read ${path}: ${why}. Check PLIMSOLL_OSV_SOURCE.`, {
    cause: error,
  });
}
