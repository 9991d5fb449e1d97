import { describe, expect, it } from 'vitest';
import { cvss, deb, judged, only, record } from '../../../test/support/judging.js';
import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { Cvss, Severity } from '../../model/severity.js';
import { databaseOf, rate } from './rating.js';
import type { Statement } from './verdict.js';

function rated(id: string, severity: Severity | null, ratings: Cvss[] = []): Advisory {
  return {
    id,
    aliases: [],
    upstream: id.startsWith('GHSA') ? [] : ['CVE-2024-1'],
    summary: '',
    severity,
    cvss: ratings,
    modified: new Date(0),
    withdrawn: null,
    affected: [],
  };
}

function statement(advisory: Advisory, severity: Severity | null = null): Statement {
  const entry: AffectedPackage = { ecosystem: 'x', name: 'x', ranges: [], versions: [], severity, cvss: [] };
  const result = { verdict: 'affected' as const, fixedVersion: null, fixState: null, since: null };
  return { advisory, claims: [{ entry, named: 'source', version: '1', flavour: null, result }], result };
}

const NVD = { cvss: [cvss('3.1', 9.8, 'NVD'), cvss('2.0', 5, 'NVD')] };

it.each([
  ['ALAS-2018-1093', 'amazon'],
  ['ALAS2KERNEL-5.10-2024-001', 'amazon'],
  ['ALAS2023LIVEPATCH-2024-001', 'amazon'],
  ['RLEA-2021:2', 'rocky'],
  ['ELEA-2021-2', 'oracle'],
  ['DEBIAN-CVE-2024-1', 'debian'],
  ['SUSE-SU-2024:1-1', 'suse'],
])('%s is a record of %s', (id, database) => {
  expect(databaseOf(id)).toBe(database);
});

describe('rate', () => {
  it('keeps every rating with its source, the one that counts first', () => {
    const own = cvss('3.1', 6.5, 'REDHAT-CVE-2024-1');
    const github = cvss('4.0', 8.7, 'GHSA-a');
    const rating = rate(
      [statement(rated('REDHAT-CVE-2024-1', 'low', [own]), 'medium')],
      [],
      [rated('GHSA-a', 'high', [github])],
      NVD,
    );
    expect(rating).toEqual({
      severity: 'medium',
      severitySource: 'redhat',
      cvss: github,
      ratings: [
        { source: 'redhat', severity: 'medium', cvss: own },
        { source: 'github', severity: 'high', cvss: github },
        { source: 'nvd', severity: 'critical', cvss: NVD.cvss[0] },
        { source: 'nvd', severity: 'medium', cvss: NVD.cvss[1] },
        { source: 'github', severity: 'high', cvss: null },
      ],
    });
  });

  it('takes the rating of NVD where no record has a newer one', () => {
    const { severity, severitySource, ratings } = rate([statement(rated('DSA-1-1', null))], [], [], NVD);
    expect([severity, severitySource, ratings[0]?.source]).toEqual(['critical', 'cvss', 'nvd']);
    const same = cvss('3.1', 5.5, 'DEBIAN-CVE-2024-1');
    const rating = rate([statement(rated('DEBIAN-CVE-2024-1', null, [same]))], [], [], NVD);
    expect([rating.severity, rating.cvss]).toEqual(['medium', same]);
  });

  it('puts newer versions of CVSS before older ones, whoever gives them', () => {
    const v4 = cvss('4.0', 2, 'GHSA-a');
    const { severity, cvss: chosen } = rate(
      [statement(rated('DSA-1-1', null, [cvss('3.1', 9, 'DSA-1-1')]))],
      [],
      [rated('GHSA-a', null, [v4])],
      NVD,
    );
    expect([severity, chosen]).toEqual(['low', v4]);
  });

  it('has no ratings of what nobody rates', () => {
    expect(rate([statement(rated('DSA-1-1', null))], [], [], null)).toEqual({
      severity: 'unknown',
      severitySource: null,
      cvss: null,
      ratings: [],
    });
  });
});

describe('the severity', () => {
  const V4 = cvss('4.0', 9.3);
  const V31 = cvss('3.1', 7.5);
  const V2 = cvss('2.0', 5);
  const severity = async (...advisories: Advisory[]) => {
    const { severity: word, severitySource, cvss: rating } = await only(advisories);
    return [word, severitySource, rating];
  };
  const perl = (fields: Partial<AffectedPackage> = {}) => [{ fixed: null, ...fields }];
  const elsewhere = [{ ecosystem: 'Go', name: 'x' }];

  it("is the vendor's word for the package, then for the record, then by the newest CVSS", async () => {
    const upstream = ['CVE-2024-1'];
    expect(
      await severity(
        record('UBUNTU-CVE-2024-1', { upstream, severity: 'high', cvss: [V31], affected: perl({ severity: 'low' }) }),
      ),
    ).toEqual(['low', 'ubuntu', V31]);
    expect(await severity(record('GHSA-a', { severity: 'medium', cvss: [V31, V4], affected: perl() }))).toEqual([
      'medium',
      'github',
      V4,
    ]);
    expect(await severity(record('PYSEC-1', { cvss: [V2, V31], affected: perl() }))).toEqual(['high', 'cvss', V31]);
    expect(await severity(record('PYSEC-1', { affected: perl({ cvss: [V2] }) }))).toEqual(['medium', 'cvss', V2]);
    expect(await severity(record('PYSEC-1', { affected: perl() }))).toEqual(['unknown', null, null]);
  });

  it('borrows CVSS, and at last the word, from records about the same vulnerability that name other packages', async () => {
    const mine = record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: perl() });
    const scored = record('GHSA-a', {
      aliases: ['CVE-2024-1'],
      severity: 'critical',
      cvss: [V31],
      affected: elsewhere,
    });
    expect(await severity(mine, scored)).toEqual(['high', 'cvss', V31]);
    expect(await severity(mine, { ...scored, cvss: [] })).toEqual(['critical', 'github', null]);
  });

  it('never takes the CVSS of a bulletin about several vulnerabilities', async () => {
    const bulletin = record('USN-1-1', { upstream: ['CVE-2024-1', 'CVE-2024-2'], cvss: [V4], affected: elsewhere });
    const mine = record('UBUNTU-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: perl() });
    expect(await severity(mine, bulletin)).toEqual(['unknown', null, null]);
    const { judgements } = await judged([{ ...bulletin, affected: mine.affected }]);
    expect(judgements.map((j) => j.cvss)).toEqual([null, null]);
  });

  it('is by the CVSS of NVD where no vendor and no record has a word, in every package that has the vulnerability', async () => {
    const nvd = new Map([
      ['CVE-2024-1', { cvss: [V31, V2] }],
      ['CVE-2024-3', { cvss: [V4] }],
    ]);
    const said = (fields: Partial<AffectedPackage>) => [
      record('DSA-1-1', { upstream: ['CVE-2024-1', 'CVE-2024-2'], affected: perl(fields) }),
    ];
    const { judgements } = await judged(
      said({}),
      [deb('perl', '5.36.0-7'), deb('perl', '5.36.0-6')],
      ['Debian:12'],
      nvd,
    );
    expect(judgements.map((j) => [j.ruleId, j.severity, j.severitySource, j.cvss])).toEqual([
      ['CVE-2024-1', 'high', 'cvss', V31],
      ['CVE-2024-2', 'unknown', null, null],
      ['CVE-2024-1', 'high', 'cvss', V31],
      ['CVE-2024-2', 'unknown', null, null],
    ]);
    expect(judgements[0]?.ratings.map((r) => [r.source, r.severity])).toEqual([
      ['nvd', 'high'],
      ['nvd', 'medium'],
    ]);
    const vendor = await judged(said({ severity: 'low' }), undefined, ['Debian:12'], nvd);
    expect(vendor.judgements.map((j) => [j.severity, j.severitySource, j.cvss])).toEqual([
      ['low', 'debian', V31],
      ['low', 'debian', null],
    ]);
  });

  it('is of the record that decides before others', async () => {
    const bulletin = record('DSA-1-1', { upstream: ['CVE-2024-1'], severity: 'critical', affected: perl() });
    const perCve = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: perl({ severity: 'low' }) });
    expect(await severity(bulletin, perCve)).toEqual(['low', 'debian', null]);
    expect(
      await severity(bulletin, { ...perCve, affected: perCve.affected.map((a) => ({ ...a, severity: null })) }),
    ).toEqual(['critical', 'debian', null]);
  });
});
