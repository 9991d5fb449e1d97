import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { queueBackend } from '../../src/queue/backend.js';
import { JobQueue } from '../../src/queue/job-queue.js';
import { scanJobId, scanJobPriority } from '../../src/queue/jobs.js';
import { type TestDatabase, testDatabase } from './database.js';
import { newScan, openStores, PRINCIPAL, type Stores } from './stores.js';

let stores: Stores;
let database: TestDatabase;

beforeAll(async () => {
  stores = await openStores();
  database = await testDatabase();
});

afterAll(async () => {
  await stores.close();
  await database.close();
});

it('a scan that somebody asked for goes before a thousand of schedules, whatever their priorities', async () => {
  const config = { ...loadConfig({}), databaseUrl: database.url };
  const queue = new JobQueue(config);
  for (let i = 0; i < 1_000; i += 1) {
    await queue.add(
      'scan',
      scanJobId(`s${i}`, 0),
      { scanId: `s${i}` },
      scanJobPriority({ trigger: 'schedule', priority: 0 }),
    );
  }
  await queue.add(
    'scan',
    scanJobId('wanted', 0),
    { scanId: 'wanted' },
    scanJobPriority({ trigger: 'api', priority: 9 }),
  );
  const first = await new Promise<string>((resolve) => {
    const worker = queueBackend(config).worker(
      'scan',
      async ({ data }) => {
        resolve(data.scanId);
        await worker.close(true);
      },
      1,
    );
    worker.on('error', () => undefined);
  });
  expect(first).toBe('wanted');
  await queue.onApplicationShutdown();
}, 60_000);

it('is delivered first by the sweeper too', async () => {
  for (let i = 0; i < 5; i += 1) {
    await stores.scans.create(PRINCIPAL, { ...newScan(`rootfs:/srv/${i}`), trigger: 'schedule', priority: 0 }, null);
  }
  const { scan } = await stores.scans.create(PRINCIPAL, { ...newScan('rootfs:/srv/x'), priority: 9 }, null);
  await stores.database.query(`UPDATE scan SET created_at = now() - interval '1 minute'`);
  expect((await stores.claims.stranded(60, 1)).map(({ id }) => id)).toEqual([scan.id]);
});

it('a second scan of a target waits until the first has ended, and is then delivered again', async () => {
  const [a, b] = [
    await stores.scans.create(PRINCIPAL, newScan('rootfs:/srv/one'), null),
    await stores.scans.create(PRINCIPAL, newScan('rootfs:/srv/one'), null),
  ];
  await stores.database.query(`UPDATE scan SET created_at = now() - interval '1 minute', enqueued_at = now()`);
  const claims = await Promise.all([a, b].map(({ scan }) => stores.claims.claim(scan.id, 'worker', 60)));
  const held = claims.filter((claim) => claim !== null);
  expect(held).toHaveLength(1);
  const [claim] = held;
  if (!claim) throw new Error('one is held');
  expect(await stores.claims.stranded(60, 100)).toEqual([]);
  await stores.claims.fail(claim, { code: 'internal_error', message: 'ended' });
  const waiting = claim.scan.id === a.scan.id ? b.scan.id : a.scan.id;
  expect((await stores.claims.stranded(60, 100)).map(({ id }) => id)).toEqual([waiting]);
  expect((await stores.claims.claim(waiting, 'worker', 60))?.attempt).toBe(1);
});

it('a silent worker does not keep the target from another scan', async () => {
  const a = await stores.scans.create(PRINCIPAL, newScan('rootfs:/srv/two'), null);
  const b = await stores.scans.create(PRINCIPAL, newScan('rootfs:/srv/two'), null);
  await stores.claims.claim(a.scan.id, 'worker', -1);
  expect(await stores.claims.claim(b.scan.id, 'worker', 60)).not.toBeNull();
});

it('a scan that is put off is neither delivered nor begun before its time, and keeps its reason until then', async () => {
  const { scan } = await stores.scans.create(PRINCIPAL, newScan('rootfs:/srv/three'), null);
  const first = await stores.claims.claim(scan.id, 'worker', 60);
  if (!first) throw new Error('it is there to be claimed');
  const error = { code: 'registry_unreachable', message: 'away' };
  expect(await stores.claims.retry(first, error, 1)).toBe(true);
  expect(await stores.claims.retry(first, error, 9)).toBe(false);
  await stores.database.query(`UPDATE scan SET created_at = now() - interval '1 hour' WHERE id = $1`, [scan.id]);
  const isStranded = async () => (await stores.claims.stranded(60, 500)).some(({ id }) => id === scan.id);
  expect(await isStranded()).toBe(false);
  expect(await stores.claims.claim(scan.id, 'worker', 60)).toBeNull();
  expect(await stores.scans.get(PRINCIPAL.projectId, scan.id)).toMatchObject({ status: 'queued', error });
  await stores.database.query('UPDATE scan SET retry_at = now() WHERE id = $1', [scan.id]);
  expect(await isStranded()).toBe(true);
  const second = await stores.claims.claim(scan.id, 'worker', 60);
  expect(second).toMatchObject({ attempt: 1, scan: { error: null } });
  expect(second && (await stores.claims.retry(second, error, 1))).toBe(false);
});
