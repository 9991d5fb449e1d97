import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchmarkReport } from '../../src/model/benchmark.js';
import type { ControlResult } from '../../src/model/control.js';
import { NO_DIGESTS } from '../../src/model/image-digests.js';
import type { Inventory } from '../../src/model/inventory.js';
import type { Package } from '../../src/model/package.js';
import { claimedScan, newScan, openStores, PRINCIPAL, type Stores } from './stores.js';

const EMPTY: Inventory = { distribution: null, packages: [], image: null, gaps: [] };
const RESULT = {
  inventory: EMPTY,
  inventoryDigest: 'sha256:00',
  cluster: null,
  identities: () => new Map<string, string>(),
  advisoryNames: () => [],
  digests: NO_DIGESTS,
  judgements: [],
  undecided: [],
  controls: [],
  benchmarks: [],
  isPassedOver: () => false,
  decideVex: () => null,
  coverage: { complete: true, items: [] },
};

describe('the scan stores', () => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await openStores();
  });
  afterAll(() => stores.close());

  it('gives a scan to one worker only, and to another when the first is silent', async () => {
    const { scan } = await stores.scans.create(PRINCIPAL, newScan(), null);
    const claims = await Promise.all(Array.from({ length: 5 }, (_, i) => stores.claims.claim(scan.id, `w${i}`, 60)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    await stores.database.query(`UPDATE scan SET lease_expires_at = now() - interval '1 second' WHERE id = $1`, [
      scan.id,
    ]);
    expect(await stores.claims.claim(scan.id, 'another', 60)).toMatchObject({ fence: 2, attempt: 2 });
  });

  it('refuses everything from a worker whose claim is old', async () => {
    const old = await claimedScan(stores);
    await stores.claims.releaseLeases();
    const current = await stores.claims.claim(old.scan.id, 'another', 60);
    expect(await stores.claims.heartbeat(old.scan.id, old.fence, { phase: 'reading', percent: 50 }, 60)).toBe('lost');
    expect(await stores.results.store(old, async () => RESULT)).toBe(false);
    expect(await stores.claims.fail(old, { code: 'internal_error', message: 'x' })).toBe(false);
    await stores.claims.handBack(old.scan.id, old.fence);
    expect(await stores.scans.get(PRINCIPAL.projectId, old.scan.id)).toMatchObject({
      status: 'running',
      inventoryDigest: null,
    });
    expect(current && (await stores.results.store(current, async () => RESULT))).toBe(true);
    expect(current && (await stores.results.store(current, async () => RESULT))).toBe(false);
  });

  it('hands back without counting the attempt, and finds what is stranded', async () => {
    const claim = await claimedScan(stores);
    await stores.claims.handBack(claim.scan.id, claim.fence);
    await stores.database.query(`UPDATE scan SET created_at = now() - interval '1 minute' WHERE id = $1`, [
      claim.scan.id,
    ]);
    expect(await stores.claims.stranded(60, 100)).toContainEqual({
      id: claim.scan.id,
      trigger: 'api',
      priority: 5,
      fence: 1,
    });
    await stores.claims.markEnqueued([claim.scan.id]);
    expect((await stores.claims.stranded(60, 100)).map(({ id }) => id)).not.toContain(claim.scan.id);
    expect(await stores.claims.claim(claim.scan.id, 'w', 60)).toMatchObject({ attempt: 1, fence: 2 });
  });

  it('cancels a queued scan at once and a running one through its worker', async () => {
    const { scan } = await stores.scans.create(PRINCIPAL, newScan(), null);
    expect(await stores.scans.cancel(PRINCIPAL, scan.id)).toMatchObject({ status: 'cancelled' });
    const claim = await claimedScan(stores);
    expect(await stores.scans.cancel(PRINCIPAL, claim.scan.id)).toMatchObject({ status: 'running' });
    expect(await stores.claims.heartbeat(claim.scan.id, claim.fence, { phase: 'reading', percent: 1 }, 60)).toBe(
      'cancel_requested',
    );
    expect(await stores.results.store(claim, async () => RESULT)).toBe(false);
    expect(await stores.claims.markCancelled(claim)).toBe(true);
    expect(await stores.scans.cancel(PRINCIPAL, claim.scan.id)).toMatchObject({ status: 'cancelled' });
  });

  it('answers the first scan to a repeated idempotency key, and refuses the key for another request', async () => {
    const first = await stores.scans.create(PRINCIPAL, newScan(), { key: 'k', requestHash: 'a' });
    const again = await stores.scans.create(PRINCIPAL, newScan(), { key: 'k', requestHash: 'a' });
    expect([again.created, again.scan.id]).toEqual([false, first.scan.id]);
    await expect(stores.scans.create(PRINCIPAL, newScan(), { key: 'k', requestHash: 'b' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    const racing = await Promise.all(
      Array.from({ length: 6 }, () => stores.scans.create(PRINCIPAL, newScan(), { key: 'race', requestHash: 'a' })),
    );
    expect(new Set(racing.map(({ scan }) => scan.id)).size).toBe(1);
  });

  it('gives back packages as they were found', async () => {
    const found = (name: string, more: Partial<Package>): Package => ({
      purl: `pkg:maven/g/${name}@1`,
      type: 'maven',
      ecosystem: 'Maven',
      name: `g:${name}`,
      version: '1',
      source: null,
      architecture: null,
      licenses: [],
      module: null,
      locations: [{ path: '/app.jar', layer: null }],
      ...more,
    });
    const packages = [
      found('guessed', { isGroupGuessed: true }),
      found('told', {
        licenses: ['MIT', 'tab\t'],
        module: 'm',
        architecture: 'x',
        source: { name: 's', version: '2' },
      }),
    ];
    const claim = await claimedScan(stores);
    const result = { ...RESULT, inventory: { ...EMPTY, packages }, inventoryDigest: 'sha256:01' };
    expect(await stores.results.store(claim, async () => result)).toBe(true);
    const { items } = await stores.scans.packages(PRINCIPAL.projectId, claim.scan.id, { limit: 9, cursor: null });
    expect(items).toEqual(packages);
  });

  it('shows nothing of one project to another', async () => {
    const { scan } = await stores.scans.create(PRINCIPAL, newScan(), null);
    const other = '01900000-0000-7000-8000-000000000002';
    await expect(stores.scans.get(other, scan.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(stores.scans.packages(other, scan.id, { limit: 1, cursor: null })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(stores.targets.get(other, scan.target.id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await stores.scans.list(other, {}, { limit: 10, cursor: null })).items).toEqual([]);
  });

  it('lists page by page, each scan once, while new ones arrive', async () => {
    const before = (await stores.scans.list(PRINCIPAL.projectId, {}, { limit: 500, cursor: null })).items.map(
      ({ id }) => id,
    );
    const seen: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = await stores.scans.list(PRINCIPAL.projectId, {}, { limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      await stores.scans.create(PRINCIPAL, newScan(), null);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(before);
    await expect(stores.scans.list(PRINCIPAL.projectId, {}, { limit: 2, cursor: 'tampered' })).rejects.toMatchObject({
      code: 'malformed_cursor',
    });
  });

  it('keeps the same results of controls once, and what each scan said then', async () => {
    const control = (status: 'pass' | 'fail'): ControlResult => ({
      id: 'non-root-user',
      title: 't',
      severity: 'high',
      status,
      reason: 'NUL \0.',
      evidence: [{ resource: 'USER', path: null, value: null }],
      remediation: 'r',
    });
    const counts = { pass: 0, fail: 1, manual: 0, not_applicable: 0, undetermined: 0 };
    const benchmarks: BenchmarkReport[] = [{ name: 'cis-docker', version: '1', counts, items: [] }];
    const scans: string[] = [];
    for (const status of ['fail', 'fail', 'pass'] as const) {
      const claim = await claimedScan(stores, 'rootfs:/srv/controls');
      await stores.results.store(claim, async () => ({ ...RESULT, controls: [control(status)], benchmarks }));
      scans.push(claim.scan.id);
    }
    const page = { limit: 10, cursor: null };
    const read = async (scan = '') => (await stores.controls.list(PRINCIPAL.projectId, scan, {}, page)).items;
    expect(await read(scans[0])).toEqual([{ ...control('fail'), reason: 'NUL \uFFFD.' }]);
    expect((await Promise.all(scans.map(read))).map(([result]) => result?.status)).toEqual(['fail', 'fail', 'pass']);
    expect(await stores.controls.benchmark(PRINCIPAL.projectId, scans[0] ?? '', 'cis-docker')).toEqual(benchmarks[0]);
    const [{ reports }] = await stores.database.query(
      'SELECT count(DISTINCT control_report_id)::int AS reports FROM scan WHERE id = ANY($1::uuid[])',
      [scans],
    );
    expect(reports).toBe(2);
  });
});
