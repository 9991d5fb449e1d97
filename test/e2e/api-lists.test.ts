import { describe, expect, it } from 'vitest';
import { get, NAMES, prepareScan, scan, UNKNOWN_ID } from './scanned-alpine.js';

prepareScan();

describe('lists', () => {
  it.each([
    ['packages of a scan', () => `/v1/scans/${scan.id}/packages`],
    ['findings of a scan', () => `/v1/scans/${scan.id}/findings`],
    ['findings', () => '/v1/findings?severity=unknown,critical&kind=vulnerability&'],
  ])('give every one of the %s once, page by page', async (_what, path) => {
    const url = path();
    const seen: string[] = [];
    for (let cursor: string | null = '', first = true; cursor !== null; first = false) {
      const page = `${url.includes('?') ? url : `${url}?`}limit=2${first ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const { status, body } = await get(page);
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...body.items.map((item: { id?: string; purl: string }) => item.id ?? item.purl));
      cursor = body.nextCursor;
    }
    expect(seen).toHaveLength(NAMES.length);
    expect(new Set(seen).size).toBe(NAMES.length);
  });

  it('read the log to its end, and stay there', async () => {
    let after = '0';
    const positions: number[] = [];
    for (let more = true; more; ) {
      const { body } = await get(`/v1/events?after=${after}&limit=3`);
      positions.push(...body.items.map(({ position }: { position: string }) => Number(position)));
      ({ hasMore: more, nextCursor: after } = body);
    }
    expect(positions).toEqual(positions.map((_, i) => i + 1));
    const far = '999999999999';
    expect((await get(`/v1/events?after=${far}`)).body).toEqual({ items: [], nextCursor: far, hasMore: false });
  });

  it('filter by what was asked, repeated or with commas', async () => {
    const count = async (query: string) => (await get(`/v1/findings?${query}`)).body.items.length;
    expect(await count('severity=unknown')).toBe(NAMES.length);
    expect(await count('severity=critical&severity=high')).toBe(0);
    expect(await count('severity=critical,unknown')).toBe(NAMES.length);
    expect(await count('status=fixed')).toBe(0);
    expect(await count('status=fixed&status=open')).toBe(NAMES.length);
    expect(await count('ruleId=CVE-2024-0003')).toBe(1);
    expect(await count(`targetId=${UNKNOWN_ID}`)).toBe(0);
    expect((await get(`/v1/scans?status=succeeded&targetId=${scan.target.id}`)).body.items.length).toBeGreaterThan(0);
    expect((await get('/v1/scans?status=failed')).body.items).toEqual([]);
    expect((await get('/v1/targets?kind=host')).body.items).toEqual([]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['status=open,nonsense', 'status'],
    ['status=', 'status'],
    ['severity=CRITICAL', 'severity'],
    ['kind=virus', 'kind'],
    ['kind=vulnerability&kind=vulnerability', 'kind'],
    ['targetId=5', 'targetId'],
    ['ruleId=%00', 'ruleId'],
    ['cursor=a&cursor=b', 'cursor'],
    ['offset=3', 'offset'],
    ['__proto__=x', '__proto__'],
    ['constructor=x', 'constructor'],
  ])('refuse ?%s', async (query, path) => {
    const { status, headers, body } = await get(`/v1/findings?${query}`);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect({ status, code: body.code, paths: body.errors?.map((e: { path: string }) => e.path) }).toEqual({
      status: 400,
      code: 'invalid_request',
      paths: [path],
    });
  });

  it.each(['/v1/findings', '/v1/scans', '/v1/targets'])('refuse a cursor that nobody gave: %s', async (path) => {
    for (const cursor of ['x', 'e30', 'bnVsbA', `${'A'.repeat(400)}`]) {
      const { status, body } = await get(`${path}?cursor=${cursor}`);
      expect({ cursor, status, code: body.code }).toEqual({ cursor, status: 400, code: 'malformed_cursor' });
    }
  });

  it.each(['-1', '01', '1.5', 'x', '', '9999999999999999999'])('refuse the position %j', async (after) => {
    expect((await get(`/v1/events?after=${after}`)).status).toBe(400);
  });
});
