import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../e2e/app.js';
import { rootfsOf } from '../support/bootstrap.js';
import { unpack } from '../support/feed-records.js';
import { osRelease } from '../support/vendor.js';

const DATA = resolve('..', 'shared', 'data');
const IMAGES = join(DATA, 'images');
const isThere = existsSync(IMAGES);
if (!isThere) console.info(`skipped: there is no ${IMAGES}`);

const read = (name: string) => readFileSync(join(IMAGES, name), 'utf8');
const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});
function unpacked(name: string): string {
  const folder = unpack(join(DATA, 'advisories', `${name}.tar.gz`));
  folders.push(folder);
  return join(folder, name);
}

interface Found {
  package: { name: string };
  ruleId: string;
  status: string;
  fixState: string;
  fixedVersion: string | null;
}

/** What is vulnerable, a line for each. */
async function found(service: TestApp, reference: string): Promise<string[]> {
  const scan = await service.scan(reference);
  expect(scan).toMatchObject({ error: null, coverage: { items: [] } });
  const lines: string[] = [];
  for (let cursor = ''; ; ) {
    const path = `/v1/scans/${scan.id}/findings?kind=vulnerability&limit=500${cursor}`;
    const { body } = await service.request('GET', path);
    for (const {
      package: { name },
      ruleId,
      status,
      fixState,
      fixedVersion,
    } of body.items as Found[]) {
      lines.push(`${name} ${ruleId} ${status} ${fixState} ${fixedVersion}`);
    }
    if (body.nextCursor === null) return lines.sort();
    cursor = `&cursor=${body.nextCursor}`;
  }
}

describe.skipIf(!isThere)('real images of Alpine by its own database', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ importDirs: [IMAGES], alpineSource: unpacked('alpine-secdb-2020') });
    expect(await service.sync('alpine')).toMatchObject({ status: 'idle', lastError: null, rejected: 0 });
  });
  afterAll(() => service.close());

  it.each(['3.6.5', '3.7.3', '3.9.6'])('have in %s what apk says, none missing and none extra', async (release) => {
    const image = `alpine-minirootfs-${release}-x86_64`;
    const { vulnerable } = JSON.parse(read(`${image}.expected-secdb2020.json`));
    expect(await found(service, `rootfs:${join(IMAGES, `${image}.tar.gz`)}`)).toEqual(
      vulnerable
        .map((v: { package: string; id: string; fixed: string }) => `${v.package} ${v.id} open fixed ${v.fixed}`)
        .sort(),
    );
  });
});

describe.skipIf(!isThere)('packages of Debian by its bulletins of 2023', () => {
  let own: TestApp;
  /** Has the records that OSV made of the same bulletins. */
  let osv: TestApp;
  beforeAll(async () => {
    own = await startTestApp({ importDirs: [tmpdir()], debianSource: unpacked('debian-security-tracker-2023-04') });
    // The tracker's JSON is not there: what is there came in all the same.
    expect(await own.sync('debian')).toMatchObject({ status: 'failed', records: 5383 + 3530 });
    osv = await startTestApp({
      importDirs: [tmpdir()],
      osvSource: join(DATA, 'osv-mirror'),
      osvEcosystems: ['Debian'],
    });
    expect(await osv.sync()).toMatchObject({ status: 'idle' });
    await osv.database.query(`DELETE FROM advisory WHERE id !~ '^D[LS]A-'`);
    // Bulletins that OSV has no record of.
    await own.database.query('DELETE FROM advisory WHERE NOT (id = ANY($1::text[]))', [
      (await osv.database.query('SELECT id FROM advisory')).map(({ id }: { id: string }) => id),
    ]);
  });
  afterAll(() => Promise.all([own.close(), osv.close()]));

  async function bothFind(release: string, packages: readonly string[]): Promise<string[]> {
    const folder = await rootfsOf(osRelease('debian', release, `Debian GNU/Linux ${release}`), packages);
    folders.push(folder);
    const [lines, theirs] = await Promise.all([own, osv].map((service) => found(service, `rootfs:${folder}`)));
    expect(lines).toEqual(theirs);
    return lines ?? [];
  }

  it('are judged in a real bullseye as by the records of OSV', async () => {
    const [, ...packages] = read('debian-bullseye-main.expected-packages.tsv').trim().split('\n');
    expect(packages.length).toBeGreaterThan(90);
    // Of 2021, before any bulletin; the real ones are newer than all of them.
    expect(await bothFind('11', packages)).toEqual([]);
    const first = packages.map((line) => {
      const [name, , architecture, source] = line.split('\t');
      return [name, '0.1', architecture, source, '0.1'].join('\t');
    });
    expect((await bothFind('11', first)).length).toBeGreaterThan(30);
  });

  it.each(['9', '10', '11'])('are judged in all packages of Debian %s that a bulletin names', async (release) => {
    const rows: { name: string; fixed: string | null }[] = await osv.database.query(
      `SELECT DISTINCT p ->> 'name' AS name, e ->> 'fixed' AS fixed FROM advisory a,
         jsonb_array_elements(a.record -> 'affected') p, jsonb_array_elements(p -> 'ranges' -> 0 -> 'events') e
       WHERE p ->> 'ecosystem' = $1 AND e ? 'fixed'`,
      [`Debian:${release}`],
    );
    const before = new Map(rows.map(({ name }) => [name, [name, '0~1', 'amd64', name, '0~1'].join('\t')]));
    // At one of its fixes: below it nothing is open, above it the rest.
    const at = new Map(rows.map(({ name, fixed }) => [name, [name, fixed, 'amd64', name, fixed].join('\t')]));
    const all = await bothFind(release, [...before.values()]);
    const some = await bothFind(release, [...at.values()]);
    expect(all.length).toBeGreaterThan(some.length);
    expect(some.length).toBeGreaterThan(50);
  });
});
