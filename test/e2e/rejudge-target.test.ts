import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, tar } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

describe('judging a target again', () => {
  let service: TestApp;
  let path: string;
  let image: string;
  /** The image had the old version then. */
  let first: { id: string; finishedAt: string; inventoryDigest: string; target: { id: string } };
  let second: typeof first;

  beforeAll(async () => {
    service = await startTestApp();
    await writeOsvMirror(service.mirror, { Alpine: [alpineAdvisory('CVE-2024-1', 'busybox', '1.30.1-r5')] });
    await service.sync();
    image = join(service.importDir, 'shop.tar');
    first = await scanWith('1.30.1-r3');
    second = await scanWith('1.30.1-r5');
    path = `/v1/targets/${first.target.id}/rejudge`;
  });
  afterAll(() => service.close());

  async function scanWith(busybox: string) {
    await writeFile(image, await dockerArchive([await tar(alpine([{ name: 'busybox', version: busybox }]))]));
    return service.scan(`docker-archive:${image}`);
  }
  const target = async () => (await service.request('GET', `/v1/targets/${first.target.id}`)).body;
  const findings = async () => (await service.request('GET', '/v1/findings')).body.items;
  const graphql = async (query: string) => (await service.request('POST', '/graphql', { query })).body;

  async function judged(since: string) {
    for (let tries = 0; tries < 250 && (await target()).judgedAt <= since; tries += 1) await sleep(20);
    expect((await target()).judgedAt > since).toBe(true);
  }

  it('tells what would be found in what it had at a time, and changes nothing', async () => {
    const { status, body } = await service.request('POST', path, { inventoryAt: first.finishedAt });
    expect(status).toBe(200);
    expect(body).toEqual({
      targetId: first.target.id,
      scanId: first.id,
      scannedAt: first.finishedAt,
      inventoryDigest: first.inventoryDigest,
      judgedAt: expect.any(String),
      items: [
        {
          purl: expect.stringContaining('busybox@1.30.1-r3'),
          status: 'matched',
          reason: null,
          vulnerabilities: [
            expect.objectContaining({ ruleId: 'CVE-2024-1', fixedVersion: '1.30.1-r5', status: 'open' }),
          ],
        },
      ],
      gaps: [],
    });
    expect(await findings()).toEqual([]);
    const now = await service.request('POST', path, { inventoryAt: '2999-01-01T00:00:00+01:00' });
    expect(now.body).toMatchObject({ scanId: second.id, items: [] });
    const { data } = await graphql(`{target(id:"${first.target.id}"){rejudged(inventoryAt:"${first.finishedAt}"){
      scanId items{purl vulnerabilities{ruleId}} gaps{code}}}}`);
    expect(data.target.rejudged).toEqual({
      scanId: first.id,
      items: [{ purl: body.items[0].purl, vulnerabilities: [{ ruleId: 'CVE-2024-1' }] }],
      gaps: [],
    });
  });

  it('opens again what other rules had closed, and is done when judgedAt has moved', async () => {
    const other = join(service.importDir, 'old.tar');
    await writeFile(other, await dockerArchive([await tar(alpine([{ name: 'busybox', version: '1.30.1-r3' }]))]));
    const scan = await service.scan(`docker-archive:${other}`);
    const [open] = await findings();
    await service.database.query(`UPDATE package_match SET status = 'not_affected', version = version + 1`);
    await service.database.query(`UPDATE finding SET status = 'fixed', closed_at = now() WHERE id = $1`, [open.id]);
    const { status, headers, body } = await service.request('POST', `/v1/targets/${scan.target.id}/rejudge`);
    expect([status, headers.get('location')]).toEqual([202, `/v1/targets/${scan.target.id}`]);
    expect(body).toMatchObject({ id: scan.target.id, judgedAt: expect.any(String) });
    await judged(body.judgedAt);
    expect(await findings()).toMatchObject([{ id: open.id, target: { id: scan.target.id } }]);
    expect((await service.request('GET', '/v1/scans?limit=10')).body.items).toHaveLength(3);
  });

  it('is asked for over GraphQL as well, and with an empty object', async () => {
    const { data } = await graphql(`mutation{rejudgeTarget(id:"${first.target.id}"){id judgedAt}}`);
    expect(data.rejudgeTarget.id).toBe(first.target.id);
    await judged(data.rejudgeTarget.judgedAt);
    expect((await service.request('POST', path, {})).status).toBe(202);
    expect((await service.request('POST', path, { inventoryAt: null })).status).toBe(202);
  });

  it('refuses what is no time over GraphQL', async () => {
    for (const time of ['nonsense', '2026-13-01T00:00:00Z']) {
      const { errors } = await graphql(`{target(id:"${first.target.id}"){rejudged(inventoryAt:"${time}"){scanId}}}`);
      expect(errors[0].extensions.code).toBe('invalid_request');
    }
  });

  it.each([
    [{ inventoryAt: '2026-13-01T00:00:00Z' }, 400, 'invalid_request'],
    [{ inventoryAt: 12 }, 400, 'invalid_request'],
    [{ at: '2026-02-01T00:00:00Z' }, 400, 'invalid_request'],
    [[], 400, 'invalid_request'],
    [{ inventoryAt: '2020-01-01T00:00:00Z' }, 409, 'inventory_missing'],
  ])('refuses %j', async (input, status, code) => {
    const answer = await service.request('POST', path, input);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('is refused for a target that is not there, and for one without facts', async () => {
    const unknown = await service.request('POST', '/v1/targets/01890000-0000-7000-8000-000000000000/rejudge');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
    const { body } = await service.request('POST', '/v1/scans', {
      target: { kind: 'image', reference: 'docker://127.0.0.1:1/none:1' },
    });
    const empty = await service.request('POST', `/v1/targets/${body.target.id}/rejudge`);
    expect([empty.status, empty.body.code]).toEqual([409, 'inventory_missing']);
    expect((await service.request('GET', `/v1/targets/${body.target.id}`)).body.judgedAt).toBeNull();
  });
});
