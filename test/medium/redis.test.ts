import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/store/database.js';
import { startTestApp, type TestApp } from '../e2e/app.js';
import { alpine, tar } from '../support/image.js';
import { freePort } from '../support/service-process.js';
import { slowTarball } from '../support/slow-tarball.js';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;
if (!isInstalled) console.info('skipped: redis-server is not installed');

describe.skipIf(!isInstalled)('with the queue on Redis', () => {
  let port: number;
  let redis: ChildProcess;
  let service: TestApp;

  async function startRedis(): Promise<void> {
    const settings = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--maxmemory-policy', 'noeviction'];
    redis = spawn('redis-server', ['--port', String(port), ...settings], { stdio: 'ignore' });
    for (;;) {
      const socket = createConnection(port, '127.0.0.1');
      const connected = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (connected) return;
      await sleep(20);
    }
  }

  /** With all that it held: nothing is kept on disk. */
  async function stopRedis(): Promise<void> {
    const ended = once(redis, 'exit');
    redis.kill('SIGKILL');
    await ended;
  }

  beforeAll(async () => {
    port = await freePort();
    await startRedis();
    service = await startTestApp({ redisUrl: `redis://127.0.0.1:${port}`, scanConcurrency: 1 });
    await writeFile(join(service.importDir, 'small.tar'), await tar(alpine([{ name: 'musl', version: '1.2.5-r0' }])));
    await writeFile(join(service.importDir, 'slow.tar.gz'), await slowTarball(1_000));
  });
  afterAll(async () => {
    await service.close();
    await stopRedis();
  });

  const request = (name: string) =>
    service.request('POST', '/v1/scans', {
      target: { kind: 'image', reference: `rootfs:${service.importDir}/${name}` },
    });
  async function ended(id: string) {
    for (;;) {
      const { body } = await service.request('GET', `/v1/scans/${id}`);
      if (body.finishedAt) return body;
      await sleep(50);
    }
  }

  it('runs a scan', async () => {
    expect(await service.scan(`rootfs:${service.importDir}/small.tar`)).toMatchObject({
      status: 'partial',
      error: null,
    });
  });

  it('takes scans while it is away, says that it is, and runs them when it is back', async () => {
    await stopRedis();
    const { status, body } = await request('small.tar');
    expect(status).toBe(202);
    const ready = await service.request('GET', '/readyz');
    expect(ready).toMatchObject({ status: 503, body: { checks: { database: 'ok', queue: 'unreachable' } } });
    expect((await service.request('GET', '/metrics')).status).toBe(200);
    expect(await service.request('POST', '/v1/feeds/osv/sync')).toMatchObject({
      status: 503,
      body: { code: 'unavailable' },
    });
    await startRedis();
    expect(await ended(body.id)).toMatchObject({ status: 'partial', error: null });
  });

  it('loses no scan with what it held, and runs none twice', async () => {
    const scans = [await request('slow.tar.gz'), await request('small.tar')].map(({ body }) => body.id);
    await stopRedis();
    await startRedis();
    // What the sweeper waits for is a minute in the queue.
    await service.app
      .get(Database, { strict: false })
      .query(`UPDATE scan SET enqueued_at = now() - interval '2 minutes' WHERE status = 'queued'`);
    for (const id of scans) expect(await ended(id)).toMatchObject({ status: 'partial', error: null });
    await sleep(1_000); // the sequencer runs every fifth of a second
    const { items } = (await service.request('GET', '/v1/events?limit=500')).body;
    for (const id of scans) {
      const types = items.filter((e: { scanId: string }) => e.scanId === id).map((e: { type: string }) => e.type);
      expect(types).toEqual(['scan.created', 'scan.started', 'scan.finished']);
    }
  });
});
