import { PlimsollError } from '../../model/error.js';
import { isMissing, type WebAnswer, Website } from '../website.js';
import type { EndOfLifeSource, ReadProducts } from './endoflife-source.js';
import { ProductReader } from './product-reader.js';
import { describeFault, namesOf } from './product-schema.js';

/** Bytes; everything together has some 10 MB. */
const MAX_LIST_BYTES = 64 * 2 ** 20;
const MAX_PRODUCT_BYTES = 4 * 2 ** 20;

/** Products of the old API that are fetched at once. */
const CONCURRENCY = 4;

/** Everything in one file: as the site serves it, and as a plain copy of its files has it. */
const LISTS = ['api/v1/products/full', 'api/v1/products/full/index.json'];

/** endoflife.date, or a copy of it that has only version 0 of the API. */
export class EndOfLifeWebsite implements EndOfLifeSource {
  private readonly website: Website;

  constructor(location: string, retryDelayMs: number) {
    this.website = new Website(location, {
      what: 'products of endoflife.date',
      variable: 'PLIMSOLL_ENDOFLIFE_SOURCE',
      retryDelayMs,
    });
  }

  async read(
    previous: { etag: string | null; lastModified?: string | null; digest: string } | null,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<ReadProducts> {
    for (const path of LISTS) {
      try {
        return await this.readList(path, previous, onProgress, signal);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return this.readOld(previous, onProgress, signal);
  }

  private async readList(
    path: string,
    previous: { etag: string | null; lastModified?: string | null; digest: string } | null,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<ReadProducts> {
    const { etag = null, lastModified = null } = previous ?? {};
    const request = { etag, lastModified, maxBytes: MAX_LIST_BYTES, signal };
    const answer = await this.website.get(path, request, async (got) => ({
      etag: got.etag,
      lastModified: got.lastModified,
      text: await textOf(got, onProgress),
    }));
    if (answer === null) return { unchanged: true };
    const reader = new ProductReader();
    const where = this.website.nameOf(path);
    reader.addList(answer.text, where);
    return reader.finish(previous, answer, where);
  }

  /** `api/all.json` names the products, each of which has a file. */
  private async readOld(
    previous: { digest: string } | null,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<ReadProducts> {
    const where = this.website.nameOf('api/all.json');
    const list = await this.website.get('api/all.json', { maxBytes: MAX_PRODUCT_BYTES, signal }, (got) => textOf(got));
    const names = parseNames(list ?? Buffer.alloc(0), where);
    const texts = new Map<string, Buffer>();
    const waiting = [...names];
    const fetchNext = async (): Promise<void> => {
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
        const path = `api/${encodeURIComponent(name)}.json`;
        const text = await this.website.get(path, { maxBytes: MAX_PRODUCT_BYTES, signal }, (got) => textOf(got));
        texts.set(name, text ?? Buffer.alloc(0));
        onProgress(texts.size / names.length);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, fetchNext));
    const reader = new ProductReader();
    for (const name of names) reader.addCycles(texts.get(name) ?? Buffer.alloc(0), name);
    return reader.finish(previous, UNVERSIONED, where);
  }
}

/** Many files have no version together. */
const UNVERSIONED = { etag: null, lastModified: null };

async function textOf({ body, total }: WebAnswer, onProgress?: (fraction: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let done = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    done += chunk.length;
    if (total) onProgress?.(done / total);
  }
  return Buffer.concat(chunks);
}

function parseNames(text: Buffer, where: string): string[] {
  try {
    return namesOf(JSON.parse(text.toString('utf8'))).sort();
  } catch (cause) {
    const message = `Expected names of products in ${where}: ${describeFault(cause)}. Check PLIMSOLL_ENDOFLIFE_SOURCE.`;
    throw new PlimsollError('feed_source_invalid', message, { cause });
  }
}
