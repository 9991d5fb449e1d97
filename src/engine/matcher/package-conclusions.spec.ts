import { expect, it } from 'vitest';
import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import { PackageConclusions } from './package-conclusions.js';
import type { MatchedPackage } from './subject.js';

function record(id: string, affected: Partial<AffectedPackage>, fields: Partial<Advisory> = {}): Advisory {
  const entry: AffectedPackage = {
    ecosystem: 'Red Hat:8',
    name: 'nodejs',
    ranges: [],
    versions: [],
    severity: null,
    cvss: [],
    ...affected,
  };
  return {
    id,
    aliases: [],
    upstream: ['CVE-2024-1'],
    summary: '',
    severity: null,
    cvss: [],
    modified: new Date(0),
    withdrawn: null,
    affected: [entry],
    ...fields,
  };
}

const below = (fixed: string) => [{ type: 'ECOSYSTEM' as const, events: [{ introduced: '0' }, { fixed }] }];

function installed(fields: Partial<MatchedPackage> = {}): MatchedPackage {
  return {
    type: 'rpm',
    ecosystem: 'Red Hat:8',
    name: 'nodejs',
    version: '1:18.0-1.module+el8.7.0+1+a',
    source: null,
    architecture: 'x86_64',
    module: 'nodejs:18:1:a',
    ...fields,
  };
}

const ids = (conclusions: PackageConclusions, entry: MatchedPackage) =>
  conclusions.of(entry).map(({ vulnerability: { id }, verdict }) => `${id} ${verdict.status}`);

it('concludes apart for packages of one version that differ in module or architecture', () => {
  const conclusions = new PackageConclusions([
    record('RHSA-2024:1', {
      named: 'binary',
      module: 'nodejs:18',
      architectures: ['x86_64'],
      ranges: below('1:18.1-1.module+el8.8.0+1+a'),
    }),
  ]);
  expect(ids(conclusions, installed())).toEqual(['CVE-2024-1 affected']);
  expect(ids(conclusions, installed({ architecture: 'aarch64' }))).toEqual([]);
  expect(ids(conclusions, installed({ module: 'nodejs:16:1:a' }))).toEqual([]);
  expect(ids(conclusions, installed({ module: null }))).toEqual(['CVE-2024-1 undetermined']);
  expect(ids(conclusions, installed())).toEqual(['CVE-2024-1 affected']);
});

it('concludes once for the binaries of one source, and apart where a record names one of them', () => {
  const openssl = { ecosystem: 'Red Hat:9', ranges: below('1:3.0.7-25.el9') };
  const binary = (name: string) =>
    installed({
      ecosystem: 'Red Hat:9',
      name,
      version: '1:3.0.7-24.el9',
      source: { name: 'openssl', version: '3.0.7-24.el9' },
      module: null,
    });
  const conclusions = new PackageConclusions([
    record('RHSA-2024:1', { ...openssl, name: 'openssl', named: 'source' }),
    record('RHSA-2024:2', { ...openssl, name: 'openssl-perl', named: 'binary' }, { upstream: ['CVE-2024-2'] }),
  ]);
  expect(conclusions.of(binary('openssl-libs'))).toBe(conclusions.of(binary('openssl-devel')));
  expect(ids(conclusions, binary('openssl-libs'))).toEqual(['CVE-2024-1 affected']);
  expect(ids(conclusions, binary('openssl-perl'))).toEqual(['CVE-2024-1 affected', 'CVE-2024-2 affected']);
});

it("takes a distribution's own record, which has no time, before another's copy of it", () => {
  const of = (time: number, fixed: string) =>
    record('REDHAT-CVE-2024-1', { named: 'source', ranges: below(fixed) }, { modified: new Date(time) });
  const plain = installed({ version: '1:18.0-1.el8', module: null });
  const verdicts = (...records: Advisory[]) => ids(new PackageConclusions(records), plain);
  expect(verdicts(of(1, '1:18.1-1.el8'), of(0, '1:17.0-1.el8'))).toEqual([]);
  expect(verdicts(of(0, '1:18.1-1.el8'), of(1, '1:17.0-1.el8'))).toEqual(['CVE-2024-1 affected']);
  expect(verdicts(of(1, '1:18.1-1.el8'), of(2, '1:17.0-1.el8'))).toEqual(['CVE-2024-1 affected']);
});
