import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, tar } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const [OLD, KEPT, LATE] = ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003'] as const;

const before = [
  { name: 'musl', version: '1.0.0-r0' },
  { name: 'zlib', version: '1.2.0-r0' },
  { name: 'curl', version: '8.0.0-r0' },
];
const after = [
  { name: 'musl', version: '1.1.0-r0' },
  { name: 'zlib', version: '1.2.0-r0' },
  { name: 'less', version: '6.0.0-r0' },
];

describe('the history of a target', () => {
  let service: TestApp;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  let first: any;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  let second: any;
  /** Between the scans, and after both. */
  let between: string;
  let since: string;
  let failed: string;

  beforeAll(async () => {
    service = await startTestApp();
    const advisories = [alpineAdvisory(OLD, 'musl', '1.1.0-r0'), alpineAdvisory(KEPT, 'zlib', '9.0.0-r0')];
    await writeOsvMirror(service.mirror, { Alpine: advisories });
    await service.sync();
    first = await scanOf(before);
    await sleep(5);
    between = new Date().toISOString();
    await sleep(5);
    second = await scanOf(after);
    await writeOsvMirror(service.mirror, {
      Alpine: [...advisories, alpineAdvisory(LATE, 'less', '9.0.0-r0')],
    });
    await service.sync();
    for (let tries = 0; (await rules('/v1/findings')).length < 2 && tries < 500; tries += 1) await sleep(20);
    since = new Date().toISOString();
    await writeFile(join(service.importDir, 'app.tar'), 'no archive');
    failed = (await service.scan(`docker-archive:${join(service.importDir, 'app.tar')}`)).id;
  });
  afterAll(() => service.close());

  async function scanOf(packages: { name: string; version: string }[]) {
    const image = join(service.importDir, 'app.tar');
    await writeFile(image, await dockerArchive([await tar(alpine(packages))], 'app:1'));
    return service.scan(`docker-archive:${image}`);
  }

  const get = async (path: string) => (await service.request('GET', path)).body;
  const rules = async (path: string): Promise<string[]> =>
    (await get(path)).items
      .filter(({ kind }: { kind: string }) => kind === 'vulnerability')
      .map(({ ruleId }: { ruleId: string }) => ruleId)
      .sort();

  it('tells of each scan what it opened and fixed, and what advisories did since', async () => {
    const { items, nextCursor } = await get(`/v1/targets/${first.target.id}/history`);
    expect(nextCursor).toBeNull();
    expect(items.map(({ scanId, status }: { scanId: string; status: string }) => [scanId, status])).toEqual([
      [failed, 'failed'],
      [second.id, second.status],
      [first.id, first.status],
    ]);
    const [broken, newer, older] = items;
    expect(broken).toMatchObject({ error: { code: expect.any(String) }, inventoryDigest: null, opened: 0, fixed: 0 });
    expect(newer).toMatchObject({ fixed: 1, openedSince: 1, fixedSince: 0 });
    expect(older).toMatchObject({ fixed: 0, openedSince: 0, inventoryDigest: first.inventoryDigest });
    expect(older.opened).toBeGreaterThanOrEqual(2);
  });

  it('comes page by page', async () => {
    const path = `/v1/targets/${first.target.id}/history?limit=1`;
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await get(`${path}${cursor}`);
      seen.push(...page.items.map(({ scanId }: { scanId: string }) => scanId));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual([failed, second.id, first.id]);
  });

  it('says which findings one of two scans has alone, and how many both have', async () => {
    const difference = await get(`/v1/scans/${first.id}/diff/${second.id}`);
    expect(difference).toMatchObject({ before: first.id, after: second.id, fixed: 1, opened: 1, nextCursor: null });
    expect(difference.unchanged).toBeGreaterThanOrEqual(1);
    const changes = difference.items.map(({ change, finding }: { change: string; finding: { ruleId: string } }) => [
      change,
      finding.ruleId,
    ]);
    // By what is known today: the later advisory is about what the second scan found.
    expect(changes.sort()).toEqual([
      ['fixed', OLD],
      ['opened', LATE],
    ]);
    const back = await get(`/v1/scans/${second.id}/diff/${first.id}`);
    expect(back).toMatchObject({ opened: 1, fixed: 1, unchanged: difference.unchanged });
    expect(await get(`/v1/scans/${first.id}/diff/${first.id}`)).toMatchObject({ opened: 0, fixed: 0, items: [] });
  });

  it('says which packages came, went and changed', async () => {
    const path = `/v1/scans/${first.id}/diff/${second.id}/packages`;
    const { items } = await get(path);
    const version = (at: { version: string } | null) => at?.version ?? null;
    expect(
      // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
      items.map(({ change, name, before: b, after: a }: any) => [name, change, version(b), version(a)]),
    ).toEqual([
      ['curl', 'removed', '8.0.0-r0', null],
      ['less', 'added', null, '6.0.0-r0'],
      ['musl', 'changed', '1.0.0-r0', '1.1.0-r0'],
    ]);
    const page = await get(`${path}?limit=2`);
    const rest = await get(`${path}?limit=2&cursor=${page.nextCursor}`);
    expect([...page.items, ...rest.items]).toEqual(items);
    expect(rest.nextCursor).toBeNull();
  });

  it('lists findings as they were known at a time', async () => {
    const asOf = (time: string) => rules(`/v1/findings?targetId=${first.target.id}&asOf=${encodeURIComponent(time)}`);
    expect(await asOf(between)).toEqual([OLD, KEPT]);
    expect(await asOf(since)).toEqual([KEPT, LATE]);
    expect(await asOf('2020-01-01')).toEqual([]);
    const { items } = await get(`/v1/findings?ruleId=${OLD}&asOf=${between}`);
    expect(items).toMatchObject([{ status: 'fixed', closedAt: second.finishedAt }]);
  });

  it('gives the same in GraphQL', async () => {
    const query = `query ($target: ID!, $before: ID!, $after: ID!, $time: DateTime) {
      target(id: $target) { history(first: 2) { nodes { scanId } pageInfo { hasNextPage } }
        findings(first: 50, asOf: $time) { nodes { ruleId kind } } }
      scanDifference(before: $before, after: $after) { opened fixed unchanged
        findings(first: 10) { nodes { change finding { ruleId } } }
        packages(first: 10) { nodes { change name before { version } after { purl } } } }
    }`;
    const variables = { target: first.target.id, before: first.id, after: second.id, time: between };
    const { body } = await service.request('POST', '/graphql', { query, variables });
    expect(body.errors).toBeUndefined();
    const { target, scanDifference } = body.data;
    expect(target.history).toEqual({
      nodes: [{ scanId: failed }, { scanId: second.id }],
      pageInfo: { hasNextPage: true },
    });
    expect(target.findings.nodes).toContainEqual({ ruleId: OLD, kind: 'vulnerability' });
    expect(target.findings.nodes).not.toContainEqual({ ruleId: LATE, kind: 'vulnerability' });
    expect(scanDifference).toMatchObject({ opened: 1, fixed: 1 });
    expect(scanDifference.findings.nodes).toHaveLength(2);
    expect(scanDifference.packages.nodes).toHaveLength(3);
  });

  it('says no to what is not there, has no results, or is no time', async () => {
    const unknown = '01900000-0000-7000-8000-000000000000';
    const code = async (path: string) => {
      const { status, body } = await service.request('GET', path);
      return [status, body.code];
    };
    expect(await code(`/v1/targets/${unknown}/history`)).toEqual([404, 'not_found']);
    expect(await code(`/v1/scans/${first.id}/diff/${unknown}`)).toEqual([404, 'not_found']);
    expect(await code(`/v1/scans/${first.id}/diff/${failed}`)).toEqual([409, 'inventory_missing']);
    expect(await code(`/v1/scans/${failed}/diff/${first.id}/packages`)).toEqual([409, 'inventory_missing']);
    expect(await code(`/v1/scans/${first.id}/diff/nonsense`)).toEqual([404, 'not_found']);
    expect(await code(`/v1/scans/${first.id}/diff/${second.id}?cursor=x`)).toEqual([400, 'malformed_cursor']);
    for (const time of ['yesterday', '2026-13-01', '2026-02-30T25:00:00Z', '0001-01-01', '1e3']) {
      expect(await code(`/v1/findings?asOf=${time}`)).toEqual([400, 'invalid_request']);
    }
  });
});
