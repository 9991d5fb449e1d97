import { describe, expect, it } from 'vitest';
import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { Judgement } from '../../model/finding.js';
import type { Package } from '../../model/package.js';
import type { Cvss } from '../../model/severity.js';
import { type AdvisoryLookup, judge } from './match.js';

interface RecordFields extends Partial<Omit<Advisory, 'affected'>> {
  affected: (Partial<AffectedPackage> & { fixed?: string | null })[];
}

/** A record about perl in Debian 12, if it does not say otherwise; `fixed: null` is no fix. */
function record(id: string, { affected, ...fields }: RecordFields): Advisory {
  return {
    id,
    aliases: [],
    upstream: [],
    summary: '',
    severity: null,
    cvss: [],
    modified: new Date(0),
    withdrawn: null,
    affected: affected.map(({ fixed, ...entry }) => ({
      ecosystem: 'Debian:12',
      name: 'perl',
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...(fixed ? [{ fixed }] : [])] }],
      versions: [],
      severity: null,
      cvss: [],
      ...entry,
    })),
    ...fields,
  };
}

function deb(name: string, version: string, source: Package['source'] = null): Package {
  return {
    purl: `pkg:deb/debian/${name}@${version}?arch=amd64`,
    type: 'deb',
    ecosystem: 'Debian:12',
    name,
    version,
    source,
    architecture: 'amd64',
    licenses: [],
    module: null,
    locations: [{ path: '/var/lib/dpkg/status', layer: 'sha256:1' }],
  };
}

function npm(name: string, version: string): Package {
  const locations = [{ path: `/app/node_modules/${name}-${version}/package.json`, layer: null }];
  return {
    ...deb(name, version),
    purl: `pkg:npm/${name}@${version}`,
    type: 'npm',
    ecosystem: 'npm',
    architecture: null,
    locations,
  };
}

const PERL = deb('perl', '5.36.0-7');

async function judged(advisories: Advisory[], packages: Package[] = [PERL], known = ['Debian:12', 'npm']) {
  const lookup: AdvisoryLookup = {
    find: async () => [...advisories],
    known: async () => new Set(known),
  };
  const inventory = { packages };
  const result = await judge(inventory, lookup);
  const again = await judge(inventory, { ...lookup, find: async () => [...advisories].reverse() });
  expect(again).toEqual(result);
  return result;
}

async function only(advisories: Advisory[], packages?: Package[]): Promise<Judgement> {
  const { judgements } = await judged(advisories, packages);
  expect(judgements).toHaveLength(1);
  return judgements[0] as Judgement;
}

const cvss = (version: string, score: number, source = 'X'): Cvss => ({
  version,
  vector: `v${version}`,
  score,
  source,
});

describe('judge', () => {
  it('looks for a package by its source, or by its own name where the distribution files advisories so', async () => {
    const libs = (ecosystem: string): Package => ({
      ...deb('openssl-libs', '3.0.7-24.el9', { name: 'openssl', version: '3.0.7-24.el9' }),
      type: 'rpm',
      ecosystem,
    });
    const found = async (ecosystem: string) => {
      const affected = ['openssl', 'openssl-libs'].map((name) => ({ ecosystem, name, fixed: '3.0.7-25.el9' }));
      const advisories = affected.map((entry) => record(`SA-${entry.name}`, { affected: [entry] }));
      return (await judged(advisories, [libs(ecosystem)], [ecosystem])).judgements.map(({ ruleId }) => ruleId);
    };
    expect(await found('Rocky Linux:9')).toEqual(['SA-openssl']);
    expect(await found('AlmaLinux:9')).toEqual(['SA-openssl-libs']);
  });

  it('takes the epoch of an rpm for that of its source, whose name has none', async () => {
    const openssl = (version: string): Package => ({
      ...deb('openssl-libs', version, { name: 'openssl', version: version.replace('1:', '') }),
      purl: `pkg:rpm/rocky/openssl-libs@${version}`,
      type: 'rpm',
      ecosystem: 'Rocky Linux:9',
    });
    const range = { type: 'ECOSYSTEM' as const, events: [{ introduced: '0' }, { fixed: '1:3.0.7-25.el9' }] };
    const advisory = record('RLSA-2024:1', {
      affected: [{ ecosystem: 'Rocky Linux:9', name: 'openssl', ranges: [range] }],
    });
    const states = async (version: string) =>
      (await judged([advisory], [openssl(version)], ['Rocky Linux:9'])).judgements.map(({ status }) => status);
    expect(await states('1:3.0.7-24.el9')).toEqual(['open']);
    expect(await states('1:3.0.7-25.el9')).toEqual([]);
  });

  it('tells all there is to know of an affected package', async () => {
    const advisory = record('DEBIAN-CVE-2024-1', {
      upstream: ['CVE-2024-1'],
      summary: 'perl runs what it should not',
      affected: [{ fixed: '5.36.0-7+deb12u1', severity: 'high' }],
    });
    expect(await judged([advisory])).toEqual({
      judgements: [
        {
          fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
          kind: 'vulnerability',
          ruleId: 'CVE-2024-1',
          aliases: ['DEBIAN-CVE-2024-1'],
          advisories: ['DEBIAN-CVE-2024-1'],
          title: 'perl runs what it should not',
          severity: 'high',
          severitySource: 'debian',
          cvss: null,
          ratings: [{ source: 'debian', severity: 'high', cvss: null }],
          status: 'open',
          package: { purl: PERL.purl, name: 'perl', version: '5.36.0-7', source: null },
          fixedVersion: '5.36.0-7+deb12u1',
          fixState: 'fixed',
          location: { path: '/var/lib/dpkg/status', line: null, layer: 'sha256:1', resource: null },
        },
      ],
      gaps: [],
    });
  });

  it('asks for each package of an ecosystem once, by the names that advisories may use', async () => {
    const asked: unknown[] = [];
    const source = { name: 'perl', version: '5.36.0-7' };
    const packages = [
      deb('perl-base', '5.36.0-7', source),
      deb('libperl5.36', '5.36.0-7', source),
      deb('bash', '5.2'),
      npm('ms', '1.0.0'),
      { ...npm('x', '1'), ecosystem: null },
    ];
    await judge(
      { packages },
      {
        find: async (wanted) => {
          asked.push(...wanted);
          return [];
        },
        known: async (ecosystems) => {
          asked.push(...ecosystems);
          return new Set(ecosystems);
        },
      },
    );
    expect(asked).toEqual([
      { ecosystem: 'Debian:12', name: 'perl' },
      { ecosystem: 'Debian:12', name: 'perl-base' },
      { ecosystem: 'Debian:12', name: 'libperl5.36' },
      { ecosystem: 'Debian:12', name: 'bash' },
      { ecosystem: 'npm', name: 'ms' },
      'Debian:12',
      'npm',
    ]);
  });

  it('compares the version of the source package, and judges each package that was built from it', async () => {
    const source = { name: 'glibc', version: '2.36-9' };
    const packages = [deb('libc6', '1:9', source), deb('libc-bin', '0', source), deb('glibc', '2.36-10')];
    const { judgements } = await judged(
      [record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: [{ name: 'glibc', fixed: '2.36-10' }] })],
      packages,
    );
    expect(judgements.map((j) => [j.package?.name, j.fixedVersion])).toEqual([
      ['libc6', '2.36-10'],
      ['libc-bin', '2.36-10'],
    ]);
    expect(new Set(judgements.map((j) => j.fingerprint)).size).toBe(2);
  });

  it('looks at the release of the package alone', async () => {
    const advisory = record('DSA-1-1', {
      upstream: ['CVE-2024-1'],
      affected: [{ fixed: '5.36.0-6' }, { ecosystem: 'Debian:11', fixed: '9' }],
    });
    expect(await judged([advisory])).toEqual({ judgements: [], gaps: [] });
  });

  it('makes a finding of each upstream vulnerability of a bulletin, and one of a CVE in several records', async () => {
    const upstream = Array.from({ length: 10 }, (_, i) => `CVE-2024-${i + 1}`);
    const { judgements } = await judged([
      record('DSA-1-1', { upstream, affected: [{ fixed: '5.36.0-8' }] }),
      record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-8' }] }),
    ]);
    expect(judgements.map((j) => j.ruleId)).toEqual([...upstream].sort());
    expect(judgements[0]?.aliases).toEqual(['DEBIAN-CVE-2024-1', 'DSA-1-1']);
    expect(judgements[0]?.advisories).toEqual(['DEBIAN-CVE-2024-1']);
  });

  it("lets a distribution's record of the CVE beat its bulletins", async () => {
    const bulletin = record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-7' }] });
    const open = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: null }] });
    expect(await only([bulletin, open])).toMatchObject({ status: 'open', fixedVersion: null, fixState: 'not_fixed' });

    const late = record('DLA-1-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '9' }] });
    const fixed = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-7' }] });
    expect(await judged([late, fixed])).toEqual({ judgements: [], gaps: [] });
  });

  it('counts a CVE as fixed by the first of several bulletins', async () => {
    const first = (fixed: string) => record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: [{ fixed }] });
    const regression = record('DSA-1-2', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-9' }] });
    expect(await judged([first('5.36.0-7'), regression])).toEqual({ judgements: [], gaps: [] });
    expect(await only([first('5.36.0-8'), regression])).toMatchObject({
      fixedVersion: '5.36.0-8',
      advisories: ['DSA-1-1', 'DSA-1-2'],
    });
  });

  it('does not take a bulletin about later versions for a fix', async () => {
    const later = record('DSA-2-1', {
      upstream: ['CVE-2024-1'],
      affected: [{ ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '6' }, { fixed: '6.1' }] }] }],
    });
    const open = record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-8' }] });
    expect(await only([later, open])).toMatchObject({ fixedVersion: '5.36.0-8', advisories: ['DSA-1-1'] });
  });

  it('makes one finding of records that share an alias, with the smallest fix', async () => {
    const judgement = await only(
      [
        record('GHSA-a', { aliases: ['CVE-2024-1'], affected: [{ ecosystem: 'npm', name: 'ms', fixed: '2.0.0' }] }),
        record('RETIRE-1', { aliases: ['CVE-2024-1'], affected: [{ ecosystem: 'npm', name: 'ms', fixed: '1.5.0' }] }),
        record('OTHER-1', { aliases: ['CVE-2024-1'], affected: [{ ecosystem: 'npm', name: 'ms', fixed: '0.5.0' }] }),
      ],
      [npm('ms', '1.0.0')],
    );
    expect(judgement).toMatchObject({
      ruleId: 'CVE-2024-1',
      aliases: ['GHSA-a', 'OTHER-1', 'RETIRE-1'],
      advisories: ['GHSA-a', 'RETIRE-1'],
      fixedVersion: '1.5.0',
    });
  });

  it('makes two findings of two versions of one package', async () => {
    const advisory = record('GHSA-a', { affected: [{ ecosystem: 'npm', name: 'ms', fixed: '3.0.0' }] });
    const { judgements } = await judged([advisory], [npm('ms', '1.0.0'), npm('ms', '2.0.0')]);
    expect(judgements.map((j) => j.package?.version)).toEqual(['1.0.0', '2.0.0']);
    expect(new Set(judgements.map((j) => j.fingerprint)).size).toBe(2);
  });

  it('joins several entries of a record for one package', async () => {
    const advisory = record('GHSA-a', {
      affected: [
        { fixed: '1', severity: 'low' },
        { fixed: '5.36.0-8', severity: 'high' },
      ],
    });
    expect(await only([advisory])).toMatchObject({ fixedVersion: '5.36.0-8', severity: 'high' });
  });

  it('says that a release gets no fix any more', async () => {
    const advisory = record('DEBIAN-CVE-2024-1', {
      upstream: ['CVE-2024-1'],
      affected: [{ fixed: null, fixState: 'end_of_life' }],
    });
    expect(await only([advisory])).toMatchObject({ fixedVersion: null, fixState: 'end_of_life' });
  });

  it('tells versions that cannot be ordered as undetermined, once per package', async () => {
    const { judgements, gaps } = await judged(
      [
        record('DSA-1-1', { upstream: ['CVE-2024-1', 'CVE-2024-2'], affected: [{ fixed: 'not a version' }] }),
        record('DSA-2-1', { upstream: ['CVE-2024-3'], affected: [{ fixed: '5.36.0-8' }] }),
      ],
      [PERL, deb('other', '1')],
    );
    expect(judgements.map((j) => [j.ruleId, j.status, j.fixedVersion, j.fixState])).toEqual([
      ['CVE-2024-1', 'undetermined', null, 'unknown'],
      ['CVE-2024-2', 'undetermined', null, 'unknown'],
      ['CVE-2024-3', 'open', '5.36.0-8', 'fixed'],
    ]);
    expect(gaps).toEqual([
      {
        code: 'version_undetermined',
        subject: PERL.purl,
        message:
          'Cannot tell whether perl 5.36.0-7 is affected by CVE-2024-1, and 1 more: the version "not a version" cannot be ordered by the rules of deb. Check it by hand.',
      },
    ]);
  });

  it('does not call undetermined what another record decides', async () => {
    const unordered = record('GHSA-a', { aliases: ['CVE-2024-1'], affected: [{ fixed: 'not a version' }] });
    const open = record('GHSA-b', { aliases: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-8' }] });
    expect(await only([unordered, open])).toMatchObject({ status: 'open', fixedVersion: '5.36.0-8' });
    const perCve = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: 'not a version' }] });
    const bulletin = record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-8' }] });
    expect(await only([perCve, bulletin])).toMatchObject({ status: 'open', fixedVersion: '5.36.0-8' });
  });

  it("tells that a package is not the distribution's, whether or not an advisory names it", async () => {
    const nginx = deb('nginx', '1.25.3-1~bookworm');
    const docker = deb('docker-ce', '5:24.0.7-1~debian.12~bookworm');
    const open = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: [{ name: 'nginx', fixed: null }] });
    const { judgements, gaps } = await judged([open], [nginx, docker]);
    expect(judgements.map((j) => [j.ruleId, j.status, j.fixedVersion, j.fixState])).toEqual([
      ['CVE-2024-1', 'undetermined', null, 'unknown'],
    ]);
    expect(gaps.map(({ code, subject }) => [code, subject])).toEqual([
      ['third_party_package', nginx.purl],
      ['third_party_package', docker.purl],
    ]);
  });

  it('does not call it a gap of the scan that the maintainers are still looking', async () => {
    const advisory = record('DEBIAN-CVE-2024-1', {
      upstream: ['CVE-2024-1'],
      affected: [{ status: 'undetermined' }],
    });
    const { judgements, gaps } = await judged([advisory]);
    expect(judgements.map(({ status }) => status)).toEqual(['undetermined']);
    expect(gaps).toEqual([]);
  });

  it('says for which ecosystems no feed has advisories', async () => {
    const { gaps } = await judged([], [PERL, npm('ms', '1.0.0'), { ...npm('x', '1'), ecosystem: null }], ['npm']);
    expect(gaps).toEqual([
      { code: 'advisories_missing', subject: 'Debian:12', message: expect.stringContaining('sync the feeds') },
    ]);
  });
});

describe('the title', () => {
  const about = (id: string, summary: string, upstream: string[] = ['CVE-2024-1']) =>
    record(id, { summary, upstream, affected: [{ fixed: null }] });

  it('is that of the record that is about the least else', async () => {
    const { judgements } = await judged([
      about('DSA-1-1', 'perl - update', ['CVE-2024-1', 'CVE-2024-2']),
      about('DLA-1-1', 'one fault'),
    ]);
    expect(judgements.map((j) => j.title)).toEqual(['one fault', 'perl - update']);
  });

  it('names vulnerability and package where no record has one', async () => {
    expect((await only([about('DSA-1-1', 'DSA-1-1')])).title).toBe('CVE-2024-1 in perl');
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

  it('is of the record that decides before others', async () => {
    const bulletin = record('DSA-1-1', { upstream: ['CVE-2024-1'], severity: 'critical', affected: perl() });
    const perCve = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: perl({ severity: 'low' }) });
    expect(await severity(bulletin, perCve)).toEqual(['low', 'debian', null]);
    expect(
      await severity(bulletin, { ...perCve, affected: perCve.affected.map((a) => ({ ...a, severity: null })) }),
    ).toEqual(['critical', 'debian', null]);
  });
});
