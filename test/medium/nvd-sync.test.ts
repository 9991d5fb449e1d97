import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScoreStore } from '../../src/store/score.store.js';
import { NvdSync } from '../../src/worker/feed/nvd.sync.js';
import { FeedServer } from '../support/feed-server.js';
import { openStores, type Stores } from './stores.js';

const entry = (id: string, baseScore: number | null) => ({
  cve: {
    id,
    metrics:
      baseScore === null
        ? {}
        : {
            cvssMetricV31: [
              { source: 'nvd@nist.gov', cvssData: { version: '3.1', vectorString: 'CVSS:3.1/AV:N', baseScore } },
            ],
          },
  },
});

describe('a sync of NVD', () => {
  let stores: Stores;
  let scores: ScoreStore;
  let server: FeedServer;
  let folder: string;
  beforeAll(async () => {
    stores = await openStores();
    scores = new ScoreStore(stores.database);
    server = await FeedServer.start();
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-nvd-'));
  });
  afterAll(async () => {
    await server.close();
    await stores.close();
    await rm(folder, { recursive: true, force: true });
  });

  const sync = async (location: string) => {
    const progress = { percent: 0, part: null, imported: 0, rejected: 0, skipped: 0 };
    const options = { location, tempDir: folder, feeds: stores.feeds, scores, apiKey: null, pauseMs: 1 };
    await new NvdSync(options).sync({ progress, signal: new AbortController().signal });
    return progress;
  };
  const scoreOf = async (id: string) => (await scores.find([id])).get(id)?.cvss[0]?.score;

  /** Serves pages of two; one of them only once it may. */
  let queries: URLSearchParams[] = [];
  const serve = (entries: unknown[], brokenFrom = Number.POSITIVE_INFINITY) => {
    queries = [];
    server.files.set('/cves/2.0/', (request, response) => {
      const query = new URL(request.url ?? '', server.url).searchParams;
      queries.push(query);
      const startIndex = Number(query.get('startIndex'));
      if (startIndex >= brokenFrom) response.end('<html></html>');
      else {
        const vulnerabilities = entries.slice(startIndex, startIndex + 2);
        response.end(JSON.stringify({ startIndex, totalResults: entries.length, vulnerabilities }));
      }
    });
  };

  it('reads everything at first, and goes on where it was stopped', async () => {
    const all = [1, 2, 3, 4, 5].map((score) => entry(`CVE-2024-100${score}`, score));
    serve(all, 2);
    await expect(sync(`${server.url}/cves/2.0`)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    serve(all);
    expect(await sync(`${server.url}/cves/2.0`)).toMatchObject({ imported: 3, percent: 100 });
    expect(queries.map((query) => query.get('startIndex'))).toEqual(['2', '4']);
    expect([await scoreOf('CVE-2024-1001'), await scoreOf('CVE-2024-1005')]).toEqual([1, 5]);
  });

  it('asks for what changed afterwards, and forgets ratings that were taken back', async () => {
    serve([entry('CVE-2024-1001', 9), entry('CVE-2024-1002', null), {}]);
    expect(await sync(`${server.url}/cves/2.0/`)).toMatchObject({ imported: 2, rejected: 1 });
    const [query] = queries;
    const since = new Date(`${query?.get('lastModStartDate')}Z`);
    expect(Date.now() - since.getTime()).toBeGreaterThan(2 * 3_600_000 - 1);
    expect(Date.now() - since.getTime()).toBeLessThan(3 * 3_600_000);
    expect([await scoreOf('CVE-2024-1001'), await scoreOf('CVE-2024-1002')]).toEqual([9, undefined]);
  });

  it('reads the yearly files of a mirror, of which some may be missing', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `CVE-2023-${1000 + i}`);
    const file = JSON.stringify({ vulnerabilities: ids.map((id) => entry(id, 7)) });
    await writeFile(join(folder, 'nvdcve-2.0-2023.json.gz'), gzipSync(file));
    expect(await sync(folder)).toMatchObject({ imported: 20 });
    expect(await sync(folder)).toMatchObject({ imported: 0, skipped: 1 });
    expect([...(await stores.feeds.parts('nvd')).keys()]).toEqual(['2023']);
    expect([await scoreOf('CVE-2023-1000'), await scoreOf('CVE-2024-1001')]).toEqual([7, undefined]);
    await rm(join(folder, 'nvdcve-2.0-2023.json.gz'));
    await expect(sync(folder)).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });
});
