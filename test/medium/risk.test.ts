import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Judgement } from '../../src/model/finding.js';
import type { FindingFilter } from '../../src/store/finding.store.js';
import { type CveScore, ScoreStore } from '../../src/store/score.store.js';
import { Fleet, npmPackage, npmRecord } from './fleet.js';
import { newScan, openStores, PRINCIPAL, type Stores } from './stores.js';

Logger.overrideLogger(false);

const [LEFT, RIGHT, OTHER] = ['CVE-2024-1001', 'CVE-2024-1002', 'CVE-2024-1003'] as const;
const rating = (score: number) => [{ version: '3.1', vector: 'CVSS:3.1/AV:N', score, source: 'nvd@nist.gov' }];
const epss = (id: string, probability: number, date = '2026-11-23') => ({
  id,
  epss: { probability, percentile: 0.9, date },
});

/** Nobody rates it in words. */
const unrated = (id: string, name: string) =>
  npmRecord(`GHSA-${name}`, name, '2.0.0', { aliases: [id], severity: null });

const secret: Judgement = {
  fingerprint: 'ab'.repeat(32),
  kind: 'secret',
  ruleId: 'CVE-2024-1001',
  aliases: [],
  advisories: [],
  title: 'a rule that has the name of a CVE',
  severity: 'high',
  severitySource: null,
  cvss: null,
  ratings: [],
  status: 'open',
  package: null,
  fixedVersion: null,
  fixState: 'unknown',
  location: null,
};

describe('scores of what was found', () => {
  let stores: Stores;
  let fleet: Fleet;
  let scores: ScoreStore;
  let imports = 0;
  beforeAll(async () => {
    stores = await openStores();
    fleet = new Fleet(stores);
    scores = new ScoreStore(stores.database);
    await fleet.publish('npm', [unrated(LEFT, 'left'), unrated(RIGHT, 'right'), unrated(OTHER, 'other')]);
    const exposed = { ...newScan('exposed'), labels: { exposure: 'Internet' } };
    const { scan } = await stores.scans.create(PRINCIPAL, exposed, null);
    await stores.scans.cancel(PRINCIPAL, scan.id);
    await fleet.scan('exposed', [npmPackage('left', '1.0.0'), npmPackage('right', '1.0.0')], { others: [secret] });
    await fleet.scan('plain', [npmPackage('left', '1.0.0'), npmPackage('unaffected', '1.0.0')]);
    await fleet.news();
  });
  afterAll(() => stores.close());

  async function load(feed: 'nvd' | 'kev' | 'epss', records: CveScore[], { part = 'all', isWhole = true } = {}) {
    imports += 1;
    async function* all() {
      yield* records;
    }
    const version = { etag: null, lastModified: null, digest: String(imports) };
    return scores.import(feed, part, all(), { version, isWhole, rejected: () => 0 });
  }

  const list = async (filter: FindingFilter) =>
    (await stores.findings.list(PRINCIPAL.projectId, filter, { limit: 100, cursor: null })).items;
  const names = async (filter: FindingFilter) =>
    (await list(filter)).map(({ kind, ruleId, target }) => `${kind} ${ruleId} ${target.reference}`).sort();
  const risk = async (ruleId: string, reference: string) =>
    (await list({ ruleId, kind: 'vulnerability' })).find(({ target }) => target.reference === reference)?.risk;
  const waiting = async () =>
    (await stores.database.query('SELECT ecosystem, name FROM advisory_change ORDER BY name')).map(({ name }) => name);

  it('are as if nothing was known without a feed of them', async () => {
    expect(await risk(LEFT, 'exposed')).toEqual({
      score: 30,
      parts: { severity: 25, exploitation: 5, knownExploited: 0, exposure: 1 },
      epss: null,
      kev: null,
    });
    expect(await risk(LEFT, 'plain')).toMatchObject({ score: 27, parts: { exposure: 0.9 } });
  });

  it('are in a finding as soon as EPSS and CISA have brought them, and no event tells of it', async () => {
    await load('epss', [epss(LEFT, 0.5), epss(RIGHT, 0.01)]);
    await load('kev', [{ id: RIGHT, kev: { dateAdded: '2024-01-01', dueDate: '2024-01-22', ransomware: true } }]);
    expect(await risk(LEFT, 'exposed')).toEqual({
      score: 44,
      parts: { severity: 25, exploitation: 19, knownExploited: 0, exposure: 1 },
      epss: { probability: 0.5, percentile: 0.9, date: '2026-11-23' },
      kev: null,
    });
    expect(await risk(RIGHT, 'exposed')).toMatchObject({
      score: 75,
      parts: { exploitation: 30, knownExploited: 20 },
      kev: { dateAdded: '2024-01-01', dueDate: '2024-01-22', ransomware: true },
    });
    await load('epss', [epss(LEFT, 0.5, '2026-11-24'), epss(RIGHT, 0.02, '2026-11-24')]);
    expect((await risk(LEFT, 'plain'))?.epss).toEqual({ probability: 0.5, percentile: 0.9, date: '2026-11-24' });
    expect([await waiting(), await fleet.news()]).toEqual([[], []]);
  });

  it('select findings, those of other kinds never by the name of their rule', async () => {
    const left = [`vulnerability ${LEFT} exposed`, `vulnerability ${LEFT} plain`];
    const right = [`vulnerability ${RIGHT} exposed`];
    expect(await names({ kev: true })).toEqual(right);
    expect(await names({ kev: false })).toEqual([`secret ${LEFT} exposed`, ...left]);
    expect(await names({ minEpss: 0.02 })).toEqual([...left, ...right]);
    expect(await names({ minEpss: 0.5 })).toEqual(left);
    expect(await names({ minEpss: 0.1, kev: true })).toEqual([]);
    const [{ id }] = await stores.database.query(`SELECT last_scan_id AS id FROM target WHERE reference = 'exposed'`);
    const page = { limit: 100, cursor: null };
    const found = await stores.findings.listByScan(PRINCIPAL.projectId, id, { minEpss: 0.1 }, page);
    expect(found.items.map(({ ruleId }) => ruleId)).toEqual([LEFT]);
    const first = await stores.findings.list(PRINCIPAL.projectId, { minEpss: 0.02 }, { limit: 2, cursor: null });
    const rest = await stores.findings.list(
      PRINCIPAL.projectId,
      { minEpss: 0.02 },
      { limit: 2, cursor: first.nextCursor },
    );
    expect([...first.items, ...rest.items]).toHaveLength(3);
  });

  it('of another kind of finding are its severity and exposure alone', async () => {
    const [found] = await list({ kind: 'secret' });
    expect(found?.risk).toEqual({
      score: 40,
      parts: { severity: 40, exploitation: 0, knownExploited: 0, exposure: 1 },
      epss: null,
      kev: null,
    });
  });

  it('of NVD rate what no record rates, where just the packages that have the vulnerability are judged again', async () => {
    await load('nvd', [
      { id: LEFT, cvss: rating(9.8) },
      { id: OTHER, cvss: rating(5) },
      { id: 'CVE-2024-9999', cvss: rating(5) },
    ]);
    expect(await waiting()).toEqual(['left']);
    await fleet.rejudger.run();
    expect(await list({ ruleId: LEFT, kind: 'vulnerability' })).toMatchObject([
      { severity: 'critical', severitySource: 'cvss', cvss: { score: 9.8 }, ratings: [{ source: 'nvd' }] },
      { severity: 'critical' },
    ]);
    expect((await fleet.news()).map(({ type, ruleId, reference }) => `${type} ${ruleId} ${reference}`)).toEqual([
      `finding.changed ${LEFT} exposed`,
      `finding.changed ${LEFT} plain`,
    ]);
    expect(await risk(LEFT, 'exposed')).toMatchObject({ score: 68, parts: { severity: 49 } });
  });

  it('of NVD are in what a scan finds', async () => {
    await fleet.scan('later', [npmPackage('other', '1.0.0')]);
    expect(await list({ ruleId: OTHER })).toMatchObject([{ severity: 'medium', severitySource: 'cvss' }]);
    await fleet.news();
  });

  it('of NVD that stay have nothing judged again, and those that go do', async () => {
    await load('nvd', [{ id: LEFT, cvss: rating(9.8) }], { isWhole: false });
    expect(await waiting()).toEqual([]);
    await load('nvd', [{ id: LEFT }], { isWhole: false });
    expect(await waiting()).toEqual(['left']);
    await fleet.rejudger.run();
    expect(await list({ ruleId: LEFT, kind: 'vulnerability' })).toMatchObject([
      { severity: 'unknown', cvss: null, ratings: [] },
      { severity: 'unknown' },
    ]);
  });

  it('of NVD whose part the feed lists no longer do as well', async () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ id: `CVE-2023-${1000 + i}`, cvss: rating(5) }));
    await load('nvd', many, { part: '2023' });
    await load('nvd', [{ id: OTHER, cvss: rating(9.8) }], { part: 'small' });
    await fleet.rejudger.run();
    expect(await list({ ruleId: OTHER })).toMatchObject([{ severity: 'critical' }]);
    await stores.feeds.removeParts('nvd', ['small']);
    await fleet.rejudger.run();
    expect(await list({ ruleId: OTHER })).toMatchObject([{ severity: 'unknown' }]);
  });
});
