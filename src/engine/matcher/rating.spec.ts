import { expect, it } from 'vitest';
import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { Cvss, Severity } from '../../model/severity.js';
import { rate } from './rating.js';
import type { Statement } from './verdict.js';

const cvss = (version: string, score: number, source: string): Cvss => ({
  version,
  vector: `${source} ${version}`,
  score,
  source,
});

function record(id: string, severity: Severity | null, ratings: Cvss[] = []): Advisory {
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
  const result = { verdict: 'affected' as const, fixedVersion: null, fixState: null };
  return { advisory, claims: [{ entry, named: 'source', version: '1', flavour: null, result }], result };
}

const NVD = { cvss: [cvss('3.1', 9.8, 'NVD'), cvss('2.0', 5, 'NVD')], epss: null, kev: null };

it('keeps every rating with its source, the one that counts first', () => {
  const own = cvss('3.1', 6.5, 'REDHAT-CVE-2024-1');
  const github = cvss('4.0', 8.7, 'GHSA-a');
  const rating = rate(
    [statement(record('REDHAT-CVE-2024-1', 'low', [own]), 'medium')],
    [],
    [record('GHSA-a', 'high', [github])],
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
  const { severity, severitySource, ratings } = rate([statement(record('DSA-1-1', null))], [], [], NVD);
  expect([severity, severitySource, ratings[0]?.source]).toEqual(['critical', 'cvss', 'nvd']);
  const same = cvss('3.1', 5.5, 'DEBIAN-CVE-2024-1');
  const rating = rate([statement(record('DEBIAN-CVE-2024-1', null, [same]))], [], [], NVD);
  expect([rating.severity, rating.cvss]).toEqual(['medium', same]);
});

it('puts newer versions of CVSS before older ones, whoever gives them', () => {
  const v4 = cvss('4.0', 2, 'GHSA-a');
  const { severity, cvss: chosen } = rate(
    [statement(record('DSA-1-1', null, [cvss('3.1', 9, 'DSA-1-1')]))],
    [],
    [record('GHSA-a', null, [v4])],
    NVD,
  );
  expect([severity, chosen]).toEqual(['low', v4]);
});

it('has no ratings of what nobody rates', () => {
  expect(rate([statement(record('DSA-1-1', null))], [], [], null)).toEqual({
    severity: 'unknown',
    severitySource: null,
    cvss: null,
    ratings: [],
  });
});
