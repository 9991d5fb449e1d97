import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FeedServer } from '../support/feed-server.js';
import { tar } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const HOUR_MS = 3_600_000;
/** The archive is of yesterday's midnight. */
const DAY = new Date(Date.now() - 24 * HOUR_MS).toISOString().slice(0, 10);
const at = (hours: number) => new Date(Date.parse(DAY) + hours * HOUR_MS).toISOString().replace(/\.\d+Z$/, '+00:00');
const OLD = '2024-02-03T04:05:06+00:00';

/** What a document says: `curl` is fixed in that version. */
interface Doc {
  cve: string;
  time: string;
  fixed: string;
}

const doc = (number: number, time = OLD, fixed = '1-1.el9'): Doc => ({ cve: `CVE-2024-${1000 + number}`, time, fixed });
const pathOf = ({ cve }: Doc) => `${cve.slice(4, 8)}/${cve.toLowerCase()}.json`;

function vex({ cve, time, fixed }: Doc): string {
  return JSON.stringify({
    document: { title: `curl ${fixed}`, tracking: { id: cve, status: 'final', current_release_date: time } },
    product_tree: {
      branches: [
        {
          product: {
            product_id: 'BaseOS',
            product_identification_helper: { cpe: 'cpe:/o:redhat:enterprise_linux:9::baseos' },
          },
        },
        {
          product: {
            product_id: 'curl.src',
            product_identification_helper: { purl: `pkg:rpm/redhat/curl@${fixed}?arch=src` },
          },
        },
      ],
      relationships: [
        {
          full_product_name: { product_id: 'BaseOS:curl.src' },
          product_reference: 'curl.src',
          relates_to_product_reference: 'BaseOS',
        },
      ],
    },
    vulnerabilities: [{ cve, product_status: { fixed: ['BaseOS:curl.src'] } }],
  });
}

const many = Array.from({ length: 30 }, (_, i) => doc(i));

describe('changes of Red Hat’s VEX documents', () => {
  let server: FeedServer;
  let service: TestApp;
  /** Has an archive made of what the documents say now: what the other has to agree with. */
  let whole: TestApp;
  let wholeServer: FeedServer;
  beforeAll(async () => {
    server = await FeedServer.start();
    wholeServer = await FeedServer.start();
    service = await startTestApp({ redhatSource: server.url });
    whole = await startTestApp({ redhatSource: wholeServer.url });
  });
  afterAll(async () => {
    await Promise.all([service.close(), whole.close()]);
    await Promise.all([server.close(), wholeServer.close()]);
  });

  async function archive(to: FeedServer, documents: Doc[], day = DAY): Promise<void> {
    const name = `csaf_vex_${day}.tar.zst`;
    const entries = Object.fromEntries(documents.map((document) => [pathOf(document), vex(document)]));
    to.files.set('/archive_latest.txt', `${name}\n`);
    to.files.set(`/${name}`, zstdCompressSync(await tar(entries)));
  }

  /** Writes the documents and the lists of what there is now. */
  function publish(documents: Doc[], deleted: [Doc, string][] = []): void {
    const line = (document: Doc, time: string) => `"${pathOf(document)}","${time}"\n`;
    server.files.set('/changes.csv', documents.map((document) => line(document, document.time)).join(''));
    server.files.set('/deletions.csv', deleted.map(([document, time]) => line(document, time)).join(''));
    for (const [document] of deleted) server.files.delete(`/${pathOf(document)}`);
    for (const document of documents) server.files.set(`/${pathOf(document)}`, vex(document));
  }

  const stored = async ({ database }: TestApp) => ({
    advisories: await database.query('SELECT id, digest, names, withdrawn, modified, record FROM advisory ORDER BY id'),
    packages: await database.query('SELECT advisory_id, ecosystem, name FROM affected_package ORDER BY advisory_id'),
    parts: await database.query('SELECT part, records, rejected FROM feed_part'),
  });

  /** Syncs both, one of them from a new archive alone. @returns what the other asked the server for */
  async function sync(documents: Doc[]): Promise<string[]> {
    wholeServer.files.clear();
    await archive(wholeServer, documents);
    await whole.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    expect(await whole.sync('redhat')).toMatchObject({ status: 'idle', records: documents.length });
    server.asked.length = 0;
    expect(await service.sync('redhat')).toMatchObject({ status: 'idle', lastError: null });
    expect(await stored(service)).toEqual(await stored(whole));
    return server.asked.splice(0).filter((request) => /GET .*(tar\.zst|json)$/.test(request));
  }

  const fixedIn = async (number: number) => {
    const [row] = await service.database.query('SELECT record FROM advisory WHERE id = $1', [
      `REDHAT-CVE-2024-${1000 + number}`,
    ]);
    return row?.record.summary;
  };

  beforeEach(async () => {
    await service.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    server.files.clear();
    await archive(server, many);
    publish(many);
    expect(await sync(many)).toEqual([`GET /csaf_vex_${DAY}.tar.zst`]);
  });

  it('are asked for by the lists, and not at all while those stay the same', async () => {
    expect(await service.sync('redhat')).toMatchObject({ status: 'idle', progress: { imported: 0, skipped: 1 } });
    expect(server.asked.splice(0)).toEqual(['GET /archive_latest.txt', 'HEAD /changes.csv', 'HEAD /deletions.csv']);
  });

  it('replace the archive’s records of the same id, add new ones, and take away what was deleted', async () => {
    const [first, second, ...rest] = many as [Doc, Doc, ...Doc[]];
    const now = [doc(0, at(30), '2-1.el9'), ...rest, doc(500, at(31))];
    publish(now, [[second, at(29)]]);
    expect(await sync(now)).toEqual([`GET /${pathOf(first)}`, `GET /${pathOf(doc(500))}`]);
    expect([await fixedIn(0), await fixedIn(1), await fixedIn(500)]).toEqual([
      'curl 2-1.el9',
      undefined,
      'curl 1-1.el9',
    ]);
  });

  it('follow one another; what was deleted and came back is there', async () => {
    const [, second, ...rest] = many as [Doc, Doc, ...Doc[]];
    publish([doc(0, at(30), '2-1.el9'), ...rest], [[second, at(29)]]);
    await sync([doc(0, at(30), '2-1.el9'), ...rest]);
    const back = [doc(0, at(32), '3-1.el9'), doc(1, at(33), '4-1.el9'), ...rest];
    publish(back, [[second, at(29)]]);
    expect(await sync(back)).not.toContain(`GET /csaf_vex_${DAY}.tar.zst`);
    expect(await fixedIn(0)).toBe('curl 3-1.el9');
  });

  it('are found though their time is before the newest that came in', async () => {
    const newest = [doc(0, at(30), '2-1.el9'), ...many.slice(1)];
    publish(newest);
    await sync(newest);
    const late = [newest[0] as Doc, doc(1, at(29), '2-1.el9'), ...many.slice(2)];
    publish(late);
    expect(await sync(late)).toEqual([`GET /${pathOf(doc(1))}`]);
  });

  it('since the archive was made come in with it at the first sync', async () => {
    await service.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    const [, second, ...rest] = many as [Doc, Doc, ...Doc[]];
    const now = [doc(0, at(2), '2-1.el9'), ...rest, doc(500, at(3))];
    publish(now, [[second, at(1)]]);
    expect(await sync(now)).toContain(`GET /csaf_vex_${DAY}.tar.zst`);
    expect(await fixedIn(0)).toBe('curl 2-1.el9');
  });

  it('stay over the archive that is read anew every week', async () => {
    const now = [doc(0, at(30), '2-1.el9'), ...many.slice(1)];
    publish(now);
    await sync(now);
    await service.database.query(`UPDATE feed_part SET whole_at = now() - interval '8 days'`);
    expect(await sync(now)).toEqual([`GET /csaf_vex_${DAY}.tar.zst`, `GET /${pathOf(doc(0))}`]);
    expect(await fixedIn(0)).toBe('curl 2-1.el9');
  });

  it('that are not there or broken are rejected, and what was known stays', async () => {
    publish([doc(0, at(30), '2-1.el9'), doc(1, at(30), '2-1.el9'), ...many.slice(2), doc(500, at(30))]);
    server.files.delete(`/${pathOf(doc(0))}`);
    server.files.set(`/${pathOf(doc(1))}`, '{"document": 5}');
    expect(await service.sync('redhat')).toMatchObject({ status: 'idle', records: 31, rejected: 2 });
    expect([await fixedIn(0), await fixedIn(1)]).toEqual(['curl 1-1.el9', 'curl 1-1.el9']);
    // They are asked for again with the next change, and in the first sync of another the archive stands for them.
    await service.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    expect(await service.sync('redhat')).toMatchObject({ status: 'idle', records: 31, rejected: 2 });
    expect(await fixedIn(0)).toBe('curl 1-1.el9');
  });

  it('keep the record whose document is broken in a new archive', async () => {
    server.files.delete('/changes.csv');
    await service.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    expect(await service.sync('redhat')).toMatchObject({ status: 'idle', records: 30 });
    const entries = Object.fromEntries(many.map((document) => [pathOf(document), vex(document)]));
    entries[pathOf(doc(3))] = '{';
    server.files.set(`/csaf_vex_${DAY}.tar.zst`, zstdCompressSync(await tar(entries)));
    expect(await service.sync('redhat')).toMatchObject({ status: 'idle', records: 30, rejected: 1 });
    expect(await fixedIn(3)).toBe('curl 1-1.el9');
  });

  it.each([
    ['gone', () => server.files.delete('/changes.csv')],
    ['a page', () => server.files.set('/changes.csv', '<!DOCTYPE html><html></html>')],
    ['empty', () => server.files.set('/changes.csv', '')],
  ])('are kept when their list is %s and the archive is older', async (_, breaking) => {
    const now = [doc(0, at(30), '2-1.el9'), ...many.slice(1)];
    publish(now);
    await sync(now);
    breaking();
    expect(await service.sync('redhat')).toMatchObject({
      status: 'failed',
      lastError: { code: 'feed_source_invalid' },
    });
    expect(await fixedIn(0)).toBe('curl 2-1.el9');
    const tomorrow = new Date(Date.parse(DAY) + 48 * HOUR_MS).toISOString().slice(0, 10);
    await archive(server, now, tomorrow);
    expect(await service.sync('redhat')).toMatchObject({ status: 'idle', lastError: null });
    expect(await fixedIn(0)).toBe('curl 2-1.el9');
  });

  it('cannot be half of all documents', async () => {
    publish(
      many.slice(15),
      many.slice(0, 15).map((document) => [document, at(30)]),
    );
    expect(await service.sync('redhat')).toMatchObject({ status: 'failed', lastError: { code: 'feed_shrank' } });
    expect(await fixedIn(0)).toBe('curl 1-1.el9');
  });
});
