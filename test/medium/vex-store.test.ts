import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decideVex } from '../../src/engine/vex/applies.js';
import type { VexDecider, VexDocument, VexStatement } from '../../src/model/vex.js';
import { Fleet, npmPackage, npmRecord } from './fleet.js';
import { openStores, PRINCIPAL, type Stores } from './stores.js';

const PAGE = { limit: 500, cursor: null };
const OTHER = { projectId: '01900000-0000-7000-8000-000000000002', actor: 'token:other' };

describe('the store of VEX documents', () => {
  let stores: Stores;
  let fleet: Fleet;
  beforeAll(async () => {
    stores = await openStores();
    fleet = new Fleet(stores);
    await stores.database.query(`INSERT INTO project (id, name) VALUES ($1, 'other')`, [OTHER.projectId]);
    await fleet.publish('npm', RECORDS);
    for (const target of ['a', 'b']) await fleet.scan(target, LEFT_AND_RIGHT);
  });
  afterAll(() => stores.close());
  beforeEach(async () => {
    const { items } = await stores.vex.list(PRINCIPAL.projectId, PAGE);
    for (const { id } of items) await stores.vex.delete(PRINCIPAL, id, decideVex);
    await fleet.news();
  });

  const bring = (of: Partial<VexDocument> & { statements: VexStatement[] }, p = PRINCIPAL) => {
    const document = documentOf(of);
    return stores.vex.import(p, document, JSON.stringify(document), decideVex);
  };
  const states = async (reference = 'a') => {
    const { items } = await stores.findings.list(
      PRINCIPAL.projectId,
      { status: ['open', 'undetermined', 'suppressed'] },
      PAGE,
    );
    const ofTarget = items.filter(({ target, kind }) => target.reference === reference && kind === 'vulnerability');
    return Object.fromEntries(ofTarget.map(({ ruleId, status, vex }) => [ruleId, [status, vex?.status ?? null]]));
  };
  const told = async () => (await fleet.news()).map(({ type, ruleId, reference }) => `${type} ${ruleId} ${reference}`);

  it('suppresses just what a statement names, by any name of the vulnerability, on every target', async () => {
    const { outcome, effect, document } = await bring({ statements: [said('GHSA-1', ['pkg:npm/left@1.0.0'])] });
    expect([outcome, effect]).toEqual(['created', { suppressed: 2, restored: 0, annotated: 0 }]);
    const expected = { 'CVE-2024-1': ['suppressed', 'not_affected'], 'CVE-2024-2': ['open', null] };
    expect([await states('a'), await states('b')]).toEqual([expected, expected]);
    expect(await told()).toEqual(['finding.suppressed CVE-2024-1 a', 'finding.suppressed CVE-2024-1 b']);
    const [finding] = (await stores.findings.list(PRINCIPAL.projectId, { status: ['suppressed'] }, PAGE)).items;
    expect(finding?.vex).toEqual({
      status: 'not_affected',
      justification: 'component_not_present',
      detail: null,
      documentId: document.id,
      document: 'doc',
      author: 'Vendor',
      time: new Date('2024-01-01'),
    });
    expect((await stores.findings.get(PRINCIPAL.projectId, finding?.id ?? '')).judgedStatus).toBe('open');
  });

  it('leaves suppressed findings out of lists and counts unless they are asked for', async () => {
    const scan = await fleet.scan('a', LEFT_AND_RIGHT);
    const counted = async () => (await stores.scans.get(PRINCIPAL.projectId, scan)).counts.high;
    const listed = async () =>
      (await stores.findings.listByScan(PRINCIPAL.projectId, scan, {}, PAGE)).items.map(({ ruleId }) => ruleId).sort();
    expect([await counted(), await listed()]).toEqual([2, ['CVE-2024-1', 'CVE-2024-2']]);
    await bring({ statements: [said('CVE-2024-1', ['pkg:npm/left'])] });
    expect([await counted(), await listed()]).toEqual([1, ['CVE-2024-2']]);
    const { items } = await stores.findings.listByScan(PRINCIPAL.projectId, scan, { status: ['suppressed'] }, PAGE);
    expect(items.map(({ ruleId }) => ruleId)).toEqual(['CVE-2024-1']);
    expect(await fleet.open('a')).toMatchObject([{ ruleId: 'CVE-2024-2' }]);
  });

  it('restores what a document suppressed when it is deleted, and tells how much', async () => {
    const { document } = await bring({
      statements: [said('CVE-2024-1', ['pkg:npm/left']), said('CVE-2024-2', ['pkg:npm/right'], 'affected')],
    });
    await fleet.news();
    expect(await stores.vex.delete(PRINCIPAL, document.id, decideVex)).toEqual({
      suppressed: 0,
      restored: 2,
      annotated: 2,
    });
    expect(await states()).toEqual({ 'CVE-2024-1': ['open', null], 'CVE-2024-2': ['open', null] });
    expect(await told()).toEqual([
      'finding.changed CVE-2024-2 a',
      'finding.changed CVE-2024-2 b',
      'finding.unsuppressed CVE-2024-1 a',
      'finding.unsuppressed CVE-2024-1 b',
    ]);
    await expect(stores.vex.get(PRINCIPAL.projectId, document.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(stores.vex.delete(PRINCIPAL, document.id, decideVex)).rejects.toMatchObject({ code: 'not_found' });
    const [{ left }] = await stores.database.query('SELECT count(*)::int AS left FROM vex_statement');
    expect(left).toBe(0);
  });

  it('lets the newest statement count, whichever document came first', async () => {
    const at = (time: string, status: VexStatement['status'], id: string) =>
      bring({ id, statements: [{ ...said('CVE-2024-1', ['pkg:npm/left'], status), time: new Date(time) }] });
    await at('2024-03-01', 'affected', 'new');
    await at('2024-02-01', 'not_affected', 'old');
    expect(await states()).toMatchObject({ 'CVE-2024-1': ['open', 'affected'] });
    const newest = await at('2024-04-01', 'fixed', 'newest');
    expect(await states()).toMatchObject({ 'CVE-2024-1': ['suppressed', 'fixed'] });
    await stores.vex.delete(PRINCIPAL, newest.document.id, decideVex);
    expect(await states()).toMatchObject({ 'CVE-2024-1': ['open', 'affected'] });
  });

  it('replaces the version of before, refuses an older one, and takes the same bytes for the same', async () => {
    const version = (time: string, name: string) => ({
      time: new Date(time),
      statements: [said(name, ['pkg:npm/left'])],
    });
    const first = await bring(version('2024-01-01', 'CVE-2024-1'));
    expect(await bring(version('2024-01-01', 'CVE-2024-1'))).toEqual({
      document: first.document,
      outcome: 'unchanged',
      effect: { suppressed: 0, restored: 0, annotated: 0 },
    });
    const second = await bring(version('2024-02-01', 'CVE-2024-9'));
    expect(second).toMatchObject({
      outcome: 'replaced',
      document: { id: first.document.id, time: new Date('2024-02-01'), createdAt: first.document.createdAt },
      effect: { suppressed: 0, restored: 2, annotated: 0 },
    });
    await expect(bring(version('2024-01-01', 'CVE-2024-1'))).rejects.toMatchObject({ code: 'conflict' });
    expect(await states()).toMatchObject({ 'CVE-2024-1': ['open', null] });
    expect((await stores.vex.list(PRINCIPAL.projectId, PAGE)).items).toEqual([second.document]);
    // Of another author, under the same id, it is another document.
    expect((await bring({ ...version('2023-01-01', 'CVE-2024-1'), author: null })).outcome).toBe('created');
    expect((await bring({ ...version('2023-01-02', 'CVE-2024-1'), author: null })).outcome).toBe('replaced');
  });

  it('keeps a finding suppressed in the next scan, and decides what a scan opens as it opens', async () => {
    await bring({ statements: [said('CVE-2024-1', ['pkg:npm/left'])] });
    await fleet.news();
    await fleet.scan('a', LEFT_AND_RIGHT);
    expect(await told()).toEqual([]);
    const scan = await fleet.scan('c', LEFT_AND_RIGHT);
    expect(await told()).toEqual([
      'finding.opened CVE-2024-1 c',
      'finding.opened CVE-2024-2 c',
      'finding.suppressed CVE-2024-1 c',
    ]);
    const [{ counts }] = await stores.database.query('SELECT counts FROM scan WHERE id = $1', [scan]);
    expect(counts.high).toBe(1);
    await fleet.scan('c', []);
    expect(await states('c')).toEqual({});
    await fleet.scan('c', LEFT_AND_RIGHT);
    expect(await states('c')).toMatchObject({ 'CVE-2024-1': ['suppressed', 'not_affected'] });
    expect((await told()).filter((event) => event.includes('CVE-2024-1'))).toEqual([
      'finding.fixed CVE-2024-1 c',
      'finding.reopened CVE-2024-1 c',
      'finding.suppressed CVE-2024-1 c',
    ]);
  });

  it('is about an image by digest, and about no other', async () => {
    await fleet.scan('d', LEFT_AND_RIGHT, {
      distribution: { id: 'x', versionId: '1', codename: null, prettyName: null },
    });
    const [{ digest }] = await stores.database.query(
      `SELECT i.digest FROM target t JOIN inventory i ON i.id = t.inventory_id WHERE t.reference = 'd'`,
    );
    await bring({ statements: [said('CVE-2024-1', [digest]), said('CVE-2024-2', ['b'])] });
    const open = ['open', null];
    const suppressed = ['suppressed', 'not_affected'];
    expect(await states('a')).toEqual({ 'CVE-2024-1': open, 'CVE-2024-2': open });
    expect(await states('b')).toEqual({ 'CVE-2024-1': open, 'CVE-2024-2': suppressed });
    expect(await states('d')).toEqual({ 'CVE-2024-1': suppressed, 'CVE-2024-2': open });
  });

  it('decides what judging again opens, changes and renames', async () => {
    await fleet.scan('e', [npmPackage('again', '1.0.0')]);
    await bring({ statements: [said('GHSA-7', ['pkg:npm/again'])] });
    await fleet.change('npm', [...RECORDS, npmRecord('CVE-2024-7', 'again', null, { aliases: ['GHSA-7'] })]);
    expect(await states('e')).toEqual({ 'CVE-2024-7': ['suppressed', 'not_affected'] });
    const more = { aliases: ['GHSA-7'], severity: 'critical' as const };
    await fleet.change('npm', [...RECORDS, npmRecord('CVE-2024-7', 'again', null, more)]);
    expect(await states('e')).toEqual({ 'CVE-2024-7': ['suppressed', 'not_affected'] });
    await fleet.change('npm', [...RECORDS, npmRecord('CVE-2024-7', 'again', null, { severity: 'critical' })]);
    expect(await states('e')).toEqual({ 'CVE-2024-7': ['open', null] });
    await fleet.change('npm', [...RECORDS, npmRecord('GHSA-7', 'again', null)]);
    expect(await states('e')).toEqual({ 'GHSA-7': ['suppressed', 'not_affected'] });
    await fleet.change('npm', RECORDS);
    expect(await states('e')).toEqual({});
    expect((await told()).map((event) => event.replace('finding.', ''))).toEqual([
      'changed CVE-2024-7 e',
      'changed CVE-2024-7 e',
      'fixed CVE-2024-7 e',
      'fixed GHSA-7 e',
      'opened CVE-2024-7 e',
      'opened GHSA-7 e',
      'suppressed CVE-2024-7 e',
      'suppressed GHSA-7 e',
      'unsuppressed CVE-2024-7 e',
    ]);
  });

  it('decides too what the last scan could not look for', async () => {
    await fleet.scan('f', [npmPackage('hidden', '1.0.0')]);
    await fleet.change('npm', [...RECORDS, npmRecord('CVE-2024-8', 'hidden', null)]);
    await fleet.scan('f', [], { gaps: [{ code: 'file_unparsable', subject: '/app', message: '' }] });
    await bring({ statements: [said('GHSA-8', ['pkg:npm/hidden'])] });
    expect(await states('f')).toEqual({ 'CVE-2024-8': ['open', null] });
    await fleet.change('npm', [...RECORDS, npmRecord('CVE-2024-8', 'hidden', null, { aliases: ['GHSA-8'] })]);
    expect(await states('f')).toEqual({ 'CVE-2024-8': ['suppressed', 'not_affected'] });
    await fleet.change('npm', RECORDS);
  });

  it('leaves no finding out, whether a scan is stored before or after a document comes', async () => {
    const document = (n: number) =>
      bring({
        id: `race-${n % 2}`,
        time: new Date(2024, 0, 1 + n),
        statements: [said('CVE-2024-1', ['pkg:npm/left'])],
      });
    const bare = (n: number) =>
      bring({ id: `race-${n % 2}`, time: new Date(2024, 0, 1 + n), statements: [said('CVE-0', ['pkg:npm/left'])] });
    for (let n = 0; n < 6; n += 1) {
      await Promise.all([
        ...[0, 1, 2, 3].map((i) => fleet.scan(`race-${n}-${i}`, LEFT_AND_RIGHT)),
        n % 3 === 2 ? bare(n) : document(n),
        fleet.change('npm', [...RECORDS, npmRecord(`CVE-2025-${n}`, 'left', null)]),
        stores.vex.naming(PRINCIPAL.projectId, ['CVE-2024-1']),
      ]);
      const expected =
        (await stores.vex.naming(PRINCIPAL.projectId, ['CVE-2024-1'])).length > 0 ? 'suppressed' : 'open';
      const rows = await stores.database.query(
        `SELECT DISTINCT CASE WHEN suppressed THEN 'suppressed' ELSE status END AS status FROM finding
         WHERE rule_id = 'CVE-2024-1' AND status <> 'fixed'`,
      );
      expect(rows).toEqual([{ status: expected }]);
    }
    await fleet.change('npm', RECORDS);
  });

  it('imports the same document once, however often it comes at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => bring({ id: null, statements: [said('CVE-2024-1', ['pkg:npm/left'])] })),
    );
    expect(new Set(all.map(({ document }) => document.id)).size).toBe(1);
    expect(all.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
  });

  it('shows nothing of one project to another, and says nothing of its findings', async () => {
    const { document } = await bring({ statements: [said('CVE-2024-1', ['pkg:npm/left'])] }, OTHER);
    expect(await states()).toMatchObject({ 'CVE-2024-1': ['open', null] });
    await fleet.scan('a', LEFT_AND_RIGHT);
    expect(await states()).toMatchObject({ 'CVE-2024-1': ['open', null] });
    expect((await stores.vex.list(PRINCIPAL.projectId, PAGE)).items).toEqual([]);
    for (const ask of [
      () => stores.vex.get(PRINCIPAL.projectId, document.id),
      () => stores.vex.statements(PRINCIPAL.projectId, document.id, PAGE),
      () => stores.vex.delete(PRINCIPAL, document.id, decideVex),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: 'not_found' });
    }
    await stores.vex.delete(OTHER, document.id, decideVex);
  });

  it('keeps whatever texts a statement has, and gives them back page by page', async () => {
    const hostile = [
      '"',
      "'; DROP TABLE finding; --",
      '{a,b}',
      '\\',
      '__proto__',
      'constructor',
      '\u{1F600}',
      '%',
      'NULL',
    ];
    const statements = hostile.map((text) => ({
      ...said(text, [text]),
      vulnerabilities: [text, 'CVE-x'],
      detail: text,
    }));
    const { document } = await bring({ id: 'hostile', author: '\\', statements });
    const seen: VexStatement[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = await stores.vex.statements(PRINCIPAL.projectId, document.id, { limit: 4, cursor });
      seen.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen.map(({ vulnerabilities, products, detail }) => [vulnerabilities[0], products[0]?.id, detail])).toEqual(
      hostile.map((text) => [text, text, text]),
    );
  });

  it('asks the decider about no finding that nobody names', async () => {
    const asked: string[] = [];
    const decide: VexDecider = (subject, statements) => {
      asked.push(subject.vulnerabilities[0] ?? '');
      return decideVex(subject, statements);
    };
    const document = documentOf({ statements: [said('GHSA-1', ['pkg:npm/left'])] });
    await stores.vex.import(PRINCIPAL, document, 'x', decide);
    expect(new Set(asked)).toEqual(new Set(['CVE-2024-1']));
  });
});

const LEFT_AND_RIGHT = [npmPackage('left', '1.0.0'), npmPackage('right', '1.0.0')];
const RECORDS = [
  npmRecord('CVE-2024-1', 'left', '2.0.0', { aliases: ['GHSA-1'] }),
  npmRecord('CVE-2024-2', 'right', '2.0.0'),
];

function documentOf({ statements, ...of }: Partial<VexDocument> & { statements: VexStatement[] }): VexDocument {
  return {
    format: 'openvex',
    id: 'doc',
    author: 'Vendor',
    time: new Date('2024-01-01'),
    rejected: [],
    rejectedCount: 0,
    ...of,
    statements,
  };
}

function said(
  vulnerability: string,
  products: string[],
  status: VexStatement['status'] = 'not_affected',
): VexStatement {
  return {
    vulnerabilities: [vulnerability],
    products: products.map((id) => ({ id, purls: id.startsWith('pkg:') ? [id] : [], digests: [], subcomponents: [] })),
    status,
    justification: status === 'not_affected' ? 'component_not_present' : null,
    detail: null,
    time: new Date('2024-01-01'),
  };
}
