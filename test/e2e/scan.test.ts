import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, npmAdvisory, writeOsvMirror } from '../support/advisories.js';
import {
  alpine,
  apkDatabase,
  dockerArchive,
  ociLayout,
  sha256,
  type TarEntries,
  tar,
  writeFiles,
} from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const SYSTEM = alpine([
  { name: 'musl', version: '1.1.22-r3' },
  { name: 'libcrypto1.1', version: '1.1.1d-r2', origin: 'openssl' },
  { name: 'libssl1.1', version: '1.1.1d-r2', origin: 'openssl' },
]);

const APPLICATION: TarEntries = {
  'app/node_modules/left/package.json': '{"name":"left","version":"1.0.0","license":"MIT"}',
  'app/node_modules/@scope/right/package.json': '{"name":"@scope/right","version":"2.0.0"}',
  'app/node_modules/odd/package.json': '{"name":"odd","version":"not-a-version"}',
};

/** What every transport must find in the system above. */
const EXPECTED = [
  ['libcrypto1.1', 'CVE-2020-1967', '1.1.1g-r0'],
  ['libssl1.1', 'CVE-2020-1967', '1.1.1g-r0'],
  ['musl', 'CVE-2020-28928', '1.1.22-r4'],
];

describe('scanning an image', () => {
  let service: TestApp;

  beforeAll(async () => {
    service = await startTestApp();
    await writeOsvMirror(service.mirror, {
      Alpine: [
        alpineAdvisory('CVE-2020-28928', 'musl', '1.1.22-r4'),
        alpineAdvisory('CVE-2020-1967', 'openssl', '1.1.1g-r0'),
        alpineAdvisory('CVE-2019-1551', 'openssl', '1.1.1d-r2'),
      ],
      npm: [
        npmAdvisory('GHSA-aaaa-bbbb-cccc', ['CVE-2024-0001'], 'left', '1.2.0', {
          severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
          database_specific: { severity: 'HIGH' },
        }),
        npmAdvisory('OTHER-1', ['GHSA-aaaa-bbbb-cccc'], 'left', '1.2.0'),
        npmAdvisory('GHSA-dddd-eeee-ffff', [], 'odd', '1.0.0'),
      ],
    });
    await service.sync();
  });
  afterAll(() => service.close());

  async function findingsOf(scanId: string): Promise<(string | null)[][]> {
    const { body } = await service.request('GET', `/v1/scans/${scanId}/findings?limit=500`);
    return body.items
      .map((f: { package: { name: string }; ruleId: string; fixedVersion: string | null }) => [
        f.package.name,
        f.ruleId,
        f.fixedVersion,
      ])
      .sort();
  }

  async function expectSystem(reference: string): Promise<void> {
    const scan = await service.scan(reference);
    expect(scan).toMatchObject({ status: 'succeeded', error: null, coverage: { complete: true, items: [] } });
    expect(await findingsOf(scan.id)).toEqual(EXPECTED);
  }

  it('reads a docker archive, plain and gzipped', async () => {
    const archive = await dockerArchive([await tar(SYSTEM)]);
    await writeFile(join(service.importDir, 'image.tar'), archive);
    await writeFile(join(service.importDir, 'image.tar.gz'), gzipSync(archive));
    await expectSystem(`docker-archive:${service.importDir}/image.tar`);
    await expectSystem(`docker-archive:${service.importDir}/image.tar.gz`);
  });

  it('reads an OCI layout, as a folder and as an archive', async () => {
    const layout = ociLayout([await tar(SYSTEM)], { 'org.opencontainers.image.ref.name': 'v1' });
    await writeFiles(join(service.importDir, 'layout'), layout);
    await writeFile(join(service.importDir, 'layout.tar'), await tar(layout));
    await expectSystem(`oci:${service.importDir}/layout`);
    await expectSystem(`oci:${service.importDir}/layout:v1`);
    await expectSystem(`oci-archive:${service.importDir}/layout.tar`);
  });

  it('reads a root file system as a folder and as a tarball, plain, gzip and zstd', async () => {
    await writeFiles(join(service.importDir, 'root'), SYSTEM);
    const tarball = await tar(SYSTEM);
    await writeFile(join(service.importDir, 'root.tar'), tarball);
    await writeFile(join(service.importDir, 'root.tar.gz'), gzipSync(tarball));
    await writeFile(join(service.importDir, 'root.tar.zst'), zstdCompressSync(tarball));
    await expectSystem(`rootfs:${service.importDir}/root`);
    await expectSystem(`rootfs:${service.importDir}/root.tar`);
    await expectSystem(`rootfs:${service.importDir}/root.tar.gz`);
    await expectSystem(`rootfs:${service.importDir}/root.tar.zst`);
  });

  it('reads an upload, whatever it is', async () => {
    const tarball = await tar(SYSTEM);
    for (const content of [gzipSync(tarball), await dockerArchive([tarball]), await tar(ociLayout([tarball]))]) {
      const response = await fetch(`${service.url}/v1/uploads`, {
        method: 'POST',
        headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(content),
      });
      expect(response.status).toBe(201);
      const upload = (await response.json()) as { id: string; reference: string; size: number; digest: string };
      expect(upload).toMatchObject({
        size: content.length,
        digest: `sha256:${sha256(content)}`,
        reference: `upload:${upload.id}`,
      });
      await expectSystem(`upload:${upload.id}`);
    }
  });

  it('serves packages with source, licence, file and layer', async () => {
    const [base, top] = [await tar(SYSTEM), await tar(APPLICATION)];
    await writeFile(join(service.importDir, 'two.tar'), await dockerArchive([base, top]));
    const scan = await service.scan(`docker-archive:${service.importDir}/two.tar`);
    const { body } = await service.request('GET', `/v1/scans/${scan.id}/packages`);
    expect(body.nextCursor).toBeNull();
    expect(body.items).toContainEqual({
      purl: 'pkg:apk/alpine/libssl1.1@1.1.1d-r2?arch=x86_64&distro=alpine-3.10.4',
      type: 'apk',
      ecosystem: 'Alpine:v3.10',
      name: 'libssl1.1',
      version: '1.1.1d-r2',
      source: { name: 'openssl', version: '1.1.1d-r2' },
      architecture: 'x86_64',
      locations: [{ path: '/lib/apk/db/installed', layer: `sha256:${sha256(base)}` }],
      licenses: ['MIT'],
      module: null,
    });
    expect(body.items).toContainEqual({
      purl: 'pkg:npm/%40scope/right@2.0.0',
      type: 'npm',
      architecture: null,
      ecosystem: 'npm',
      name: '@scope/right',
      version: '2.0.0',
      source: null,
      locations: [{ path: '/app/node_modules/@scope/right/package.json', layer: `sha256:${sha256(top)}` }],
      licenses: [],
      module: null,
    });
  });

  it('names a finding by its CVE, once for records that share an alias, and says what it cannot order', async () => {
    await writeFile(
      join(service.importDir, 'app.tar'),
      await dockerArchive([await tar(SYSTEM), await tar(APPLICATION)]),
    );
    const scan = await service.scan(`docker-archive:${service.importDir}/app.tar`);
    expect(scan.status).toBe('partial');
    expect(scan.coverage.items).toContainEqual(
      expect.objectContaining({ code: 'version_undetermined', subject: 'pkg:npm/odd@not-a-version' }),
    );
    const { body } = await service.request('GET', `/v1/scans/${scan.id}/findings?limit=500`);
    const left = body.items.filter((f: { package: { name: string } }) => f.package.name === 'left');
    expect(left).toEqual([
      expect.objectContaining({
        kind: 'vulnerability',
        ruleId: 'CVE-2024-0001',
        aliases: ['GHSA-aaaa-bbbb-cccc', 'OTHER-1'],
        severity: 'high',
        severitySource: 'github',
        cvss: expect.objectContaining({ version: '3.1', score: 9.8 }),
        ratings: [expect.objectContaining({ source: 'github', severity: 'high' })],
        status: 'open',
        fixedVersion: '1.2.0',
        fixState: 'fixed',
        location: {
          path: '/app/node_modules/left/package.json',
          line: null,
          layer: expect.stringMatching(/^sha256:/),
          resource: null,
        },
        closedAt: null,
      }),
    ]);
    const odd = body.items.find((f: { package: { name: string } }) => f.package.name === 'odd');
    expect(odd).toMatchObject({ status: 'undetermined', ruleId: 'GHSA-dddd-eeee-ffff' });
  });

  it('takes packages of removed files away, and says which layer brought what was added again', async () => {
    const layers = await Promise.all(
      [
        { ...SYSTEM, ...APPLICATION },
        {
          'app/node_modules/.wh.left': '',
          'lib/apk/db/installed': apkDatabase([{ name: 'musl', version: '1.1.22-r3' }]),
        },
        {
          'app/node_modules/@scope/.wh..wh..opq': '',
          'lib/apk/db/installed': apkDatabase([
            { name: 'musl', version: '1.1.22-r3' },
            { name: 'libssl1.1', version: '1.1.1d-r2', origin: 'openssl' },
          ]),
        },
      ].map((entries) => tar(entries as TarEntries)),
    );
    await writeFile(join(service.importDir, 'removed.tar'), await dockerArchive(layers));
    const scan = await service.scan(`docker-archive:${service.importDir}/removed.tar`);
    const { body } = await service.request('GET', `/v1/scans/${scan.id}/packages`);
    const layerOf = Object.fromEntries(
      body.items.map((p: { name: string; locations: { layer: string }[] }) => [p.name, p.locations[0]?.layer]),
    );
    expect(layerOf).toEqual({
      'libssl1.1': `sha256:${sha256(layers[2] as Buffer)}`,
      musl: `sha256:${sha256(layers[0] as Buffer)}`,
      odd: `sha256:${sha256(layers[0] as Buffer)}`,
    });
  });

  it('never calls an image clean for which it has no advisories', async () => {
    await writeFile(
      join(service.importDir, 'new.tar'),
      await dockerArchive([await tar(alpine([{ name: 'musl', version: '1.2.5-r0' }], '3.20.3'))]),
    );
    const scan = await service.scan(`docker-archive:${service.importDir}/new.tar`);
    expect(scan.status).toBe('partial');
    expect(scan.coverage.items).toEqual([
      expect.objectContaining({ code: 'advisories_missing', subject: 'Alpine:v3.20' }),
    ]);
  });

  it('never calls an image clean in which it recognised nothing', async () => {
    await writeFile(join(service.importDir, 'empty.tar'), await dockerArchive([await tar({ 'bin/app': 'x' })]));
    const scan = await service.scan(`docker-archive:${service.importDir}/empty.tar`);
    expect(scan).toMatchObject({
      status: 'partial',
      coverage: { items: [expect.objectContaining({ code: 'nothing_recognised' })] },
    });
  });
});
