import type { ProductLifecycle } from '../../model/lifecycle.js';

/** Where endoflife.date's products are: its API, or a folder. */
export interface EndOfLifeSource {
  /**
   * Reads all products, unless they are those that `previous` tells of.
   *
   * @param onProgress from 0 to 1
   * @throws PlimsollError `feed_source_unreachable`, `feed_source_invalid`, `limit_exceeded`
   */
  read(
    previous: { etag: string | null; lastModified?: string | null; digest: string } | null,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<ReadProducts>;
}

export type ReadProducts =
  | { unchanged: true }
  | {
      unchanged: false;
      etag: string | null;
      lastModified: string | null;
      /** `sha256:…` of what was read. */
      digest: string;
      products: ProductLifecycle[];
      rejected: RejectedProduct[];
    };

/** A product that could not be read. */
export interface RejectedProduct {
  /** Made printable; the product's name as far as it is known. */
  name: string;
  reason: string;
}
