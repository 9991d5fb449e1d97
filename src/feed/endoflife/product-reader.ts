import { createHash } from 'node:crypto';
import { PlimsollError } from '../../model/error.js';
import type { ProductLifecycle } from '../../model/lifecycle.js';
import type { ReadProducts, RejectedProduct } from './endoflife-source.js';
import { describeFault, parseCycles, parseMarkdown, parseProduct, productsOf } from './product-schema.js';

/** Takes documents in a fixed order and reads the products in them. */
export class ProductReader {
  private readonly hash = createHash('sha256');
  private readonly products = new Map<string, ProductLifecycle>();
  private readonly rejected: RejectedProduct[] = [];

  /** `api/v1/products/full`. @throws PlimsollError `feed_source_invalid` */
  addList(text: Buffer, where: string): void {
    this.hash.update(text);
    let items: unknown[];
    try {
      items = productsOf(JSON.parse(text.toString('utf8')));
    } catch (cause) {
      throw invalid(where, describeFault(cause), cause);
    }
    for (const item of items) this.add(nameIn(item), () => parseProduct(item));
  }

  /** `api/v1/products/{name}`. */
  addDetails(text: Buffer, name: string): void {
    this.hash.update(text);
    this.add(name, () => parseProduct((JSON.parse(text.toString('utf8')) as { result?: unknown }).result));
  }

  /** `api/{name}.json`. */
  addCycles(text: Buffer, name: string): void {
    this.hash.update(`${name}\0`).update(text);
    this.add(name, () => parseCycles(name, JSON.parse(text.toString('utf8'))));
  }

  /** `products/{name}.md`. */
  addMarkdown(text: Buffer, name: string): void {
    this.hash.update(text);
    this.add(name, () => parseMarkdown(text.toString('utf8')));
  }

  /** @throws PlimsollError `feed_source_invalid` when nothing could be read */
  finish(
    previous: { digest: string } | null,
    { etag, lastModified }: { etag: string | null; lastModified: string | null },
    where: string,
  ): ReadProducts {
    const digest = `sha256:${this.hash.digest('hex')}`;
    if (digest === previous?.digest) return { unchanged: true };
    const [first] = this.rejected;
    if (this.products.size === 0) {
      throw invalid(where, first ? `${first.name}: ${first.reason}` : 'there is no product');
    }
    return {
      unchanged: false,
      etag,
      lastModified,
      digest,
      products: [...this.products.values()],
      rejected: this.rejected,
    };
  }

  private add(name: string, parse: () => ProductLifecycle): void {
    try {
      const product = parse();
      this.products.set(product.name, product);
    } catch (error) {
      this.rejected.push({ name: name.replace(/\p{Cc}/gu, '?').slice(0, 100), reason: describeFault(error) });
    }
  }
}

function nameIn(item: unknown): string {
  const name = typeof item === 'object' && item !== null && 'name' in item ? item.name : null;
  return typeof name === 'string' ? name : '(without a name)';
}

function invalid(where: string, why: string, cause?: unknown): PlimsollError {
  const message = `Expected products of endoflife.date in ${where}: ${why.slice(0, 300)}. Check PLIMSOLL_ENDOFLIFE_SOURCE.`;
  return new PlimsollError('feed_source_invalid', message, { cause });
}
