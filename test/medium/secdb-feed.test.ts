import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../src/engine/matcher/match.js';
import { alpineFeed } from '../../src/feed/secdb/alpine-feed.js';
import { chainguardFeed } from '../../src/feed/secdb/chainguard-feed.js';
import { wolfiFeed } from '../../src/feed/secdb/wolfi-feed.js';
import type { Advisory } from '../../src/model/advisory.js';
import type { Package } from '../../src/model/package.js';
import { readRecords, unpack } from '../support/feed-records.js';

const DATA = '../shared/data';
const there = existsSync(DATA);
if (!there) console.info(`skipped: there is no ${DATA}`);

interface Vulnerable {
  package: string;
  origin: string;
  installed: string;
  fixed: string;
  id: string;
}

describe.skipIf(!there)('the real database of Alpine', () => {
  let secdb: string;
  let later: string;
  const folders: string[] = [];
  beforeAll(() => {
    for (const name of ['alpine-secdb-2020', 'alpine-vuln-list']) {
      folders.push(unpack(join(DATA, 'advisories', `${name}.tar.gz`)));
    }
    [secdb = '', later = ''] = folders;
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it.each(['3.3', '3.4', '3.5', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11'])('of %s is read whole', async (release) => {
    for (const repository of ['main', 'community']) {
      const path = join(secdb, `alpine-secdb-2020/v${release}/${repository}.yaml`);
      const { advisories, rejected } = await readRecords(alpineFeed, path, `v${release}/${repository}`);
      expect(rejected).toEqual([]);
      // Every CVE as its authors write them, in whatever line.
      const written = readFileSync(path, 'utf8').match(/CVE-\d{4}-\d{4,}/g) ?? [];
      const read = new Set(advisories.map(({ id }) => id));
      expect(written.filter((id) => !read.has(`ALPINE-${id}`))).toEqual([]);
      expect(new Set(advisories.map(({ id }) => id)).size).toBe(advisories.length);
    }
  });

  it.each([
    ['3.6.5', 'v3.6'],
    ['3.7.3', 'v3.7'],
    ['3.9.6', 'v3.9'],
  ])('says of Alpine %s what apk says', async (image, release) => {
    const tarball = join(DATA, `images/alpine-minirootfs-${image}-x86_64.tar.gz`);
    const installed = execFileSync('tar', ['-xzOf', tarball, './lib/apk/db/installed']).toString();
    const packages = installed
      .trim()
      .split('\n\n')
      .map((record) => {
        const field = (letter: string) => new RegExp(`^${letter}:(.*)$`, 'm').exec(record)?.[1] ?? '';
        return packageOf(`Alpine:${release}`, field('P'), field('V'), field('o'));
      });
    const expected = readJson<{ vulnerable: Vulnerable[]; packages: number }>(
      `alpine-minirootfs-${image}-x86_64.expected-secdb2020.json`,
    );
    expect(packages).toHaveLength(expected.packages);
    const advisories: Advisory[] = [];
    for (const repository of ['main', 'community']) {
      const path = join(secdb, `alpine-secdb-2020/${release}/${repository}.yaml`);
      advisories.push(...(await readRecords(alpineFeed, path, `${release}/${repository}`)).advisories);
    }
    expect(await found(packages, advisories)).toEqual(named(expected.vulnerable));
  });

  it('says of Alpine 3.10.4 what apk says', async () => {
    const { vulnerable } = readJson<{ vulnerable: Vulnerable[] }>(
      'docker-archive-alpine-3.10.4.expected-vulnlist.json',
    );
    const byName = new Map(
      vulnerable.map((entry) => [
        entry.package,
        packageOf('Alpine:v3.10', entry.package, entry.installed, entry.origin),
      ]),
    );
    const origins = [...new Set(vulnerable.map(({ origin }) => origin))];
    const advisories: Advisory[] = [];
    for (const origin of origins) {
      // The list has a file for each package.
      const { secfixes } = JSON.parse(readFileSync(join(later, `alpine-vuln-list/3.10/main/${origin}.json`), 'utf8'));
      const path = join(later, `${origin}.secdb.json`);
      writeFileSync(path, JSON.stringify({ packages: [{ pkg: { name: origin, secfixes } }] }));
      for (const advisory of (await readRecords(alpineFeed, path, 'v3.10/main')).advisories) {
        const known = advisories.find(({ id }) => id === advisory.id);
        if (known) known.affected.push(...advisory.affected);
        else advisories.push(advisory);
      }
    }
    expect(await found([...byName.values()], advisories)).toEqual(named(vulnerable));
  });
});

describe.skipIf(!there)('the real databases of distributions like it', () => {
  it.each([
    ['wolfi', wolfiFeed],
    ['chainguard', chainguardFeed],
  ])('of %s are read whole', async (name, feed) => {
    const folder = unpack(join(DATA, 'advisories/vunnel-provider-fixtures.tar.gz'));
    try {
      const path = join(
        folder,
        `vunnel-provider-fixtures/tests/unit/providers/${name}/test-fixtures/input/secdb/security.json`,
      );
      const { advisories, rejected } = await readRecords(feed, path, 'security');
      expect(rejected).toEqual([]);
      const { packages } = JSON.parse(readFileSync(path, 'utf8')) as {
        packages: { pkg: { name: string; secfixes: Record<string, string[]> } }[];
      };
      const written = packages.flatMap(({ pkg }) =>
        Object.entries(pkg.secfixes).flatMap(([version, ids]) => ids.map((id) => `${pkg.name} ${id} ${version}`)),
      );
      const read = advisories.flatMap(({ upstream, affected }) =>
        affected.flatMap((entry) => {
          const versions = entry.ranges.map(({ events }) =>
            'fixed' in (events[1] ?? {}) ? Object.values(events[1] ?? {})[0] : '',
          );
          return (entry.status === 'not_affected' ? ['0'] : versions).map(
            (version) => `${entry.name} ${upstream[0]} ${version}`,
          );
        }),
      );
      expect(read.sort()).toEqual([...new Set(written)].sort());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

async function found(packages: Package[], advisories: Advisory[]): Promise<string[]> {
  const lookup = {
    find: async () => advisories,
    known: async (names: readonly string[]) => new Set(names),
    mavenProjects: async () => [],
    scores: async () => new Map(),
  };
  const { judgements, gaps } = await judge({ packages }, lookup);
  expect(gaps).toEqual([]);
  return judgements
    .map((judgement) => `${judgement.package?.name} ${judgement.ruleId} ${judgement.fixedVersion}`)
    .sort();
}

function named(vulnerable: Vulnerable[]): string[] {
  return vulnerable.map((entry) => `${entry.package} ${entry.id} ${entry.fixed}`).sort();
}

function packageOf(ecosystem: string, name: string, version: string, origin: string): Package {
  return {
    purl: `pkg:apk/alpine/${name}@${version}?arch=x86_64`,
    type: 'apk',
    ecosystem,
    name,
    version,
    source: { name: origin || name, version },
    architecture: 'x86_64',
    licenses: [],
    module: null,
    locations: [],
  };
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(DATA, 'images', name), 'utf8')) as T;
}
