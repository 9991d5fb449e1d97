import { describe, expect, it } from 'vitest';
import type { Advisory } from '../../model/advisory.js';
import { AliasIndex } from './alias.js';

function record(id: string, names: { aliases?: string[]; upstream?: string[] } = {}): Advisory {
  return {
    id,
    aliases: [],
    upstream: [],
    summary: '',
    severity: null,
    cvss: [],
    modified: new Date(0),
    withdrawn: null,
    affected: [],
    ...names,
  };
}

/** `id = aliases (naming; linked)` of each vulnerability, sorted. */
function vulnerabilities(naming: Advisory[], linked: Advisory[] = []): string[] {
  const ids = (records: readonly Advisory[]) => records.map(({ id }) => id).join(' ');
  const described = [[...linked, ...naming].reverse(), [...naming, ...linked]].map((found) => {
    const index = new AliasIndex(found);
    return index
      .sort(naming)
      .map((concern) => ({ ...index.describe(concern), naming: concern.naming }))
      .map((v) => `${v.id} = ${v.aliases.join(' ')} (${ids(v.naming)}; ${ids(v.linked)})`)
      .sort();
  });
  expect(described[0]).toEqual(described[1]);
  return described[0] ?? [];
}

describe('AliasIndex', () => {
  it('names a vulnerability by its CVE, else its GHSA, else the first id', () => {
    expect(vulnerabilities([record('PYSEC-1', { aliases: ['GHSA-b', 'CVE-2024-1'] })])).toEqual([
      'CVE-2024-1 = GHSA-b PYSEC-1 (PYSEC-1; )',
    ]);
    expect(vulnerabilities([record('PYSEC-1', { aliases: ['GHSA-b', 'GHSA-a'] })])).toEqual([
      'GHSA-a = GHSA-b PYSEC-1 (PYSEC-1; )',
    ]);
    expect(vulnerabilities([record('RUSTSEC-1', { aliases: ['ABC-1'] })])).toEqual(['ABC-1 = RUSTSEC-1 (RUSTSEC-1; )']);
    expect(vulnerabilities([record('MAL-1')])).toEqual(['MAL-1 =  (MAL-1; )']);
  });

  it('takes the smallest of several CVEs, by year and number', () => {
    const several = record('RETIRE-1', { aliases: ['CVE-2010-10000', 'CVE-2010-9999', 'CVE-2011-1'] });
    expect(vulnerabilities([several])).toEqual(['CVE-2010-9999 = CVE-2010-10000 CVE-2011-1 RETIRE-1 (RETIRE-1; )']);
  });

  it('joins records that share an alias, also over others and over records that name other packages', () => {
    const ghsa = record('GHSA-a', { aliases: ['CVE-2024-1'] });
    const pysec = record('PYSEC-1', { aliases: ['GHSA-a'] });
    const other = record('OTHER-1', { aliases: ['CVE-2024-1'] });
    expect(vulnerabilities([pysec, other], [ghsa])).toEqual([
      'CVE-2024-1 = GHSA-a OTHER-1 PYSEC-1 (OTHER-1 PYSEC-1; GHSA-a)'.replace('(OTHER-1 PYSEC-1', '(PYSEC-1 OTHER-1'),
    ]);
  });

  it('makes ten findings of an advisory with ten upstream vulnerabilities, and joins none of them', () => {
    const upstream = Array.from({ length: 10 }, (_, i) => `CVE-2024-${i + 1}`);
    const bulletin = record('DSA-1-1', { upstream, aliases: ['DSA-1'] });
    expect(vulnerabilities([bulletin])).toEqual(upstream.map((id) => `${id} = DSA-1-1 (DSA-1-1; )`).sort());
  });

  it('counts a CVE known from several records of a distribution once', () => {
    const naming = [
      record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'] }),
      record('DSA-1-1', { upstream: ['CVE-2024-1', 'DEBIAN-CVE-2024-1', 'CVE-2024-2'] }),
      record('DLA-2-1', { upstream: ['CVE-2024-2'] }),
      record('UBUNTU-CVE-2024-3'),
    ];
    expect(vulnerabilities(naming)).toEqual([
      'CVE-2024-1 = DEBIAN-CVE-2024-1 DSA-1-1 (DEBIAN-CVE-2024-1 DSA-1-1; )',
      'CVE-2024-2 = DLA-2-1 DSA-1-1 (DSA-1-1 DLA-2-1; )',
      'CVE-2024-3 = UBUNTU-CVE-2024-3 (UBUNTU-CVE-2024-3; )',
    ]);
  });

  it('gives a CVE of a distribution its other names, and the records about it alone', () => {
    const naming = [record('DSA-1-1', { upstream: ['CVE-2024-1', 'CVE-2024-2'] })];
    const linked = [
      record('GHSA-a', { aliases: ['CVE-2024-1'] }),
      record('ALPINE-CVE-2024-1', { upstream: ['CVE-2024-1'] }),
      record('USN-1-1', { upstream: ['CVE-2024-1', 'CVE-2024-9'] }),
    ];
    expect(vulnerabilities(naming, linked)).toEqual([
      'CVE-2024-1 = DSA-1-1 GHSA-a (DSA-1-1; ALPINE-CVE-2024-1 GHSA-a)',
      'CVE-2024-2 = DSA-1-1 (DSA-1-1; )',
    ]);
  });

  it('does not let a record of several CVEs join what a distribution tells apart', () => {
    const naming = [
      record('DEBIAN-CVE-2010-1', { upstream: ['CVE-2010-1'] }),
      record('DEBIAN-CVE-2010-2', { upstream: ['CVE-2010-2'] }),
    ];
    const linked = [
      record('RETIRE-1', { aliases: ['CVE-2010-1', 'CVE-2010-2'] }),
      record('A-1', { aliases: ['CVE-2010-1', 'GHSA-a'] }),
      record('B-1', { aliases: ['GHSA-a', 'CVE-2010-2'] }),
    ];
    expect(vulnerabilities(naming, linked)).toEqual([
      'CVE-2010-1 = A-1 DEBIAN-CVE-2010-1 GHSA-a (DEBIAN-CVE-2010-1; A-1)',
      'CVE-2010-2 = DEBIAN-CVE-2010-2 (DEBIAN-CVE-2010-2; )',
    ]);
  });

  it('lets it join them for the package that it names', () => {
    const naming = [
      record('RETIRE-1', { aliases: ['CVE-2010-1', 'CVE-2010-2'] }),
      record('GHSA-a', { aliases: ['CVE-2010-2'] }),
    ];
    expect(vulnerabilities(naming)).toEqual(['CVE-2010-1 = CVE-2010-2 GHSA-a RETIRE-1 (RETIRE-1 GHSA-a; )']);
  });

  it('lets several of them join in a chain', () => {
    const naming = [
      record('RETIRE-1', { aliases: ['CVE-2010-1', 'CVE-2010-2'] }),
      record('RETIRE-2', { aliases: ['CVE-2010-3', 'CVE-2010-4'] }),
      record('RETIRE-3', { aliases: ['CVE-2010-2', 'CVE-2010-3'] }),
    ];
    const aliases = 'CVE-2010-2 CVE-2010-3 CVE-2010-4 RETIRE-1 RETIRE-2 RETIRE-3';
    expect(vulnerabilities(naming)).toEqual([`CVE-2010-1 = ${aliases} (RETIRE-1 RETIRE-2 RETIRE-3; )`]);
  });
});
