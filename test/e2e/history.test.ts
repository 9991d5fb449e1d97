import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, type TarEntries, tar } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const VULNERABLE = alpine([{ name: 'musl', version: '1.1.22-r3' }]);
const FIXED = alpine([{ name: 'musl', version: '1.1.22-r4' }]);
const BROKEN = { ...VULNERABLE, 'lib/apk/db/installed': 'this is no database' };

describe('the history of a target', () => {
  let service: TestApp;
  let image: string;

  beforeAll(async () => {
    service = await startTestApp();
    await writeOsvMirror(service.mirror, { Alpine: [alpineAdvisory('CVE-2020-28928', 'musl', '1.1.22-r4')] });
    await service.sync();
    image = join(service.importDir, 'image.tar');
  });
  afterAll(() => service.close());

  async function scanOf(files: TarEntries) {
    await writeFile(image, await dockerArchive([await tar(files)]));
    return service.scan(`docker-archive:${image}`);
  }

  /** All events so far, once the sequencer has caught up with the scan. */
  async function eventsUpTo(scanId: string) {
    for (;;) {
      const { body } = await service.request('GET', '/v1/events?limit=500');
      const done = body.items.some(
        (e: { type: string; scanId: string }) => e.scanId === scanId && e.type === 'scan.finished',
      );
      if (done) return body.items as { type: string; position: string; scanId: string; findingId: string }[];
      await sleep(20);
    }
  }

  it('opens, keeps, closes and reopens one finding, and tells it in order', async () => {
    const opened = await scanOf(VULNERABLE);
    const [finding] = (await service.request('GET', '/v1/findings')).body.items;
    expect(finding).toMatchObject({ ruleId: 'CVE-2020-28928', status: 'open', closedAt: null });

    const unchanged = await scanOf(VULNERABLE);
    expect((await service.request('GET', '/v1/findings')).body.items).toEqual([finding]);

    const fixed = await scanOf(FIXED);
    expect((await service.request('GET', '/v1/findings')).body.items).toEqual([]);
    const [closed] = (await service.request('GET', '/v1/findings?status=fixed')).body.items;
    expect(closed).toMatchObject({ id: finding.id, status: 'fixed', closedAt: expect.any(String) });

    const reopened = await scanOf(VULNERABLE);
    expect((await service.request('GET', '/v1/findings')).body.items).toEqual([
      expect.objectContaining({ id: finding.id, status: 'open', closedAt: null }),
    ]);

    const events = await eventsUpTo(reopened.id);
    expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => String(index + 1)));
    const story = events.filter(({ findingId }) => findingId === finding.id).map(({ type, scanId }) => [type, scanId]);
    expect(story).toEqual([
      ['finding.opened', opened.id],
      ['finding.fixed', fixed.id],
      ['finding.reopened', reopened.id],
    ]);
    const ofUnchanged = events.filter(({ scanId }) => scanId === unchanged.id).map(({ type }) => type);
    expect(ofUnchanged).toEqual(['scan.created', 'scan.started', 'scan.finished']);

    const found = async (id: string) => (await service.request('GET', `/v1/scans/${id}/findings`)).body.items.length;
    expect([
      await found(opened.id),
      await found(unchanged.id),
      await found(fixed.id),
      await found(reopened.id),
    ]).toEqual([1, 1, 0, 1]);
  });

  it('closes nothing that a partial scan could not look for', async () => {
    await scanOf(VULNERABLE);
    const partial = await scanOf(BROKEN);
    expect(partial.status).toBe('partial');
    const stillOpen = [expect.objectContaining({ ruleId: 'CVE-2020-28928', status: 'open' })];
    expect((await service.request('GET', '/v1/findings')).body.items).toEqual(stillOpen);
    expect((await service.request('GET', `/v1/scans/${partial.id}/findings`)).body.items).toEqual(stillOpen);
    expect(partial.counts).toEqual({ critical: 0, high: 0, medium: 0, low: 0, unknown: 1 });
  });

  it('lists events after a position, page by page, without one missing or twice', async () => {
    const all = (await service.request('GET', '/v1/events?limit=500')).body.items;
    const read = [];
    for (let after = '0'; ; ) {
      const { body } = await service.request('GET', `/v1/events?after=${after}&limit=3`);
      read.push(...body.items);
      after = body.nextCursor;
      if (!body.hasMore) break;
    }
    // What was sequenced since comes after it.
    expect(read.slice(0, all.length)).toEqual(all);
  });
});
