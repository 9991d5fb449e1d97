import { describe, expect, it } from 'vitest';
import { deb, judged, npm, only, PERL, record } from '../../../test/support/judging.js';
import type { Package } from '../../model/package.js';
import { judge } from './match.js';

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
      undecided: [],
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
        mavenProjects: async () => [],
        scores: async () => new Map(),
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
    expect(await judged([advisory])).toEqual({ judgements: [], gaps: [], undecided: [] });
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
