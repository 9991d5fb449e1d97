import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, npmAdvisory, type OsvRecord, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, tar } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const OLD = alpineAdvisory('CVE-2020-28928', 'musl', '1.1.22-r4');
const NEW = alpineAdvisory('CVE-2024-1', 'busybox', '1.30.1-r5');

describe('an advisory', () => {
  let service: TestApp;
  const scans: { id: string; target: { id: string } }[] = [];

  beforeAll(async () => {
    service = await startTestApp();
    await publish([OLD]);
    for (const [name, busybox] of Object.entries({ a: '1.30.1-r3', b: '1.30.1-r4', c: '1.30.1-r5' })) {
      const image = join(service.importDir, `${name}.tar`);
      const files = alpine([
        { name: 'musl', version: '1.1.22-r4' },
        { name: 'busybox', version: busybox },
      ]);
      await writeFile(image, await dockerArchive([await tar(files)]));
      scans.push(await service.scan(`docker-archive:${image}`));
    }
  });
  afterAll(() => service.close());

  async function publish(records: OsvRecord[]) {
    // As the export names other ecosystems, it is never without one.
    await writeOsvMirror(service.mirror, { Alpine: records, npm: [npmAdvisory('GHSA-1', [], 'left-pad', '1.0.0')] });
    await service.sync();
  }

  const findings = async (query = '') => (await service.request('GET', `/v1/findings${query}`)).body.items;

  async function until<T>(ask: () => Promise<T>, done: (answer: T) => boolean): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      const answer = await ask();
      if (done(answer) || tries === 250) return answer;
      await sleep(20);
    }
  }

  async function eventsOf(findingId: string): Promise<{ type: string; actor: string; scanId: null; data: object }[]> {
    const { body } = await service.request('GET', '/v1/events?limit=500');
    return body.items.filter((event: { findingId: string }) => event.findingId === findingId);
  }

  it('that comes to a feed is a finding on every target that it affects, without a scan', async () => {
    expect(await findings()).toEqual([]);
    await publish([OLD, NEW]);
    const found = await until(findings, (items) => items.length === 2);
    expect(found).toHaveLength(2);
    expect(new Set(found.map((finding: { target: { id: string } }) => finding.target.id))).toEqual(
      new Set(scans.slice(0, 2).map(({ target }) => target.id)),
    );
    expect(found[0]).toMatchObject({
      ruleId: 'CVE-2024-1',
      aliases: ['ALPINE-CVE-2024-1'],
      status: 'open',
      fixedVersion: '1.30.1-r5',
      fixState: 'fixed',
      package: { name: 'busybox' },
      location: { path: '/lib/apk/db/installed' },
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      openedAt: expect.any(String),
      closedAt: null,
    });
    const { body } = await service.request('GET', '/v1/scans?limit=10');
    expect(body.items).toHaveLength(scans.length);
    const ofScan = await service.request('GET', `/v1/scans/${scans[0]?.id}/findings`);
    expect(
      ofScan.body.items.map(({ id }: { id: string }) => found.some((each: { id: string }) => each.id === id)),
    ).toEqual([true]);
    expect((await service.request('GET', `/v1/scans/${scans[0]?.id}`)).body.counts).toMatchObject({ unknown: 1 });
    const [opened] = await until(
      () => eventsOf(found[0].id),
      (events) => events.length > 0,
    );
    expect(opened).toMatchObject({
      type: 'finding.opened',
      actor: 'system',
      scanId: null,
      data: { cause: 'rejudged', advisories: ['ALPINE-CVE-2024-1'], ruleId: 'CVE-2024-1', purl: found[0].package.purl },
    });
  });

  it('that says something else changes the finding', async () => {
    await publish([OLD, { ...NEW, database_specific: { severity: 'CRITICAL' } }]);
    const found = await until(findings, (items) =>
      items.every(({ severity }: { severity: string }) => severity === 'critical'),
    );
    expect(found).toMatchObject([{ severity: 'critical' }, { severity: 'critical' }]);
    const events = await until(
      () => eventsOf(found[0].id),
      (all) => all.length > 1,
    );
    expect(events.map(({ type }) => type)).toEqual(['finding.opened', 'finding.changed']);
    expect(events[1]?.data).toMatchObject({ severity: 'critical', cause: 'rejudged' });
  });

  it('whose range ends earlier fixes the finding of the target that is out of it', async () => {
    await publish([OLD, alpineAdvisory('CVE-2024-1', 'busybox', '1.30.1-r4')]);
    const found = await until(findings, (items) => items.length === 1);
    expect(found).toMatchObject([{ target: { id: scans[0]?.target.id }, fixedVersion: '1.30.1-r4' }]);
    expect(await findings('?status=fixed')).toMatchObject([{ target: { id: scans[1]?.target.id } }]);
  });

  it('that is withdrawn leaves the finding fixed', async () => {
    const [open] = await findings();
    await publish([OLD, { ...NEW, withdrawn: '2026-03-01T00:00:00Z' }]);
    expect(await until(findings, (items) => items.length === 0)).toEqual([]);
    expect((await service.request('GET', `/v1/findings/${open.id}`)).body).toMatchObject({ status: 'fixed' });
    const events = await until(
      () => eventsOf(open.id),
      (all) => all.at(-1)?.type === 'finding.fixed',
    );
    expect(events.at(-1)).toMatchObject({ type: 'finding.fixed', scanId: null, data: { cause: 'rejudged' } });
  });
});
