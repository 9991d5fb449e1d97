import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourcePackage } from '../../src/model/package.js';
import { startTestApp, type TestApp } from '../e2e/app.js';
import { bootstrap, rootfsOf } from '../support/bootstrap.js';

const DATA = resolve('..', 'shared', 'data');
const IMAGES = join(DATA, 'images');
const isThere = existsSync(join(IMAGES, 'ubuntu-jammy-release.tar.gz'));
if (!isThere) console.info(`skipped: the real images and advisories are not in ${DATA}`);

const files = (suffix: string) => (isThere ? readdirSync(IMAGES).filter((name) => name.endsWith(suffix)) : []);
const lines = (path: string, order?: 'in order') => {
  const all = readFileSync(join(IMAGES, path), 'utf8').trim().split('\n');
  return order ? all : all.sort();
};
const json = (path: string) => JSON.parse(readFileSync(join(IMAGES, path), 'utf8'));

interface SecurityFixes {
  osRelease: string;
  sources: { binaries: { package: string }[]; cves: { cve: string }[] }[];
}

function rowOf({
  name,
  version,
  purl,
  source,
}: Record<'name' | 'version' | 'purl', string> & { source: SourcePackage }) {
  return [name, version, /arch=([a-z0-9]+)/.exec(purl)?.[1], source.name, source.version].join('\t');
}

describe.skipIf(!isThere)('real images against real advisories', () => {
  let service: TestApp;
  const folders: string[] = [];

  beforeAll(async () => {
    service = await startTestApp({ importDirs: [IMAGES, tmpdir()], osvSource: join(DATA, 'osv-mirror') });
    const feed = await service.sync();
    expect(feed).toMatchObject({ status: 'idle', lastError: null });
    expect(feed.records).toBeGreaterThan(19_000);
    expect(feed.progress.rejected).toBe(0);
  });
  afterAll(async () => {
    await service.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

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

  it.each(files('.expected-security-fixes.json'))(
    'finds the packages and the missing security fixes of %s, none missing and none extra',
    { timeout: 400_000 },
    async (name) => {
      const { osRelease, sources } = json(name) as SecurityFixes;
      const [, ...expected] = lines(name.replace('security-fixes.json', 'packages.tsv'), 'in order');
      const image = name.replace('.expected-security-fixes.json', '');
      const { reference, isWhole } = await referenceOf(image, osRelease, expected);

      const scan = await service.scan(reference);
      expect(scan).toMatchObject({ status: 'succeeded', coverage: { complete: true } });
      const packages = await all(`/v1/scans/${scan.id}/packages`);
      expect(packages.map(rowOf).sort()).toEqual(expected.sort());
      if (!isWhole) console.info(`${image}: only its list of packages was scanned`);

      const fixes = sources.flatMap(({ binaries, cves }) =>
        cves.flatMap(({ cve }) => binaries.map((binary) => `${binary.package} ${cve}`)),
      );
      expect(await pairsOf(reference)).toEqual([...new Set(fixes)].sort());
    },
  );

  /** The image as it is here, else as its distribution makes it, else what it is known to hold. */
  async function referenceOf(image: string, osRelease: string, packages: readonly string[]) {
    const stored = join(IMAGES, `${image}.tar.gz`);
    if (existsSync(stored)) return { reference: `rootfs:${stored}`, isWhole: true };
    const made = await bootstrap(image);
    if ('tarball' in made) {
      folders.push(dirname(made.tarball));
      return { reference: `rootfs:${made.tarball}`, isWhole: true };
    }
    console.info(`${image}: ${made.why}`);
    const folder = await rootfsOf(osRelease, packages);
    folders.push(folder);
    return { reference: `rootfs:${folder}`, isWhole: false };
  }

  it.each(files('.expected-vulnlist.json'))('finds the vulnerabilities of %s', async (name) => {
    const expected = json(name).vulnerable;
    const archive = name.replace('.expected-vulnlist.json', '.tar.gz');
    expect(await pairsOf(`docker-archive:${join(IMAGES, archive)}`)).toEqual(
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
