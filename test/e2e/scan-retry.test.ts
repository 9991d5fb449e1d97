import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllowedAddress } from '../../src/model/registry-allow.js';
import { freePort } from '../support/service-process.js';
import { startTestApp, type TestApp } from './app.js';

let service: TestApp;

beforeAll(async () => {
  const loopback = parseAllowedAddress('127.0.0.1');
  service = await startTestApp({ registryAllow: loopback === null ? [] : [loopback] });
});
afterAll(() => service.close());

const scheduled = async (reference: string): Promise<string> => {
  // Whoever asks for a scan hears at once that it failed.
  const { target, status } = await service.scan(reference);
  expect(status).toBe('failed');
  const settings = { name: reference, cron: '@yearly', targetId: target.id };
  const { body: schedule } = await service.request('POST', '/v1/schedules', settings);
  const { body: run } = await service.request('POST', `/v1/schedules/${schedule.id}/run`);
  return run.scans[0].scanId;
};
// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
const until = async (id: string, done: (scan: any) => boolean): Promise<any> => {
  for (;;) {
    const { body } = await service.request('GET', `/v1/scans/${id}`);
    if (done(body)) return body;
    await sleep(50);
  }
};
const retriesOf = async (id: string): Promise<number> =>
  (await service.database.query('SELECT retries FROM scan WHERE id = $1', [id]))[0].retries;

it('a scheduled scan that fails for what may pass is tried again three times, later each time, and says why', async () => {
  const id = await scheduled(`docker://127.0.0.1:${await freePort()}/app`);
  const waits: number[] = [];
  for (let retries = 1; retries <= 3; retries += 1) {
    while ((await retriesOf(id)) < retries) await sleep(50);
    const waiting = await until(id, ({ error }) => error !== null);
    expect(waiting).toMatchObject({ status: 'queued', error: { code: 'registry_unreachable' }, finishedAt: null });
    const [{ wait }] = await service.database
      .query(
        `UPDATE scan SET retry_at = now() WHERE id = $1
       RETURNING (SELECT extract(epoch FROM s.retry_at - now())::float FROM scan s WHERE s.id = $1) AS wait`,
        [id],
      )
      .then(([rows]) => rows);
    waits.push(wait);
  }
  expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
  const ended = await until(id, ({ status }) => status === 'failed');
  expect(ended.error.code).toBe('registry_unreachable');
  let events: { type: string; data: object }[] = [];
  while (!events.some(({ type }) => type === 'scan.failed')) {
    events = await service.database.query(`SELECT type, data FROM event WHERE scan_id = $1 ORDER BY position`, [id]);
    await sleep(50);
  }
  expect(events.map(({ type }) => type)).toEqual([
    ...['scan.created', 'scan.started', 'scan.retried', 'scan.retried', 'scan.retried', 'scan.failed'],
  ]);
  expect(events[2]).toMatchObject({ data: { code: 'registry_unreachable', retry: 1, retryAt: expect.any(String) } });
}, 180_000);

it('one that fails for what will not pass is not', async () => {
  const id = await scheduled('docker://127.0.0.2:1/app');
  expect((await until(id, ({ status }) => status === 'failed')).error.code).toBe('address_not_allowed');
  expect(await retriesOf(id)).toBe(0);
}, 60_000);

it('one that is put off can be cancelled', async () => {
  const id = await scheduled(`docker://127.0.0.1:${await freePort()}/other`);
  while ((await retriesOf(id)) === 0) await sleep(50);
  const cancelled = await service.request('POST', `/v1/scans/${id}/cancel`);
  expect(cancelled.body).toMatchObject({ status: 'cancelled', error: null });
}, 60_000);
