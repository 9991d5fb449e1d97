import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fleet, npmPackage, npmRecord } from './fleet.js';
import { openStores, PRINCIPAL, type Stores } from './stores.js';

const PAGE = { limit: 500, cursor: null };

Logger.overrideLogger(false);

describe('judging again', () => {
  let stores: Stores;
  let fleet: Fleet;
  beforeAll(async () => {
    stores = await openStores();
    fleet = new Fleet(stores);
    await fleet.publish('npm', [npmRecord('GHSA-0', 'unrelated', '1.0.0')]);
    for (const target of ['a', 'b']) {
      await fleet.scan(target, [npmPackage('left', '1.0.0'), npmPackage('right', '1.0.0')]);
    }
    await fleet.scan('c', [npmPackage('left', '2.0.0')]);
    await fleet.news();
  });
  afterAll(() => stores.close());

  const told = (type: string, ruleId: string, reference: string) => ({ type, ruleId, reference, scan: false });

  it('opens what a new advisory finds, on every target that has it, without a scan', async () => {
    await fleet.change('npm', [npmRecord('GHSA-0', 'unrelated', '1.0.0'), npmRecord('GHSA-1', 'left', '2.0.0')]);
    expect(await fleet.open('a')).toMatchObject([
      {
        ruleId: 'GHSA-1',
        status: 'open',
        fixedVersion: '2.0.0',
        severity: 'high',
        package: { purl: 'pkg:npm/left@1.0.0' },
        location: { path: '/app/node_modules/left/package.json', line: null, layer: 'sha256:1', resource: null },
      },
    ]);
    expect(await fleet.open('b')).toEqual(await fleet.open('a'));
    expect(await fleet.open('c')).toEqual([]);
    expect(await fleet.news()).toEqual([told('finding.opened', 'GHSA-1', 'a'), told('finding.opened', 'GHSA-1', 'b')]);
  });

  it('changes what an advisory says otherwise now, and tells it once', async () => {
    await fleet.change('npm', [
      npmRecord('GHSA-0', 'unrelated', '1.0.0'),
      npmRecord('GHSA-1', 'left', '1.5.0', { severity: 'critical' }),
    ]);
    expect(await fleet.open('b')).toMatchObject([{ ruleId: 'GHSA-1', severity: 'critical', fixedVersion: '1.5.0' }]);
    expect(await fleet.news()).toEqual([
      told('finding.changed', 'GHSA-1', 'a'),
      told('finding.changed', 'GHSA-1', 'b'),
    ]);
    await fleet.rejudger.run();
    expect(await fleet.news()).toEqual([]);
  });

  it('renames what a record that names no package joins to a CVE', async () => {
    const joins = npmRecord('CVE-2024-1', 'elsewhere', null, { aliases: ['GHSA-1'] });
    await fleet.change('npm', [npmRecord('GHSA-1', 'left', '1.5.0'), joins]);
    expect((await fleet.open('a')).map(({ ruleId, aliases }) => [ruleId, aliases])).toEqual([
      ['CVE-2024-1', ['GHSA-1']],
    ]);
    const news = await fleet.news();
    expect(news.filter(({ reference }) => reference === 'a')).toEqual([
      told('finding.fixed', 'GHSA-1', 'a'),
      told('finding.opened', 'CVE-2024-1', 'a'),
    ]);
    await fleet.change('npm', [npmRecord('GHSA-1', 'left', '1.5.0')]);
    expect((await fleet.open('a')).map(({ ruleId }) => ruleId)).toEqual(['GHSA-1']);
    await fleet.news();
  });

  it('rates what a bulletin lists by a record of the vulnerability that names other packages', async () => {
    const bulletin = npmRecord('DSA-1-1', 'listed', null, { upstream: ['CVE-2024-7', 'CVE-2024-8'], severity: null });
    await fleet.scan('h', [npmPackage('listed', '1.0.0')]);
    await fleet.publish('Debian', [bulletin]);
    await fleet.change('npm', [npmRecord('GHSA-0', 'unrelated', '1.0.0')]);
    const rated = async () => (await fleet.open('h')).map(({ ruleId, severity }) => [ruleId, severity]).sort();
    expect(await rated()).toEqual([
      ['CVE-2024-7', 'unknown'],
      ['CVE-2024-8', 'unknown'],
    ]);
    const rates = npmRecord('CVE-2024-8', 'elsewhere', null, { severity: 'low' });
    await fleet.change('npm', [npmRecord('GHSA-0', 'unrelated', '1.0.0'), rates]);
    expect(await rated()).toEqual([
      ['CVE-2024-7', 'unknown'],
      ['CVE-2024-8', 'low'],
    ]);
    await fleet.change('Debian', [npmRecord('DSA-1-1', 'unrelated', null)]);
    await fleet.change('npm', [npmRecord('GHSA-0', 'unrelated', '1.0.0'), npmRecord('GHSA-1', 'left', '1.5.0')]);
    await fleet.news();
  });

  it('fixes what is withdrawn and reopens it as the same finding, with a history of both times', async () => {
    const [before] = (await stores.findings.list(PRINCIPAL.projectId, { ruleId: 'GHSA-1' }, PAGE)).items;
    const withdrawn = npmRecord('GHSA-1', 'left', '1.5.0', { withdrawn: new Date('2026-02-01') });
    await fleet.change('npm', [withdrawn, npmRecord('GHSA-0', 'unrelated', '1.0.0')]);
    expect(await fleet.open('a')).toEqual([]);
    expect(await stores.findings.get(PRINCIPAL.projectId, before?.id ?? '')).toMatchObject({
      status: 'fixed',
      closedAt: expect.any(Date),
      fixedVersion: '1.5.0',
    });
    await fleet.change('npm', [npmRecord('GHSA-1', 'left', '1.5.0')]);
    expect(await stores.findings.get(PRINCIPAL.projectId, before?.id ?? '')).toMatchObject({
      status: 'open',
      closedAt: null,
    });
    const types = (await fleet.news()).filter(({ reference }) => reference === 'a').map(({ type }) => type);
    expect(types).toEqual(['finding.fixed', 'finding.reopened']);
    const periods = await stores.database.query(
      `SELECT opened_at < closed_at AS "isInOrder" FROM finding_period WHERE finding_id = $1`,
      [before?.id],
    );
    expect(periods.length).toBeGreaterThan(0);
    expect(periods.every(({ isInOrder }) => isInOrder)).toBe(true);
  });

  it('shows in a scan what was known until the next one, and in the last scan what is known now', async () => {
    const first = await fleet.scan('d', [npmPackage('old', '1.0.0')]);
    const second = await fleet.scan('d', [npmPackage('old', '1.0.0'), npmPackage('other', '1.0.0')]);
    const found = async (scan: string) =>
      (await stores.findings.listByScan(PRINCIPAL.projectId, scan, {}, PAGE)).items.map(({ ruleId }) => ruleId);
    await fleet.change('npm', [npmRecord('GHSA-1', 'left', '1.5.0'), npmRecord('GHSA-2', 'old', null)]);
    expect([await found(first), await found(second)]).toEqual([[], ['GHSA-2']]);
    expect((await stores.scans.get(PRINCIPAL.projectId, second)).counts).toMatchObject({ high: 1 });
    const third = await fleet.scan('d', [npmPackage('other', '1.0.0')]);
    expect([await found(first), await found(second), await found(third)]).toEqual([[], ['GHSA-2'], []]);
    await fleet.news();
  });

  it('judges by the facts of the last scan alone', async () => {
    await fleet.scan('e', [npmPackage('once', '1.0.0')]);
    await fleet.scan('e', [npmPackage('once', '2.0.0')]);
    await fleet.change('npm', [npmRecord('GHSA-1', 'left', '1.5.0'), npmRecord('GHSA-3', 'once', '2.0.0')]);
    expect(await fleet.open('e')).toEqual([]);
  });

  it('leaves open what the last scan could not look for', async () => {
    const records = [npmRecord('GHSA-1', 'left', '1.5.0'), npmRecord('GHSA-4', 'hidden', null)];
    await fleet.change('npm', records);
    await fleet.scan('f', [npmPackage('hidden', '1.0.0'), npmPackage('left', '1.0.0')]);
    const gaps = [{ code: 'file_unparsable' as const, subject: '/app', message: '' }];
    await fleet.scan('f', [npmPackage('left', '1.0.0')], { gaps });
    await fleet.change('npm', [npmRecord('GHSA-9', 'left', null)]);
    expect((await fleet.open('f')).map(({ ruleId }) => ruleId).sort()).toEqual(['GHSA-4', 'GHSA-9']);
  });

  it('keeps what it knows when a feed loses all records of an ecosystem', async () => {
    await fleet.scan('g', [npmPackage('left', '1.0.0')]);
    await fleet.change('npm', [npmRecord('GHSA-9', 'left', null)]);
    const before = await fleet.open('g');
    expect(before).toHaveLength(1);
    const elsewhere = (id: string, name: string) => {
      const record = npmRecord(id, name, null);
      return { ...record, affected: record.affected.map((entry) => ({ ...entry, ecosystem: 'PyPI' })) };
    };
    await fleet.change('Debian', [elsewhere('PYSEC-1', 'other')]);
    await fleet.change('npm', [elsewhere('PYSEC-2', 'left')]);
    expect(await fleet.open('g')).toEqual(before);
  });
});
