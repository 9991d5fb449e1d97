import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inLines, readContent } from '../../test/support/feed-records.js';
import { almalinuxFeed } from './almalinux/almalinux-feed.js';
import type { AdvisoryFeedPlugin } from './feed-plugin.js';
import { oracleFeed } from './oracle/oracle-feed.js';
import { redhatFeed } from './redhat/redhat-feed.js';
import { suseFeed } from './suse/suse-feed.js';

const ADVISORIES = '../shared/data/advisories';

// What other tools read of the same records stands beside them in these archives.
const there = existsSync(ADVISORIES);
if (!there) console.info(`skipped: there is no ${ADVISORIES}`);
describe.skipIf(!there)('real records of rpm vendors', () => {
  let folder = '';
  const vunnel = (path: string) => join(folder, 'vunnel-provider-fixtures/tests/unit/providers', path);
  const trivy = (path: string) => join(folder, 'trivy-db-vulnsrc-fixtures/pkg/vulnsrc', path);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-vendors-'));
    for (const name of ['vunnel-provider-fixtures', 'trivy-db-vulnsrc-fixtures']) {
      execFileSync('tar', ['-xzf', join(ADVISORIES, `${name}.tar.gz`), '-C', folder]);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = async (feed: AdvisoryFeedPlugin, path: string, part: string) => {
    const { advisories, rejected } = await readContent(feed, readFileSync(path), part);
    expect(rejected).toEqual([]);
    return new Map(advisories.map((advisory) => [advisory.id, { ...advisory, lines: inLines(advisory.affected) }]));
  };

  it("of Oracle's OVAL", async () => {
    const found = await read(oracleFeed, vunnel('oracle/test-fixtures/mock_data'), 'elsa');
    expect([...found.keys()]).toEqual(['ELSA-2007-0057', 'ELSA-2018-4250']);
    const bind = found.get('ELSA-2007-0057');
    expect(bind).toMatchObject({ severity: 'medium', upstream: ['CVE-2007-0493', 'CVE-2007-0494'] });
    const names = ['bind', 'bind-chroot', 'bind-devel', 'bind-libbind-devel', 'bind-libs', 'bind-sdb', 'bind-utils'];
    expect(bind?.lines.sort()).toEqual(
      [...names, 'caching-nameserver'].map((name) => `Oracle Linux:5 binary ${name} >=0 <30:9.3.3-8.el5`),
    );
  });

  it("of Oracle's OVAL, by architecture", async () => {
    const found = await read(oracleFeed, vunnel('oracle/test-fixtures/mock_per_arch_data'), 'elsa');
    expect(found.get('ELSA-2022-4803')?.lines.filter((line) => line.includes(' rsyslog '))).toEqual([
      'Oracle Linux:7 binary rsyslog [aarch64] >=0 <8.24.0-57.0.4.el7_9.3',
      'Oracle Linux:7 binary rsyslog [i386 i486 i586 i686 x86_64] >=0 <8.24.0-57.0.1.el7_9.3',
    ]);
    expect(found.get('ELSA-2025-10073')?.lines).toEqual(['Oracle Linux:10 binary firefox >=0 <128.12.0-1.0.1.el10_0']);
    expect(found.get('ELSA-2024-2961')?.lines.filter((line) => line.includes(' osbuild '))).toEqual([
      'Oracle Linux:8 binary osbuild >=0 <110-1.0.1.el8',
      'Oracle Linux:8 binary osbuild >=0 <110-1.el8',
    ]);
  });

  it("of SUSE's OVAL", async () => {
    const found = await read(
      suseFeed,
      vunnel('sles/test-fixtures/suse_truncated.xml'),
      'suse.linux.enterprise.server.15',
    );
    expect(found.get('SUSE-CVE-1999-0524')?.lines).toEqual([
      'SUSE Linux Enterprise:15 binary kernel-default not_affected',
      'SUSE Linux Enterprise:15 binary kernel-source not_affected',
    ]);
    expect(found.get('SUSE-CVE-2026-34073')?.lines).toEqual([
      'SUSE Linux Enterprise:15 binary python3-cryptography not_affected',
    ]);
    const bpf = found.get('SUSE-CVE-2021-29154');
    expect(bpf).toMatchObject({ severity: 'high', cvss: [{ version: '3.1', score: 7 }] });
    expect(bpf?.lines.filter((line) => / kernel-default(-extra)? /.test(line))).toEqual([
      'SUSE Linux Enterprise:15 binary kernel-default >=0 <4.12.14-150.72.1',
      'SUSE Linux Enterprise:15.1 binary kernel-default >=0 <4.12.14-197.89.2',
      'SUSE Linux Enterprise:15.2 binary kernel-default-extra >=0 <5.3.18-24.61.1',
      'SUSE Linux Enterprise:15.3 binary kernel-default-extra >=0 <5.3.18-59.5.2',
    ]);
    expect(found.get('SUSE-CVE-2010-1323')?.lines).toContain('SUSE Linux Enterprise:15 binary krb5 >=0 <1.15.2-4.25');
  });

  it("of Red Hat's CSAF", async () => {
    const csaf = (path: string) =>
      read(redhatFeed, trivy(`redhat-csaf/testdata/vuln-list-redhat/csaf-vex/${path}`), 'vex');
    expect((await csaf('cve-2024-10041.json')).get('REDHAT-CVE-2024-10041')).toMatchObject({
      severity: 'medium',
      lines: ['Red Hat:9 binary pam >=0 <1.5.1-21.el9_5'],
    });
    expect((await csaf('cve-2024-11111.json')).get('REDHAT-CVE-2024-11111')?.lines).toEqual([
      'Red Hat:9 source affected-package >=0 not_fixed',
      'Red Hat:9 binary test-package >=0 <1:1.0.0-1.el9',
      'Red Hat:9 binary modular-package module:2.4 >=0 <2.4.37-65.module+el8.10.0+21982+14717793 medium',
    ]);
    const sudo = await read(redhatFeed, vunnel('rhel/test-fixtures/csaf/advisories/rhsa-2024_0811.json'), 'vex');
    expect([...sudo.values()].map(({ lines }) => lines)).toEqual(
      Array(3).fill(['Red Hat:9 source sudo >=0 <1.9.5p2-10.el9_3', 'Red Hat:8 source sudo >=0 <1.9.5p2-1.el8_9']),
    );
  });

  it.each(['rhsa-2023_3821', 'rhsa-2023_7025', 'rhsa-2024_1431'])("of a module in Red Hat's %s", async (name) => {
    const found = await read(redhatFeed, vunnel(`rhel/test-fixtures/csaf/advisories/${name}.json`), 'vex');
    const expected = {
      'rhsa-2023_3821': 'Red Hat:8 source ruby ruby:2.7 >=0 <2.7.8-139.module+el8.8.0+18745+f1bef313',
      'rhsa-2023_7025': 'Red Hat:8 source ruby ruby:2.5 >=0 <2.5.9-111.module+el8.9.0+19193+435404ae',
      'rhsa-2024_1431': 'Red Hat:8 source ruby ruby:3.1 >=0 <3.1.4-142.module+el8.9.0+21471+7d1e4a35',
    }[name];
    for (const { lines } of found.values()) expect(lines).toContain(expected);
  });

  it('of AlmaLinux, in the older form', async () => {
    const path = trivy('alma/testdata/happy/vuln-list/alma/8/2021/ALSA-2021-3076.json');
    const { advisories } = await readContent(almalinuxFeed, `[${readFileSync(path, 'utf8')}]`, '8');
    expect(inLines(advisories[0]?.affected ?? [])).toEqual([
      'AlmaLinux:8 binary go-toolset go-toolset:rhel8 >=0 <1.15.14-1.module_el8.4.0+2519+614b07b8',
      'AlmaLinux:8 binary golang go-toolset:rhel8 >=0 <1.15.14-1.module_el8.4.0+2519+614b07b8',
    ]);
  });

  it('are refused or named, and never crash a reader that they are not for', async () => {
    const csaf = trivy('redhat-csaf/testdata');
    const files = readdirSync(csaf, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const feed of [redhatFeed, oracleFeed, suseFeed, almalinuxFeed]) {
      for (const { parentPath, name } of files) {
        const part = feed === almalinuxFeed ? '8' : 'vex';
        const outcome = await readContent(feed, readFileSync(join(parentPath, name)), part).catch((error) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'feed_source_invalid' });
      }
    }
  });
});
