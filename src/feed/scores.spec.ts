import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpacked } from '../../test/support/unpacked.js';
import { epssFeed } from './epss/epss-feed.js';
import type { ScoreFeedPlugin } from './feed-plugin.js';
import type { ScoredRecord } from './feed-record.js';
import { kevFeed } from './kev/kev-feed.js';
import { nvdFiles } from './nvd/nvd-files.js';
import { readNvdRecord } from './nvd/nvd-record.js';

const DATA = '../shared/data/advisories';
const real = existsSync(DATA);
if (!real) console.info(`skipped: there is no ${DATA}`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-scores-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function readFile(plugin: ScoreFeedPlugin, path: string): Promise<ScoredRecord[]> {
  const records: ScoredRecord[] = [];
  for await (const record of plugin.read(path, '2024', new AbortController().signal)) records.push(record);
  return records;
}

async function read(plugin: ScoreFeedPlugin, content: string | Buffer): Promise<ScoredRecord[]> {
  const path = join(folder, 'file');
  await writeFile(path, content);
  return readFile(plugin, path);
}

describe('CISA’s catalog', () => {
  it('says when a vulnerability was added, by when to act, and whether ransomware uses it', async () => {
    const vulnerabilities = [
      { cveID: ' cve-2021-44228', dateAdded: '2021-12-10', dueDate: '2021-12-24', knownRansomwareCampaignUse: 'Known' },
      { cveID: 'CVE-2024-3094', dateAdded: '2024-03-29', dueDate: '', knownRansomwareCampaignUse: 'Unknown' },
      { cveID: 'CVE-2024-3095', dateAdded: '2024-03-29' },
      { cveID: 'CVE-2024-1', dateAdded: '2024-03-29' },
      { cveID: 'CVE-2024-3096', dateAdded: 'soon' },
      null,
    ];
    expect(await read(kevFeed, JSON.stringify({ catalogVersion: '1', vulnerabilities }))).toEqual([
      { scores: { id: 'CVE-2021-44228', kev: { dateAdded: '2021-12-10', dueDate: '2021-12-24', ransomware: true } } },
      { scores: { id: 'CVE-2024-3094', kev: { dateAdded: '2024-03-29', dueDate: null, ransomware: false } } },
      { scores: { id: 'CVE-2024-3095', kev: { dateAdded: '2024-03-29', dueDate: null, ransomware: false } } },
      { rejected: { entry: 'CVE-2024-1', reason: 'cveID: expected an id as CVE-2024-3094' } },
      { rejected: { entry: 'CVE-2024-3096', reason: 'dateAdded: expected a day as 2024-03-29' } },
      { rejected: { entry: 'record 6', reason: expect.stringContaining('record: ') } },
    ]);
  });

  it.each([
    ['cut', '{"vulnerabilities":[{"cveID":"CVE-2024-3094","dateAdded":"2024-03-29"}'],
    ['empty', ''],
    ['not JSON', 'cveID,dateAdded\n'],
    ['of another form', '{"catalog":[]}'],
  ])('is refused when it is %s', async (_, text) => {
    await expect(read(kevFeed, text)).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it.skipIf(!real)('is read as it is published', async () => {
    await unpacked(join(DATA, 'cisa-kev.tar.gz'), async (root) => {
      const records = await readFile(kevFeed, join(root, 'cisa-kev/known_exploited_vulnerabilities.json'));
      expect(records).toHaveLength(1404);
      expect(records.filter((record) => 'rejected' in record)).toEqual([]);
      expect(records).toContainEqual({
        scores: { id: 'CVE-2025-48384', kev: { dateAdded: '2025-08-25', dueDate: '2025-09-15', ransomware: false } },
      });
    });
  });
});

describe('EPSS', () => {
  const head = '#model_version:v2025.03.14,score_date:2026-11-23T00:00:00+0000\n';

  it('gives each CVE a probability and a percentile of one day', async () => {
    const csv = `${head}cve,epss,percentile\nCVE-1999-0001,0.00383,0.73075\r\nCVE-1999-0002,1,0\n\nCVE-1999-0003,2,0.5\nx,0.1,0.1\n`;
    const expected = [
      { scores: { id: 'CVE-1999-0001', epss: { probability: 0.00383, percentile: 0.73075, date: '2026-11-23' } } },
      { scores: { id: 'CVE-1999-0002', epss: { probability: 1, percentile: 0, date: '2026-11-23' } } },
      { rejected: { entry: 'CVE-1999-0003', reason: expect.stringContaining('two numbers from 0 to 1') } },
      { rejected: { entry: 'x', reason: expect.stringContaining('"x,0.1,0.1"') } },
    ];
    expect(await read(epssFeed, gzipSync(csv))).toEqual(expected);
    expect(await read(epssFeed, csv)).toEqual(expected);
  });

  it.each([
    ['without a day', 'cve,epss,percentile\nCVE-1999-0001,0.1,0.2\n'],
    ['without columns', `${head}`],
    ['without scores', `${head}cve,epss,percentile\n`],
    ['with other columns', `${head}cve,score\nCVE-1999-0001,0.1\n`],
    ['that ends within a line', `${head}cve,epss,percentile\nCVE-1999-0001,0.1,0.2\nCVE-1999-00`],
    ['that is JSON', '{"data":[]}\n'],
    ['that is cut', gzipSync(`${head}cve,epss,percentile\nCVE-1999-0001,0.1,0.2\n`).subarray(0, -12)],
  ])('is refused as a file %s', async (_, content) => {
    await expect(read(epssFeed, content)).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it.skipIf(!real)('is read as it is published', async () => {
    await unpacked(join(DATA, 'vunnel-provider-fixtures.tar.gz'), async (root) => {
      const samples = join(root, 'vunnel-provider-fixtures/tests/unit/providers/epss/test-fixtures');
      const records = await readFile(epssFeed, join(samples, 'example-1.csv'));
      expect(records.length).toBeGreaterThanOrEqual(5);
      expect(records.every((record) => 'scores' in record && record.scores.epss?.date === '2025-02-20')).toBe(true);
      for (const name of ['invalid-header.csv', 'missing-date.csv']) {
        await expect(readFile(epssFeed, join(samples, name))).rejects.toMatchObject({ code: 'feed_source_invalid' });
      }
    });
  });
});

describe('NVD', () => {
  const metric = (source: string, version: string, vectorString: string, baseScore: unknown) => ({
    source,
    type: 'Primary',
    cvssData: { version, vectorString, baseScore },
  });
  const entry = (id: string, metrics: unknown, more: object = {}) => ({ cve: { id, metrics, ...more } });

  it('gives the ratings of every version, the newest first and its own before others’', () => {
    const metrics = {
      cvssMetricV2: [metric('nvd@nist.gov', '2.0', '(AV:N/AC:M/Au:N/C:N/I:P/A:N)', 4.3)],
      cvssMetricV31: [
        metric('cna@example.org', '3.1', 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 8.4),
        metric('nvd@nist.gov', '3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:H/A:N', 6.5),
        metric('nvd@nist.gov', '3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:H/A:N', 'high'),
        null,
      ],
      cvssMetricV40: [metric('cna@example.org', '4.0', 'CVSS:4.0/AV:N', 9.3)],
      ssvcV203: [{ any: 'thing' }],
    };
    expect(readNvdRecord(entry('CVE-2022-1576', metrics), 0)).toEqual({
      scores: {
        id: 'CVE-2022-1576',
        cvss: [
          { version: '4.0', vector: 'CVSS:4.0/AV:N', score: 9.3, source: 'cna@example.org' },
          {
            version: '3.1',
            vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:H/A:N',
            score: 6.5,
            source: 'nvd@nist.gov',
          },
          {
            version: '3.1',
            vector: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
            score: 8.4,
            source: 'cna@example.org',
          },
          { version: '2.0', vector: 'AV:N/AC:M/Au:N/C:N/I:P/A:N', score: 4.3, source: 'nvd@nist.gov' },
        ],
      },
    });
  });

  it('has no rating of what it rejected or did not rate, and rejects what is no CVE', () => {
    const metrics = { cvssMetricV2: [metric('nvd@nist.gov', '2.0', 'AV:N/AC:M/Au:N/C:N/I:P/A:N', 4.3)] };
    const none = (id: string) => ({ scores: { id, cvss: [] } });
    expect(readNvdRecord(entry('CVE-2022-1576', metrics, { vulnStatus: 'Rejected' }), 0)).toEqual(
      none('CVE-2022-1576'),
    );
    for (const other of [undefined, null, {}, { cvssMetricV31: 'x' }]) {
      expect(readNvdRecord(entry('CVE-2022-1576', other), 0)).toEqual(none('CVE-2022-1576'));
    }
    for (const bad of [entry('GHSA-1', {}), {}, null, 5, { cve: { id: 5 } }]) {
      expect(readNvdRecord(bad, 3)).toEqual({ rejected: { entry: expect.any(String), reason: expect.any(String) } });
    }
  });

  it('comes in yearly files too', async () => {
    const file = { format: 'NVD_CVE', version: '2.0', vulnerabilities: [entry('CVE-2024-3094', {}), {}] };
    expect(await read(nvdFiles, gzipSync(JSON.stringify(file)))).toEqual([
      { scores: { id: 'CVE-2024-3094', cvss: [] } },
      { rejected: { entry: 'record 2', reason: expect.any(String) } },
    ]);
    await expect(read(nvdFiles, '{"CVE_Items":[]}')).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it.skipIf(!real)('is read as it is published', async () => {
    await unpacked(join(DATA, 'vunnel-provider-fixtures.tar.gz'), async (root) => {
      const samples = join(root, 'vunnel-provider-fixtures/tests/unit/providers/nvd/test-fixtures');
      for (const name of ['single-entry.json', 'full-page.json']) {
        const records = await readFile(nvdFiles, join(samples, name));
        expect(records.length).toBeGreaterThan(0);
        expect(records.filter((record) => !('scores' in record))).toEqual([]);
        expect(records.some((record) => 'scores' in record && record.scores.cvss?.length)).toBe(true);
      }
    });
  });
});
