import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { npmAdvisory, writeOsvMirror } from '../support/advisories.js';
import { type Answer, FeedServer } from '../support/feed-server.js';
import { zip, zipOf } from '../support/zip.js';
import { startTestApp, type TestApp } from './app.js';

const RECORDS = Array.from({ length: 20 }, (_, i) =>
  npmAdvisory(`GHSA-${i}`, [`CVE-2024-1${i}00`], `lib${i}`, '1.0.1'),
);
const texts = (records: readonly { id: string; [field: string]: unknown }[]) =>
  Object.fromEntries(records.map((record) => [`${record.id}.json`, JSON.stringify(record)]));
const ARCHIVE = '/npm/all.zip';

describe('a server of advisories that misbehaves', () => {
  let server: FeedServer;
  let service: TestApp;
  beforeAll(async () => {
    server = await FeedServer.start();
    service = await startTestApp({ osvSource: server.url });
  });
  afterAll(async () => {
    await service.close();
    await server.close();
  });

  const give =
    (body: Buffer | string): Answer =>
    (_, response) =>
      response.end(body);
  const redirect =
    (location: string): Answer =>
    (_, response) =>
      response.writeHead(302, { location }).end();
  const count = async () => (await service.request('GET', '/v1/feeds/osv')).body.records;

  beforeEach(async () => {
    await service.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    server.files.clear();
    server.files.set('/ecosystems.txt', 'npm\n');
    server.files.set(ARCHIVE, zip(texts(RECORDS)));
    expect(await service.sync()).toMatchObject({ status: 'idle', records: 20 });
  });

  const noRecord = texts(RECORDS);
  for (const id of RECORDS.slice(0, 11)) noRecord[`${id.id}.json`] = '{"id": 5}';
  it.each<[string, Buffer | string | Answer, string, RegExp]>([
    [
      'answers a page of HTML',
      '<!DOCTYPE html>\n<html><body>Sign in</body></html>',
      'feed_source_invalid',
      /page of HTML/,
    ],
    ['answers something else', 'nothing of the kind', 'feed_source_invalid', /not a zip archive/],
    [
      'answers an archive that is cut',
      zip(texts(RECORDS)).subarray(0, -30),
      'feed_source_invalid',
      /not a zip archive/,
    ],
    ['answers half of the records', zip(texts(RECORDS.slice(10))), 'feed_shrank', /10 records now and had 20/],
    ['answers no record', zip({}), 'feed_shrank', /0 records now/],
    ['answers records of another form', zip(noRecord), 'feed_source_invalid', /11 of 20 records/],
    [
      'leads to the cloud’s metadata',
      redirect('http://169.254.169.254/latest/'),
      'feed_source_invalid',
      /metadata address/,
    ],
    [
      'leads to another port of this machine',
      redirect('http://127.0.0.1:9/x'),
      'feed_source_invalid',
      /loopback address/,
    ],
    [
      'leads to a name of this machine',
      redirect('http://localhost:18181/x'),
      'feed_source_invalid',
      /loopback address/,
    ],
    [
      'leads to IPv6 of this machine',
      redirect('http://[::ffff:127.0.0.1]:1/x'),
      'feed_source_invalid',
      /loopback address/,
    ],
    ['leads to a file', redirect('file:///etc/passwd'), 'feed_source_invalid', /redirects to/],
    ['leads round and round', redirect(ARCHIVE), 'feed_source_invalid', /more than 10 times/],
    ['knows no such file', (_, response) => response.writeHead(404).end(), 'feed_source_invalid', /404/],
  ])('and %s changes nothing, and says why', async (_, answer, code, message) => {
    server.files.set(ARCHIVE, answer);
    const feed = await service.sync();
    expect(feed).toMatchObject({ status: 'failed', lastError: { code, message: expect.stringMatching(message) } });
    expect(feed).toMatchObject({ records: 20, parts: [{ part: 'npm', lastError: { code } }] });
  });

  it('and cuts every answer, or hangs up, changes nothing, and says that it is not reached', async () => {
    server.files.set(ARCHIVE, (_, response) => {
      response.writeHead(200, { 'content-length': '100000' });
      response.write('PK', () => response.destroy());
    });
    const feed = await service.sync();
    expect(feed).toMatchObject({ status: 'failed', records: 20, lastError: { code: 'feed_source_unreachable' } });
  }, 30_000);

  it('follows a redirect on the same server', async () => {
    server.files.set('/elsewhere.zip', give(zip(texts([...RECORDS, npmAdvisory('GHSA-x', [], 'x', '1.0.0')]))));
    server.files.set(ARCHIVE, redirect('/elsewhere.zip'));
    expect(await service.sync()).toMatchObject({ status: 'idle', records: 21 });
  });

  it('and mixes broken records into the others loses those alone, and keeps what was known of them', async () => {
    const entries = [
      ...Object.entries(texts(RECORDS.slice(1))).map(([name, content]) => ({ name, content })),
      { name: 'GHSA-0.json', content: '{"id": "GHSA-0", "modi' },
      { name: '../../../etc/cron.d/x.json', content: '{}' },
      { name: '/etc/passwd.json', content: '{}' },
      { name: 'bomb.json', content: Buffer.alloc(30_000_000, ' ') },
      { name: 'lies.json', content: Buffer.alloc(3_000_000, ' '), claims: { size: 10 } },
      { name: 'latin1.json', content: Buffer.from(JSON.stringify(npmAdvisory('GHSA-ü', [], 'ü', '1.0.0')), 'latin1') },
      { name: 'utf16.json', content: Buffer.from(JSON.stringify(npmAdvisory('GHSA-u', [], 'u', '1.0.0')), 'utf16le') },
    ];
    server.files.set(ARCHIVE, zipOf(entries));
    expect(await service.sync()).toMatchObject({ status: 'idle', lastError: null, records: 21, rejected: 6 });
    const known = "SELECT count(*)::int AS n FROM advisory WHERE id = 'GHSA-0'";
    expect(await service.database.query(known)).toEqual([{ n: 1 }]);
  });

  it('and lists half of the feed no longer keeps it; what little it lists no longer is removed', async () => {
    server.files.set(
      '/Go/all.zip',
      zip(
        texts([{ ...npmAdvisory('GO-1', [], 'x', '1.0.0'), affected: [{ package: { ecosystem: 'Go', name: 'x' } }] }]),
      ),
    );
    server.files.set('/ecosystems.txt', 'npm\nGo\n');
    expect(await service.sync()).toMatchObject({ status: 'idle', records: 21 });
    server.files.set('/ecosystems.txt', 'Go\n');
    expect(await service.sync()).toMatchObject({ status: 'failed', records: 21, lastError: { code: 'feed_shrank' } });
    server.files.set('/ecosystems.txt', 'npm\n');
    expect(await service.sync()).toMatchObject({ status: 'idle', records: 20, parts: [{ part: 'npm' }] });
  });

  it('asks by date where a server has no ETags', async () => {
    const lastModified = 'Tue, 24 Nov 2026 00:00:00 GMT';
    const asked: unknown[] = [];
    server.files.set(ARCHIVE, (request, response) => {
      asked.push(request.headers['if-modified-since']);
      if (request.headers['if-modified-since'] === lastModified) response.writeHead(304).end();
      else response.writeHead(200, { 'last-modified': lastModified }).end(zip(texts(RECORDS)));
    });
    await service.sync();
    expect(await service.sync()).toMatchObject({ progress: { skipped: 1 } });
    expect(asked).toEqual([undefined, lastModified]);
    expect(await count()).toBe(20);
  });
});

describe('a feed that fails', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service.close());

  const events = async () => {
    const { body } = await service.request('GET', '/v1/events?limit=500');
    return body.items.filter(({ subject }: { subject: string }) => subject === 'feed/osv');
  };

  it('tells it in an event, and tells when it is over', async () => {
    await writeOsvMirror(service.mirror, { npm: RECORDS });
    await service.sync();
    await writeFile(join(service.mirror, 'npm/all.zip'), '<html></html>');
    await service.sync();
    await writeOsvMirror(service.mirror, { npm: RECORDS });
    await service.sync();
    await expect.poll(events).toMatchObject([
      { type: 'feed.synced' },
      {
        type: 'feed.failed',
        data: { code: 'feed_source_invalid', message: expect.stringContaining('page of HTML') },
      },
      { type: 'feed.synced' },
    ]);
  });
});

describe('feeds of scores', () => {
  let server: FeedServer;
  let service: TestApp;
  beforeAll(async () => {
    server = await FeedServer.start();
    const folder = `${server.url}/kev`;
    service = await startTestApp({ kevSource: folder, epssSource: `${server.url}/epss` });
  });
  afterAll(async () => {
    await service.close();
    await server.close();
  });

  it('come in from a web server and from a folder, and one that is not enabled when it is asked for', async () => {
    const vulnerabilities = [
      { cveID: 'CVE-2024-1', dateAdded: '2024-01-01' },
      { cveID: 'CVE-2024-1000', dateAdded: '2024-01-01', dueDate: '2024-02-01' },
    ];
    server.files.set('/kev/known_exploited_vulnerabilities.json', JSON.stringify({ vulnerabilities }));
    const csv = '#model_version:v1,score_date:2026-11-23T00:00:00+0000\ncve,epss,percentile\nCVE-2024-1000,0.5,0.9\n';
    server.files.set('/epss/epss_scores-current.csv.gz', gzipSync(csv));
    expect(await service.sync('kev')).toMatchObject({ status: 'idle', records: 1, rejected: 1, enabled: true });
    expect(await service.sync('epss')).toMatchObject({ status: 'idle', records: 1 });
    expect(await service.sync('epss')).toMatchObject({ status: 'idle', progress: { skipped: 1 } });
    server.files.set('/epss/epss_scores-current.csv.gz', '<html><title>Portal</title></html>');
    expect(await service.sync('epss')).toMatchObject({
      status: 'failed',
      records: 1,
      lastError: { code: 'feed_source_invalid' },
    });
    expect((await service.request('GET', '/v1/feeds/nvd')).body).toMatchObject({ enabled: false, status: 'idle' });
  });
});
