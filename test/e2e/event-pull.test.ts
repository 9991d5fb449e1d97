import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendToOutbox } from '../../src/store/outbox.js';
import { DEFAULT_PROJECT } from '../../src/store/project.js';
import { startTestApp, type TestApp } from './app.js';

describe('pulling events', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    await write(30, 'x');
    while ((await page('')).body.items.length < 30) await write(0, '');
  });
  afterAll(() => service.close());

  async function write(count: number, text: string, type: 'scan.created' | 'vex.deleted' = 'scan.created') {
    const event = { type, actor: 'system', scanId: null, targetId: null, findingId: null } as const;
    const events = Array.from({ length: count }, (_, n) => ({ ...event, subject: `=${n}`, data: { text } }));
    await service.database.transaction((manager) => appendToOutbox(manager, DEFAULT_PROJECT, events));
  }
  const page = (query: string) => service.request('GET', `/v1/events?${query}`);

  it('passes what a filter leaves out', async () => {
    const { body, headers } = await page('types=registry.deleted,vex.imported&limit=5');
    expect(body).toMatchObject({ items: [], hasMore: false });
    expect(Number(body.nextCursor)).toBeGreaterThanOrEqual(30);
    expect(headers.get('x-next-cursor')).toBe(body.nextCursor);
    const some = (await page('types=scan.created&limit=5')).body;
    expect(some.items).toHaveLength(5);
    expect(some).toMatchObject({ nextCursor: some.items[4].position, hasMore: true });
    expect((await page('types=nonsense')).status).toBe(400);
  });

  it('is filtered over GraphQL too, where an empty page has a cursor', async () => {
    const ask = async (args: string) => {
      const query = `{events(${args}){nodes{type} pageInfo{hasNextPage endCursor}}}`;
      return (await service.request('POST', '/graphql', { query })).body;
    };
    const none = (await ask('types:["registry.deleted"],first:5')).data.events;
    expect(none).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
    expect(Number(none.pageInfo.endCursor)).toBeGreaterThanOrEqual(30);
    const some = (await ask('types:["scan.created"],first:5')).data.events;
    expect(some.nodes).toEqual(Array(5).fill({ type: 'scan.created' }));
    expect(some.pageInfo.hasNextPage).toBe(true);
    expect((await ask('types:["nonsense"]')).errors[0].extensions.code).toBe('invalid_request');
  });

  it('comes as one entry a line, which verify takes, and as a table without formulas', async () => {
    const headers = { authorization: `Bearer ${service.token}` };
    const response = await fetch(`${service.url}/v1/events?format=ndjson&limit=3`, { headers });
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    expect(response.headers.get('x-has-more')).toBe('true');
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual((await page('limit=3')).body.items);
    const csv = await page('format=csv&types=scan.created&limit=3');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.body.split('\r\n')).toHaveLength(5);
    expect(csv.body).toContain(",'=0,");
    expect((await page('format=xml')).status).toBe(400);
  });

  it('comes as lines of CEF, with the cursor in headers', async () => {
    const cef = await page('format=cef&types=scan.created&limit=3');
    expect(cef.headers.get('content-type')).toContain('text/plain');
    const { items, nextCursor } = (await page('types=scan.created&limit=3')).body;
    expect(cef.headers.get('x-next-cursor')).toBe(nextCursor);
    const positions = [
      ...cef.body.matchAll(/^CEF:0\|Plimsoll\|Plimsoll\|[^|]+\|scan\.created\|.* externalId=(\d+) /gm),
    ];
    expect(positions.map(([, position]) => position)).toEqual(items.map((item: { position: string }) => item.position));
  });

  it('is compressed for who asks so', async () => {
    const bytes = async (coding: string) => {
      const { request } = await import('node:http');
      return new Promise<{ coding: string | undefined; body: Buffer }>((resolve, reject) => {
        const headers = { authorization: `Bearer ${service.token}`, 'accept-encoding': coding };
        request(`${service.url}/v1/events?limit=30`, { headers }, async (response) => {
          const body = Buffer.concat(await response.toArray());
          resolve({ coding: response.headers['content-encoding'], body });
        })
          .on('error', reject)
          .end();
      });
    };
    const [plain, packed] = [await bytes('identity'), await bytes('gzip')];
    expect([plain.coding, packed.coding]).toEqual([undefined, 'gzip']);
    expect(packed.body.length).toBeLessThan(plain.body.length);
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
  });

  it('waits for an entry that is not there yet', async () => {
    const { nextCursor } = (await page('limit=500')).body;
    const waiting = page(`after=${nextCursor}&types=vex.deleted&wait=60`);
    await write(1, 'late', 'vex.deleted');
    expect((await waiting).body.items).toMatchObject([{ type: 'vex.deleted', data: { text: 'late' } }]);
    expect((await page('wait=61')).status).toBe(400);
  });

  it('ends a page before it is too long, and goes on behind it', async () => {
    let after = (await page('limit=500')).body.nextCursor;
    const first = Number(after);
    await write(8, 'y'.repeat(1_500_000));
    const sizes: number[] = [];
    const positions: number[] = [];
    while (positions.length < 8) {
      const { body } = await page(`after=${after}&types=scan.created`);
      sizes.push(body.items.length);
      positions.push(...body.items.map(({ position }: { position: string }) => Number(position)));
      after = body.nextCursor;
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(positions.filter((position) => position > first)).size).toBe(8);
  });

  it('ends when the service does, and loses nothing by it', async () => {
    const other = await startTestApp();
    const waiting = other.request('GET', '/v1/events?types=registry.deleted&wait=60');
    await expect.poll(async () => (await other.request('GET', '/metrics')).status).toBe(200);
    await other.close();
    await waiting.then(
      ({ body }) => expect(body.items).toEqual([]),
      () => undefined,
    );
  });
});
