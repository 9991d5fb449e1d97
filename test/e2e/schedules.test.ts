import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceProcess } from '../support/service-process.js';
import { startTestApp, type TestApp } from './app.js';

describe('schedules over HTTP', () => {
  let app: TestApp;
  let targetId: string;

  beforeAll(async () => {
    app = await startTestApp();
    await mkdir(join(app.importDir, 'root'));
    const scan = await app.scan(`rootfs:${join(app.importDir, 'root')}`);
    targetId = scan.target.id;
  });
  afterAll(() => app.close());

  it('are made, listed, changed, run and deleted', async () => {
    const made = await app.request('POST', '/v1/schedules', {
      name: 'nightly',
      cron: '30 2 * * *',
      timeZone: 'Europe/Berlin',
      jitterSeconds: 600,
      targetId,
    });
    expect(made.status).toBe(201);
    const path = `/v1/schedules/${made.body.id}`;
    expect(made.headers.get('location')).toBe(path);
    expect((await app.request('GET', '/v1/schedules')).body.items).toEqual([made.body]);

    const { body: planned } = await app.request('GET', `${path}/next?count=3`);
    expect(planned.items).toHaveLength(3);
    expect(planned.items[0].runAt).toBe(made.body.nextRunAt);

    const paused = await app.request('PATCH', path, { paused: true, intervalSeconds: 3_600 });
    expect(paused.body).toMatchObject({ paused: true, nextRunAt: null, cron: null, intervalSeconds: 3_600 });

    const run = await app.request('POST', `${path}/run`);
    expect(run).toMatchObject({ status: 202, body: { reason: 'request', scans: [{ targetId }], skipped: [] } });
    for (;;) {
      const { body: scan } = await app.request('GET', `/v1/scans/${run.body.scans[0].scanId}`);
      expect(scan.trigger).toBe('schedule');
      if (scan.finishedAt !== null) break;
      await sleep(50);
    }
    expect((await app.request('GET', `${path}/runs`)).body.items).toEqual([run.body]);
    expect((await app.request('DELETE', path)).status).toBe(204);
    expect((await app.request('GET', path)).status).toBe(404);
  });

  it.each([
    [{}, 'cron'],
    [{ cron: '* * * *' }, 'cron'],
    [{ cron: '* * * * *', intervalSeconds: 60 }, 'cron'],
    [{ intervalSeconds: 59 }, 'intervalSeconds'],
    [{ cron: '@daily', timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ cron: '@daily', labels: { a: 'b' } }, 'targetId'],
    [{ cron: '@daily', targetId: null, labels: {} }, 'labels'],
    [{ cron: '@daily', jitterSeconds: -1 }, 'jitterSeconds'],
  ])('%j is refused by its field', async (settings, field) => {
    const { status, body } = await app.request('POST', '/v1/schedules', { name: 'bad', targetId, ...settings });
    expect(status).toBe(400);
    expect(body.errors.map(({ path }: { path: string }) => path)).toContain(field);
  });
});

it('a service that is killed between runs has lost none and doubled none', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-schedules-'));
  const root = join(dataDir, 'import');
  await mkdir(root);
  const env = { PLIMSOLL_IMPORT_DIRS: root };
  let service = await ServiceProcess.start(dataDir, env);
  try {
    const scan = await service.request('POST', '/v1/scans', { target: { kind: 'image', reference: `rootfs:${root}` } });
    const { id } = await service.request('POST', '/v1/schedules', {
      name: 'minutely',
      intervalSeconds: 60,
      targetId: scan.target.id,
    });
    const asked = await service.request('POST', `/v1/schedules/${id}/run`);
    await service.end('SIGKILL');
    service = await ServiceProcess.start(dataDir, env);
    let runs: { id: string; nominalAt: string | null; scans: { scanId: string }[] }[] = [];
    while (runs.length < 2) {
      runs = (await service.request('GET', `/v1/schedules/${id}/runs`)).items;
      await sleep(100);
    }
    await service.end('SIGKILL');
    service = await ServiceProcess.start(dataDir, env);
    const after = (await service.request('GET', `/v1/schedules/${id}/runs`)).items;
    expect(after.slice(-2)).toEqual(runs.slice(-2));
    expect(after.at(-1)).toEqual(asked);
    const nominal = after.flatMap(({ nominalAt }: { nominalAt: string | null }) => nominalAt ?? []);
    expect(new Set(nominal).size).toBe(nominal.length);
    const scans = await service.request('GET', '/v1/scans?limit=500');
    const scheduled = scans.items.filter(({ trigger }: { trigger: string }) => trigger === 'schedule');
    const told = after.flatMap((run: (typeof runs)[0]) => run.scans.map(({ scanId }) => scanId));
    expect(scheduled.map((one: { id: string }) => one.id).sort()).toEqual(told.sort());
  } finally {
    await service.end('SIGKILL');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
  }
}, 240_000);
