import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../e2e/app.js';
import { unpack } from '../support/feed-records.js';
import { FeedServer } from '../support/feed-server.js';
import { tar, writeFiles } from '../support/image.js';
import { osRelease, rpmdb } from '../support/vendor.js';

const ADVISORIES = '../shared/data/advisories';
const isThere = existsSync(ADVISORIES);
if (!isThere) console.info(`skipped: there is no ${ADVISORIES}`);

describe.skipIf(!isThere)('real files of vendors', () => {
  let server: FeedServer;
  let service: TestApp;
  let roots: string;
  const folders: string[] = [];

  beforeAll(async () => {
    server = await FeedServer.start();
    roots = await mkdtemp(join(tmpdir(), 'plimsoll-roots-'));
    folders.push(roots);
    const [vunnel = '', trivy = '', kev = ''] = [
      'vunnel-provider-fixtures',
      'trivy-db-vulnsrc-fixtures',
      'cisa-kev',
    ].map((name) => {
      const folder = unpack(join(ADVISORIES, `${name}.tar.gz`));
      folders.push(folder);
      return join(folder, name);
    });
    const provider = (path: string) => readFileSync(join(vunnel, 'tests/unit/providers', path));
    const csaf = (path: string) => readFileSync(join(trivy, 'pkg/vulnsrc/redhat-csaf/testdata/happy/csaf-vex', path));
    const serve = (path: string, content: Buffer | string) => server.files.set(path, content);

    serve('/debian/data/json', provider('debian/test-fixtures/input/debian.json'));
    serve('/debian/data/DSA/list', provider('debian/test-fixtures/input/DSA'));
    serve('/alpine/', '<a href="../">../</a><a href="v3.15/">v3.15/</a>');
    serve('/alpine/v3.15/', '<a href="main.yaml">main.yaml</a><a href="community.yaml">community.yaml</a>');
    for (const repository of ['main', 'community']) {
      serve(`/alpine/v3.15/${repository}.yaml`, provider(`alpine/test-fixtures/input/secdb/v3.15/${repository}.yaml`));
    }
    for (const feed of ['wolfi', 'chainguard']) {
      serve(`/${feed}/security.json`, provider(`${feed}/test-fixtures/input/secdb/security.json`));
    }
    serve('/oracle/com.oracle.elsa-all.xml.bz2', provider('oracle/test-fixtures/mock_per_arch_data'));
    serve('/suse/suse.linux.enterprise.server.15-affected.xml.gz', provider('sles/test-fixtures/suse_truncated.xml'));
    const names = ['cve-2024-10041.json', 'cve-2024-9999.json'];
    const documents = Object.fromEntries(names.map((name) => [`2024/${name}`, csaf(name)]));
    serve('/redhat/archive_latest.txt', 'csaf_vex_2025-02-18.tar.zst\n');
    serve('/redhat/csaf_vex_2025-02-18.tar.zst', zstdCompressSync(await tar(documents)));
    serve('/kev/known_exploited_vulnerabilities.json', readFileSync(join(kev, 'known_exploited_vulnerabilities.json')));
    const at = (feed: string) => `${server.url}/${feed}`;
    service = await startTestApp({
      importDirs: [roots],
      debianSource: at('debian'),
      alpineSource: at('alpine'),
      wolfiSource: at('wolfi'),
      chainguardSource: at('chainguard'),
      oracleSource: at('oracle'),
      suseSource: at('suse'),
      redhatSource: at('redhat'),
      kevSource: at('kev'),
    });
  });
  afterAll(async () => {
    await service.close();
    await server.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  it.each([
    // An issue of the sample has a list of releases, which the tracker never has.
    ['debian', 1],
    ['alpine', 0],
    ['wolfi', 0],
    ['chainguard', 0],
    ['oracle', 0],
    ['redhat', 0],
    ['kev', 0],
  ])('of %s come in', async (feed, rejected) => {
    const state = await service.sync(feed);
    expect(state).toMatchObject({ status: 'idle', lastError: null, rejected });
    expect(state.records).toBeGreaterThan(0);
  });

  it('of suse come in though those of other releases are not there, which is told', async () => {
    const state = await service.sync('suse');
    expect(state).toMatchObject({ status: 'failed', lastError: { code: 'feed_source_invalid' } });
    expect(state.records).toBeGreaterThan(0);
  });

  const systems: [string, Record<string, string | Buffer>, string[]][] = [
    [
      'Oracle Linux 7',
      {
        'etc/os-release': osRelease('ol', '7.9', 'Oracle Linux Server 7.9'),
        ...rpmdb([{ name: 'rsyslog', evr: '8.24.0-57.0.1.el7_9.3' }]),
      },
      [],
    ],
    [
      'Oracle Linux 7 on aarch64',
      {
        'etc/os-release': osRelease('ol', '7.9', 'Oracle Linux Server 7.9'),
        ...rpmdb([{ name: 'rsyslog', evr: '8.24.0-57.0.1.el7_9.3', arch: 'aarch64' }]),
      },
      ['rsyslog CVE-2022-24903 fixed 8.24.0-57.0.4.el7_9.3 high'],
    ],
    [
      'SLES 15 SP1',
      {
        'etc/os-release': osRelease('sles', '15.1', 'SUSE Linux Enterprise Server 15 SP1'),
        ...rpmdb([{ name: 'kernel-default', evr: '4.12.14-197.83.1' }]),
      },
      ['kernel-default CVE-2021-29154 fixed 4.12.14-197.89.2 high'],
    ],
    [
      'Red Hat Enterprise Linux 9',
      {
        'etc/os-release': osRelease('rhel', '9.5', 'Red Hat Enterprise Linux 9.5'),
        ...rpmdb([{ name: 'pam', evr: '1.5.1-20.el9' }]),
      },
      ['pam CVE-2024-10041 fixed 1.5.1-21.el9_5 medium'],
    ],
    [
      'Wolfi',
      {
        'etc/os-release': osRelease('wolfi', '20230201', 'Wolfi'),
        'lib/apk/db/installed':
          'P:busybox\nV:1.35.0-r2\nA:x86_64\no:busybox\n\nP:coreutils\nV:9.1-r0\nA:x86_64\no:coreutils\n\n',
      },
      ['busybox CVE-2022-28391 fixed 1.35.0-r3 unknown', 'busybox CVE-2022-30065 fixed 1.35.0-r3 unknown'],
    ],
    [
      'Alpine 3.15',
      {
        'etc/os-release': osRelease('alpine', '3.15.4', 'Alpine Linux v3.15'),
        'lib/apk/db/installed': 'P:xz-libs\nV:5.2.5-r0\nA:x86_64\no:xz\n\nP:zlib\nV:1.2.12-r1\nA:x86_64\no:zlib\n\n',
      },
      ['xz-libs CVE-2022-1271 fixed 5.2.5-r1 unknown', 'zlib CVE-2022-37434 fixed 1.2.12-r2 unknown'],
    ],
  ];
  it.each(systems)('say what is vulnerable in %s', async (name, files, expected) => {
    const root = join(roots, name.replaceAll(' ', '-'));
    await writeFiles(root, files);
    const scan = await service.scan(`rootfs:${root}`);
    expect(scan.error).toBeNull();
    const { body } = await service.request('GET', `/v1/scans/${scan.id}/findings?kind=vulnerability&limit=500`);
    const found = body.items.map(
      (f: Record<string, unknown> & { package: { name: string } }) =>
        `${f.package.name} ${f.ruleId} ${f.fixState} ${f.fixedVersion} ${f.severity}`,
    );
    expect(found.sort()).toEqual(expected);
  });
});
