import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PlimsollError } from '../../model/error.js';
import type { EndOfLifeSource, ReadProducts } from './endoflife-source.js';
import { ProductReader } from './product-reader.js';

/** Bytes of one file: a hundred times what the largest has. */
const MAX_FILE_BYTES = 64 * 2 ** 20;
const MAX_FILES = 10_000;

/** Where a copy of the API has its list of everything. */
const LISTS = ['api/v1/products/full', 'api/v1/products/full/index.json', 'api/v1/products/full.json'];

/** A copy of endoflife.date in a folder: its repository (`products/*.md`), those files alone, or the files of its API. */
export class EndOfLifeFolder implements EndOfLifeSource {
  constructor(private readonly folder: string) {}

  async read(
    previous: { digest: string } | null,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<ReadProducts> {
    const reader = new ProductReader();
    const documents = await this.documents();
    if (documents.length === 0) {
      const message = `Expected products/*.md, api/v1/products/full or api/*.json of endoflife.date in ${this.folder}: found none. Check PLIMSOLL_ENDOFLIFE_SOURCE.`;
      throw new PlimsollError('feed_source_invalid', message);
    }
    for (const [index, { path, add }] of documents.entries()) {
      signal.throwIfAborted();
      add(reader, await this.content(path, signal));
      onProgress((index + 1) / documents.length);
    }
    return reader.finish(previous, { etag: null, lastModified: null }, this.folder);
  }

  private async documents(): Promise<Document[]> {
    for (const folder of [join(this.folder, 'products'), this.folder]) {
      const names = (await this.list(folder, folder === this.folder)).filter((name) => name.endsWith('.md'));
      const products = names.map((name) => ({
        path: join(folder, name),
        add: (reader: ProductReader, text: Buffer) => reader.addMarkdown(text, basename(name, '.md')),
      }));
      // A repository has a README beside its products.
      if (products.length > 1) return products;
    }
    for (const list of LISTS) {
      const path = join(this.folder, list);
      if (await isFile(path)) return [{ path, add: (reader, text) => reader.addList(text, path) }];
    }
    return this.perProduct();
  }

  private async perProduct(): Promise<Document[]> {
    const details: Document[] = [];
    const current = join(this.folder, 'api/v1/products');
    for (const name of await this.list(current, false)) {
      const path = join(current, name, 'index.json');
      if (await isFile(path)) details.push({ path, add: (reader, text) => reader.addDetails(text, name) });
    }
    if (details.length > 0) return details;
    const old = join(this.folder, 'api');
    const names = (await this.list(old, false)).filter((name) => name.endsWith('.json') && name !== 'all.json');
    return names.map((name) => ({
      path: join(old, name),
      add: (reader, text) => reader.addCycles(text, basename(name, '.json')),
    }));
  }

  /** Sorted, so that the same files have the same digest. */
  private async list(folder: string, mustExist: boolean): Promise<string[]> {
    try {
      return (await readdir(folder)).sort().slice(0, MAX_FILES);
    } catch (error) {
      if (!mustExist && isAbsent(error)) return [];
      throw unreadable(folder, error);
    }
  }

  private async content(path: string, signal: AbortSignal): Promise<Buffer> {
    try {
      const { size } = await stat(path);
      if (size > MAX_FILE_BYTES) {
        const message = `${path} has ${size} bytes, over the limit of ${MAX_FILE_BYTES}. Check PLIMSOLL_ENDOFLIFE_SOURCE.`;
        throw new PlimsollError('limit_exceeded', message);
      }
      return await readFile(path, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof PlimsollError ? error : unreadable(path, error);
    }
  }
}

interface Document {
  path: string;
  add(reader: ProductReader, text: Buffer): void;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unreadable(path: string, cause: unknown): PlimsollError {
  const why = isAbsent(cause) ? 'it does not exist' : cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot read ${path}: ${why}. Check PLIMSOLL_ENDOFLIFE_SOURCE.`;
  return new PlimsollError('feed_source_unreachable', message, { cause });
}
