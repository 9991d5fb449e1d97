import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeedServer } from '../../../test/support/feed-server.js';
import { NvdApi, type NvdPage } from './nvd-api.js';

const signal = new AbortController().signal;
const entries = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ cve: { id: `CVE-2024-${1000 + from + i}` } }));

describe('NVD’s API', () => {
  let server: FeedServer;
  let queries: URLSearchParams[];
  beforeEach(async () => {
    server = await FeedServer.start();
    queries = [];
  });
  afterEach(() => server.close());

  /** Serves so many records, two at a time. */
  const serve = (total: number, size = 2) =>
    server.files.set('/cves/2.0/', (request, response) => {
      const query = new URL(request.url ?? '', server.url).searchParams;
      queries.push(query);
      const startIndex = Number(query.get('startIndex'));
      const vulnerabilities = entries(startIndex, Math.min(startIndex + size, total));
      response.end(JSON.stringify({ resultsPerPage: size, startIndex, totalResults: total, vulnerabilities }));
    });
  const api = (apiKey: string | null = null) =>
    new NvdApi({ location: `${server.url}/cves/2.0`, apiKey, pauseMs: 1, retryDelayMs: 1 });
  const all = async (pages: AsyncIterable<NvdPage>) => {
    const ids: string[] = [];
    for await (const { records } of pages) {
      for (const record of records) if ('scores' in record) ids.push(record.scores.id);
    }
    return ids;
  };

  it('is read page by page, from where one left off', async () => {
    serve(5);
    expect(await all(api().all(0, signal))).toHaveLength(5);
    expect(await all(api().all(4, signal))).toEqual(['CVE-2024-1004']);
    expect(queries.map((query) => query.get('startIndex'))).toEqual(['0', '2', '4', '4']);
    expect(queries[0]?.get('resultsPerPage')).toBe('2000');
  });

  it('is asked for changes within 120 days at once', async () => {
    serve(1);
    const since = new Date('2026-01-01T00:00:00.000Z');
    const until = new Date('2026-10-01T00:00:00.000Z');
    await all(api().changed(since, until, signal));
    expect(queries.map((query) => [query.get('lastModStartDate'), query.get('lastModEndDate')])).toEqual([
      ['2026-01-01T00:00:00.000', '2026-05-01T00:00:00.000'],
      ['2026-05-01T00:00:00.000', '2026-08-29T00:00:00.000'],
      ['2026-08-29T00:00:00.000', '2026-10-01T00:00:00.000'],
    ]);
  });

  it('shows its key to NVD, and to nobody whom it leads to', async () => {
    const other = await FeedServer.start();
    const keys: unknown[] = [];
    server.files.set('/cves/2.0/', (request, response) => {
      keys.push(request.headers.apikey);
      response.writeHead(302, { location: `${other.url}/x` }).end();
    });
    await expect(all(api('secret').all(0, signal))).rejects.toMatchObject({ code: 'feed_source_invalid' });
    await other.close();
    expect([keys, other.asked]).toEqual([['secret'], []]);
  });

  it('waits as long as it is told between requests, and asks again when it was too often', async () => {
    serve(4);
    const answer = server.files.get('/cves/2.0/');
    let refused = 0;
    server.files.set('/cves/2.0/', (request, response) => {
      refused += 1;
      if (refused === 1) response.writeHead(403).end();
      else if (typeof answer === 'function') answer(request, response);
    });
    const began = performance.now();
    const slow = new NvdApi({ location: `${server.url}/cves/2.0`, apiKey: null, pauseMs: 60, retryDelayMs: 1 });
    expect(await all(slow.all(0, signal))).toHaveLength(4);
    expect(performance.now() - began).toBeGreaterThanOrEqual(59);
  });

  it.each([
    ['a page', '<html></html>'],
    ['another form', '{"result":{"CVE_Items":[]}}'],
    ['fewer than it says', '{"startIndex":0,"totalResults":5,"vulnerabilities":[]}'],
  ])('is refused when it answers %s', async (_, text) => {
    server.files.set('/cves/2.0/', text);
    await expect(all(api().all(0, signal))).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });
});
