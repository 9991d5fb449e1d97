import type { Raw } from '../object/fields.js';
import type { ReadKind } from '../object/read-kinds.js';
import { type ApiClient, ApiFailure, JSON_TYPE } from './api-client.js';

/** Objects of one page: a page of pods has some 3 MB. */
const PAGE = 250;

/** A server that goes on forever is a fault: 500,000 objects. */
const MAX_PAGES = 2_000;

export interface ListQuery {
  accept?: string;
  /** The kind of list that must come. */
  answer?: string;
  fieldSelector?: string;
}

/**
 * Lists the objects of a kind over all namespaces, page by page. When a list has become too old for its next page, 410, it is
 * read once more from its start, so an object may come twice.
 *
 * @param onItem takes each object, with its kind and API version
 * @returns false where the cluster does not serve the kind
 * @throws ApiFailure
 */
export async function listKind(
  client: Pick<ApiClient, 'get'>,
  read: Pick<ReadKind, 'groups' | 'versions' | 'resource' | 'kind'>,
  query: ListQuery,
  onItem: (item: Raw) => void,
): Promise<boolean> {
  for (const group of read.groups) {
    for (const version of read.versions) {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const apiVersion = group === '' ? version : `${group}/${version}`;
      const list = new PagedList(client, `${path}/${read.resource}`, query, (item) => {
        onItem(
          typeof item === 'object' && item !== null && !Array.isArray(item)
            ? { ...item, kind: read.kind, apiVersion }
            : item,
        );
      });
      if (await list.read(query.answer ?? `${read.kind}List`)) return true;
    }
  }
  return false;
}

class PagedList {
  constructor(
    private readonly client: Pick<ApiClient, 'get'>,
    private readonly path: string,
    private readonly query: ListQuery,
    private readonly onItem: (item: Raw) => void,
  ) {}

  /** @returns false where there is no such resource */
  async read(kind: string): Promise<boolean> {
    let next: string | null = null;
    let isAgain = false;
    const seen = new Set<string>();
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await this.page(next);
      if (answer === 'absent') {
        if (page === 0) return false;
        throw new ApiFailure(404, 'its list went away while it was read');
      }
      if (answer === 'expired') {
        if (isAgain || next === null) throw new ApiFailure(410, 'its list became too old while it was read, twice');
        isAgain = true;
        next = null;
        seen.clear();
        continue;
      }
      const { items, metadata } = answer;
      if (answer.kind !== kind || !(Array.isArray(items) || items === null || items === undefined)) {
        throw new ApiFailure(null, `it answered with something that is no ${kind}`);
      }
      for (const item of items ?? []) this.onItem(item);
      next = continuationOf(metadata);
      if (next === null) return true;
      if (seen.has(next)) throw new ApiFailure(null, 'it goes on with the same page of the list again and again');
      seen.add(next);
    }
    throw new ApiFailure(null, `its list has more than ${MAX_PAGES} pages`);
  }

  private async page(next: string | null): Promise<{ [key: string]: Raw } | 'absent' | 'expired'> {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (this.query.fieldSelector !== undefined) query.set('fieldSelector', this.query.fieldSelector);
    if (next !== null) query.set('continue', next);
    try {
      return await this.client.get(`${this.path}?${query}`, this.query.accept ?? JSON_TYPE);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (error.status === 404) return 'absent';
      if (error.status === 410) return 'expired';
      throw error;
    }
  }
}

function continuationOf(metadata: Raw | undefined): string | null {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return null;
  const { continue: token } = metadata;
  return typeof token === 'string' && token !== '' ? token : null;
}
