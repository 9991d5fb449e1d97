import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOsv } from '../../feed/osv/osv-schema.js';
import { readOsvZip } from '../../feed/osv/osv-zip.js';
import type { Advisory } from '../../model/advisory.js';
import type { Package, PackageType } from '../../model/package.js';
import { type AdvisoryLookup, judge } from './match.js';
import { PackageConclusions } from './package-conclusions.js';

const DATA = '../shared/data';

interface SecurityFixes {
  sources: {
    binaries: { package: string }[];
    cves: { cve: string }[];
  }[];
}

interface VulnerabilityList {
  vulnerable: { package: string; origin: string; installed: string; fixed: string; id: string }[];
}

const there = existsSync(DATA);
if (!there) console.info(`skipped: there is no ${DATA}`);
describe.skipIf(!there)('real packages against the real advisories', () => {
  it.each([
    ['ubuntu-jammy-release', 'Ubuntu', 'Ubuntu:22.04:LTS'],
    ['ubuntu-bionic-release', 'Ubuntu', 'Ubuntu:18.04:LTS'],
    ['debian-bullseye-main', 'Debian', 'Debian:11'],
  ])('finds what %s lacks of its security pocket, none missing and none extra', async (image, part, ecosystem) => {
    const packages = readFileSync(join(DATA, 'images', `${image}.expected-packages.tsv`), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [name = '', version = '', architecture = '', source = '', sourceVersion = ''] = line.split('\t');
        return packageOf('deb', ecosystem, name, version, architecture, { name: source, version: sourceVersion });
      });
    const expected = readJson<SecurityFixes>(`${image}.expected-security-fixes.json`).sources.flatMap(
      ({ binaries, cves }) => binaries.flatMap((binary) => cves.map(({ cve }) => `${binary.package} ${cve}`)),
    );
    const { judgements, gaps } = await judge({ packages }, await lookupIn(part));
    const found = judgements.map((judgement) => `${judgement.package?.name} ${judgement.ruleId}`);
    expect(missing(expected, found)).toEqual([]);
    expect(missing(found, expected)).toEqual([]);
    expect(found).toHaveLength(new Set(expected).size);
    expect(gaps).toEqual([]);
  });

  it('finds in the packages of Alpine 3.10.4 what apk says', async () => {
    const { vulnerable } = readJson<VulnerabilityList>('docker-archive-alpine-3.10.4.expected-vulnlist.json');
    const packages = new Map(
      vulnerable.map((entry) => [
        entry.package,
        packageOf('apk', 'Alpine:v3.10', entry.package, entry.installed, 'x86_64', {
          name: entry.origin,
          version: entry.installed,
        }),
      ]),
    );
    const { judgements } = await judge({ packages: [...packages.values()] }, await lookupIn('Alpine'));
    const found = judgements.map(
      (judgement) => `${judgement.package?.name} ${judgement.ruleId} ${judgement.fixedVersion}`,
    );
    expect(found.sort()).toEqual(vulnerable.map((entry) => `${entry.package} ${entry.id} ${entry.fixed}`).sort());
  });
});

const FIXTURES = join(DATA, 'advisories', 'vunnel-provider-fixtures.tar.gz');
const hasFixtures = existsSync(FIXTURES);
if (!hasFixtures) console.info(`skipped: there is no ${FIXTURES}`);
describe.skipIf(!hasFixtures)("Canonical's own records", () => {
  const folder = 'vunnel-provider-fixtures/tests/unit/providers/ubuntu/test-fixtures';
  const recordAt = (path: string) =>
    parseOsv(JSON.parse(execFileSync('tar', ['-xzOf', FIXTURES, `${folder}/${path}`], { encoding: 'utf8' })));

  it.each([
    ['osv-esm-cases/cve/2022/UBUNTU-CVE-2022-24823', 'Ubuntu:22.04:LTS', 'netty', '1:4.1.48-4', null, 'wont_fix'],
    ['osv-esm-cases/cve/2022/UBUNTU-CVE-2022-24823', 'Ubuntu:25.10', 'netty', '1:4.1.48-10', null, 'not_fixed'],
    [
      'osv-esm-cases/cve/2022/UBUNTU-CVE-2022-24823',
      'Ubuntu:18.04:LTS',
      'netty',
      '1:4.1.7-4ubuntu0.1+esm2',
      '1:4.1.7-4ubuntu0.1+esm3',
      'fixed',
    ],
    ['osv-esm-cases/cve/2014/UBUNTU-CVE-2014-2901', 'Ubuntu:16.04:LTS', 'wolfssl', '3.4.8+dfsg-1', null, 'not_fixed'],
    ['osv/cve/2021/UBUNTU-CVE-2021-3782', 'Ubuntu:16.04:LTS', 'wayland', '1.12.0-1~ubuntu16.04.3', null, 'wont_fix'],
    [
      'osv/cve/2021/UBUNTU-CVE-2021-3782',
      'Ubuntu:18.04:LTS',
      'wayland',
      '1.16.0-1ubuntu1.1~18.04.3',
      '1.16.0-1ubuntu1.1~18.04.4',
      'fixed',
    ],
  ])('say in %s of %s, %s %s: fixed in %s, %s', (path, ecosystem, name, version, fixedVersion, fixState) => {
    const conclusions = new PackageConclusions([recordAt(`${path}.json`)]);
    const found = conclusions.of(packageOf('deb', ecosystem, `lib${name}`, version, 'amd64', { name, version }));
    expect(found.map(({ verdict }) => verdict)).toMatchObject([{ status: 'affected', fixedVersion, fixState }]);
  });

  it('say that who has the fix of Ubuntu Pro is not affected', () => {
    const conclusions = new PackageConclusions([recordAt('osv-esm-cases/cve/2022/UBUNTU-CVE-2022-24823.json')]);
    const version = '1:4.1.7-4ubuntu0.1+esm3';
    const netty = packageOf('deb', 'Ubuntu:18.04:LTS', 'libnetty-java', version, 'all', { name: 'netty', version });
    expect(conclusions.of(netty)).toEqual([]);
  });
});

function packageOf(
  type: PackageType,
  ecosystem: string,
  name: string,
  version: string,
  architecture: string,
  source: { name: string; version: string },
): Package {
  const purl = `pkg:${type}/${ecosystem.split(':')[0]?.toLowerCase()}/${name}@${encodeURIComponent(version)}?arch=${architecture}`;
  return { purl, type, ecosystem, name, version, source, architecture, licenses: [], module: null, locations: [] };
}

async function lookupIn(part: string): Promise<AdvisoryLookup> {
  const advisories: Advisory[] = [];
  const zip = join(DATA, 'osv-mirror', part, 'all.zip');
  for await (const entry of readOsvZip(zip, part, new AbortController().signal)) {
    if ('advisory' in entry) advisories.push(entry.advisory);
  }
  return {
    find: async () => advisories,
    known: async (ecosystems) => new Set(ecosystems),
    mavenProjects: async () => [],
    scores: async () => new Map(),
  };
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(DATA, 'images', name), 'utf8')) as T;
}

function missing(wanted: string[], found: string[]): string[] {
  const set = new Set(found);
  return wanted.filter((entry) => !set.has(entry));
}
