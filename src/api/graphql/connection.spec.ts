import { describe, expect, it } from 'vitest';
import type { Page, PageRequest } from '../../model/page.js';
import { connect } from './connection.js';

const ALL = [1, 2, 3, 4, 5, 6, 7];

/** A service's list: its cursor is the last number of the page. */
async function load({ cursor, limit }: PageRequest): Promise<Page<number>> {
  const rest = ALL.filter((n) => n > Number(cursor ?? 0));
  const items = rest.slice(0, limit);
  return { items, nextCursor: rest.length > limit ? String(items.at(-1)) : null };
}

const page = (first: number, after: string | null = null) => connect({ first, after }, load, (n) => n);

describe('connect', () => {
  it('walks a list from page to page', async () => {
    const seen: number[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { nodes, pageInfo } = await page(3, after);
      seen.push(...nodes);
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    expect(seen).toEqual(ALL);
  });

  it('goes on behind any edge, also behind edges of such a page', async () => {
    for (const first of [1, 3, 7]) {
      const { edges } = await page(7);
      for (const { cursor, node } of edges) {
        const next = await page(first, cursor);
        expect(next.nodes).toEqual(ALL.slice(node, node + first));
        for (const edge of next.edges)
          expect((await page(2, edge.cursor)).nodes).toEqual(ALL.slice(edge.node, edge.node + 2));
      }
    }
  });

  it('has nothing behind the last edge', async () => {
    const { pageInfo } = await page(7);
    expect(pageInfo.hasNextPage).toBe(false);
    expect(await page(7, pageInfo.endCursor)).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });

  it.each(['', 'x', 'W10', 'WzEuNSxudWxsXQ', 'WzUwMSxudWxsXQ', 'Wy0xLG51bGxd', 'WzAsN10'])(
    'refuses the cursor %j',
    async (after) => {
      await expect(page(3, after)).rejects.toMatchObject({ code: 'malformed_cursor' });
    },
  );
});
