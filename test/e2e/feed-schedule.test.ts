import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FeedScheduler } from '../../src/worker/feed-scheduler.js';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, writeFiles } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const ADVISORIES = [alpineAdvisory('CVE-2020-28928', 'musl', '1.1.22-r4')];

describe('feeds that are kept up to date', () => {
  let service: TestApp;
  afterEach(() => service.close());

  const feeds = async () => {
    const { body } = await service.request('GET', '/v1/feeds');
    return Object.fromEntries(body.items.map((feed: { name: string }) => [feed.name, feed]));
  };
  const settled = async (name: string) => {
    await expect.poll(async () => (await feeds())[name].status, { timeout: 20_000 }).not.toBe('running');
    return (await feeds())[name];
  };

  it('are not tried before somebody asked for a first sync, and then by themselves', async () => {
    service = await startTestApp();
    const scheduler = service.app.get(FeedScheduler);
    await scheduler.beginDue();
    expect(Object.values(await feeds()).filter((feed) => (feed as { lastAttemptAt: unknown }).lastAttemptAt)).toEqual(
      [],
    );
    await writeOsvMirror(service.mirror, { Alpine: ADVISORIES });
    await service.sync();
    await scheduler.beginDue();
    expect((await feeds()).osv.status).toBe('idle');
    await service.database.query(`UPDATE feed SET last_attempt_at = now() - interval '7 hours' WHERE name = 'osv'`);
    await Promise.all([scheduler.beginDue(), scheduler.beginDue()]);
    expect(await settled('osv')).toMatchObject({
      status: 'idle',
      progress: { skipped: 1 },
      ageSeconds: expect.any(Number),
    });
    expect((await feeds()).osv.ageSeconds).toBeLessThan(60);
  });

  it('are synced from the start where the operator named them; a failure is told once', async () => {
    service = await startTestApp({ feeds: ['osv'], feedIntervalHours: 1 });
    const scheduler = service.app.get(FeedScheduler);
    await expect.poll(async () => (await feeds()).osv.lastAttemptAt, { timeout: 20_000 }).not.toBeNull();
    expect(await settled('osv')).toMatchObject({ status: 'failed', enabled: true });
    expect((await feeds()).kev).toMatchObject({ enabled: false, lastAttemptAt: null });
    for (let round = 0; round < 2; round += 1) {
      await service.database.query(`UPDATE feed SET last_attempt_at = now() - interval '2 hours' WHERE name = 'osv'`);
      await scheduler.beginDue();
      await settled('osv');
    }
    await writeOsvMirror(service.mirror, { Alpine: ADVISORIES });
    await service.database.query(`UPDATE feed SET last_attempt_at = now() - interval '2 hours' WHERE name = 'osv'`);
    await scheduler.beginDue();
    expect(await settled('osv')).toMatchObject({ status: 'idle', records: 1 });
    const types = async () =>
      (await service.request('GET', '/v1/events')).body.items.map(({ type }: { type: string }) => type);
    await expect.poll(types).toEqual(['feed.failed', 'feed.synced']);
  });

  it('are left alone where the operator wants it so', async () => {
    service = await startTestApp({ feeds: ['osv'], feedIntervalHours: 0 });
    await service.app.get(FeedScheduler).beginDue();
    expect((await feeds()).osv.lastAttemptAt).toBeNull();
  });
});

describe('a scan against old advisories', () => {
  let service: TestApp;
  afterEach(() => service.close());

  it('says how old they are, is partial, and closes what they no longer say', async () => {
    service = await startTestApp();
    const root = join(service.importDir, 'root');
    await writeFiles(root, alpine([{ name: 'musl', version: '1.1.22-r3' }]));
    await writeOsvMirror(service.mirror, { Alpine: ADVISORIES });
    await service.sync();
    const fresh = await service.scan(`rootfs:${root}`);
    expect(fresh).toMatchObject({ status: 'succeeded', coverage: { complete: true } });
    await service.database.query(`UPDATE feed_part SET checked_at = now() - interval '200 hours'`);
    const old = await service.scan(`rootfs:${root}`);
    expect(old).toMatchObject({ status: 'partial', coverage: { complete: false } });
    expect(old.coverage.items).toEqual([
      {
        code: 'advisories_stale',
        subject: 'Alpine:v3.10',
        message: expect.stringMatching(
          /^The advisories for Alpine:v3\.10 were last confirmed at .* Sync osv, then scan again\.$/,
        ),
      },
    ]);
    const findings = async (id: string) => (await service.request('GET', `/v1/scans/${id}/findings`)).body.items;
    expect(await findings(old.id)).toHaveLength((await findings(fresh.id)).length);
    await writeFiles(root, alpine([{ name: 'musl', version: '1.1.22-r4' }]));
    expect(
      (await findings((await service.scan(`rootfs:${root}`)).id)).filter(
        ({ kind }: { kind: string }) => kind === 'vulnerability',
      ),
    ).toEqual([]);
    // A sync that confirms them makes them fresh, though nothing changed.
    await service.sync();
    expect((await service.scan(`rootfs:${root}`)).coverage.items).toEqual([]);
  });

  it('says nothing where age does not count', async () => {
    service = await startTestApp({ feedMaxAgeHours: 0 });
    const root = join(service.importDir, 'root');
    await writeFiles(root, alpine([{ name: 'musl', version: '1.1.22-r3' }]));
    await writeOsvMirror(service.mirror, { Alpine: ADVISORIES });
    await service.sync();
    await service.database.query(`UPDATE feed_part SET checked_at = now() - interval '9000 hours'`);
    expect((await service.scan(`rootfs:${root}`)).coverage.items).toEqual([]);
  });
});
