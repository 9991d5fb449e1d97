import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../e2e/app.js';

const DATA = resolve('..', 'shared', 'data');
const IMAGES = join(DATA, 'images');
const isThere = existsSync(join(IMAGES, 'ubuntu-jammy-release.tar.gz'));
if (!isThere) console.info(`skipped: the real images and advisories are not in ${DATA}`);

const files = (suffix: string) => (isThere ? readdirSync(IMAGES).filter((name) => name.endsWith(suffix)) : []);
const lines = (path: string) => readFileSync(join(IMAGES, path), 'utf8').trim().split('\n').sort();
const json = (path: string) => JSON.parse(readFileSync(join(IMAGES, path), 'utf8'));

describe.skipIf(!isThere)('real images against real advisories', () => {
  let service: TestApp;

  beforeAll(async () => {
    service = await startTestApp({ importDirs: [IMAGES], osvSource: join(DATA, 'osv-mirror') });
    const feed = await service.sync();
    expect(feed).toMatchObject({ status: 'idle', lastError: null });
    expect(feed.records).toBeGreaterThan(19_000);
    expect(feed.progress.rejected).toBe(0);
  });
  afterAll(() => service.close());

  async function all(path: string) {
    const items = [];
    for (let cursor = ''; ; ) {
      const { body } = await service.request('GET', `${path}${path.includes('?') ? '&' : '?'}limit=500${cursor}`);
      items.push(...body.items);
      if (body.nextCursor === null) return items;
      cursor = `&cursor=${body.nextCursor}`;
    }
  }

  async function pairsOf(reference: string): Promise<string[]> {
    const scan = await service.scan(reference);
    expect(scan.error).toBeNull();
    const findings = await all(`/v1/scans/${scan.id}/findings?kind=vulnerability`);
    return findings.map((f: { package: { name: string }; ruleId: string }) => `${f.package.name} ${f.ruleId}`).sort();
  }

  it.each(files('.expected-apk-info-v.txt'))('finds the packages of %s', async (expected) => {
    const tarball = expected.replace('.expected-apk-info-v.txt', '.tar.gz');
    const scan = await service.scan(`rootfs:${join(IMAGES, tarball)}`);
    const packages = await all(`/v1/scans/${scan.id}/packages`);
    expect(packages.map((p: { name: string; version: string }) => `${p.name}-${p.version}`).sort()).toEqual(
      lines(expected),
    );
  });

  it('finds the packages and the missing security fixes of Ubuntu 22.04, none missing and none extra', async () => {
    const reference = `rootfs:${join(IMAGES, 'ubuntu-jammy-release.tar.gz')}`;
    const scan = await service.scan(reference);
    expect(scan).toMatchObject({ status: 'succeeded', coverage: { complete: true } });
    const packages = await all(`/v1/scans/${scan.id}/packages`);
    const [, ...expected] = readFileSync(join(IMAGES, 'ubuntu-jammy-release.expected-packages.tsv'), 'utf8')
      .trim()
      .split('\n');
    expect(
      packages
        .map((p: { name: string; version: string; purl: string; source: { name: string; version: string } }) =>
          [p.name, p.version, /arch=([a-z0-9]+)/.exec(p.purl)?.[1], p.source.name, p.source.version].join('\t'),
        )
        .sort(),
    ).toEqual(expected.sort());

    const fixes = json('ubuntu-jammy-release.expected-security-fixes.json').sources.flatMap(
      (source: { binaries: { package: string }[]; cves: { cve: string }[] }) =>
        source.cves.flatMap(({ cve }) => source.binaries.map((binary) => `${binary.package} ${cve}`)),
    );
    expect(await pairsOf(reference)).toEqual([...new Set(fixes)].sort());
  });

  it('finds the vulnerabilities of a docker save of Alpine 3.10.4', async () => {
    const expected = json('docker-archive-alpine-3.10.4.expected-vulnlist.json').vulnerable;
    expect(await pairsOf(`docker-archive:${join(IMAGES, 'docker-archive-alpine-3.10.4.tar.gz')}`)).toEqual(
      expected.map((v: { package: string; id: string }) => `${v.package} ${v.id}`).sort(),
    );
  });

  it.each(files('.expected-secdb2020.json'))('finds the vulnerabilities of %s', async (name) => {
    const expected = json(name)
      .vulnerable.map((v: { package: string; id: string }) => `${v.package} ${v.id}`)
      .sort();
    expect(
      await pairsOf(`rootfs:${join(IMAGES, basename(name).replace('.expected-secdb2020.json', '.tar.gz'))}`),
    ).toEqual(expected);
  });
});
