import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Advisory, RangeEvent, VersionRange } from '../../../model/advisory.js';
import { canonicalName } from '../../../model/package-name.js';
import { ecosystemOf } from '../../ecosystem.js';
import { judge } from '../../matcher/match.js';
import { purlOf } from '../../purl.js';
import { MemoryFile } from '../file-view.js';
import { lockfile } from './lockfile.js';

const GOLDEN = '../shared/data/golden/lockfiles';

/** What the reference answers, of which only these fields are looked at. */
interface Golden {
  Results: {
    Target: string;
    Packages?: { Name: string; Version: string }[];
    Vulnerabilities?: { VulnerabilityID: string; PkgName: string; InstalledVersion: string; FixedVersion: string }[];
  }[];
}

const there = existsSync(GOLDEN);
if (!there) console.info(`skipped: there is no ${GOLDEN}`);
describe.skipIf(!there)('lockfiles with known answers', () => {
  it.each([
    ['npm.json.golden', 'npm', []],
    ['pip.json.golden', 'pip', []],
    ['composer.lock.json.golden', 'composer', []],
    // That these are for development stands in Cargo.toml alone.
    ['cargo.lock.json.golden', 'cargo', ['winapi', 'winapi-i686-pc-windows-gnu', 'winapi-x86_64-pc-windows-gnu']],
  ])('%s names the packages', (answers, folder, development) => {
    for (const { Target, Packages = [] } of golden(answers).Results) {
      const found = packagesOf(join(folder, Target)).filter(({ name }) => !development.includes(name));
      const list = found.map(({ name, version }) => `${name} ${version}`);
      expect(list.sort()).toEqual(Packages.map(({ Name, Version }) => `${Name} ${Version}`).sort());
    }
  });

  it.each([
    ['npm.json.golden', 'npm'],
    ['pip.json.golden', 'pip'],
    ['gomod.json.golden', 'gomod'],
    ['composer.lock.json.golden', 'composer'],
    ['cargo.lock.json.golden', 'cargo'],
    ['pom.json.golden', 'pom'],
  ])('%s names the vulnerabilities', async (answers, folder) => {
    for (const { Target, Vulnerabilities = [] } of golden(answers).Results) {
      // Before Go 1.17 the answer comes from go.sum, as go.mod has no full list.
      if (Target === 'submod2/go.mod') continue;
      const found = await findingsOf(join(folder, Target));
      const expected = Vulnerabilities.map(
        (entry) => `${entry.VulnerabilityID} ${entry.PkgName} ${entry.InstalledVersion} ${entry.FixedVersion}`,
      );
      expect(found.sort()).toEqual(expected.sort());
    }
  });
});

function golden(name: string): Golden {
  return JSON.parse(readFileSync(join(GOLDEN, name), 'utf8')) as Golden;
}

function packagesOf(path: string) {
  return lockfile.extract(new MemoryFile(path, readFileSync(join(GOLDEN, path)))).packages;
}

async function findingsOf(path: string): Promise<string[]> {
  const packages = packagesOf(path).map((found) => ({
    ...found,
    purl: purlOf(found, null) ?? '',
    ecosystem: ecosystemOf(null, found.type),
    locations: [],
  }));
  const found = advisories();
  const { judgements } = await judge(
    { packages },
    {
      find: async () => found,
      known: async (ecosystems) => new Set(ecosystems),
      mavenProjects: async () => [],
      scores: async () => new Map(),
    },
  );
  return judgements
    .filter(({ status }) => status === 'open')
    .map((entry) => `${entry.ruleId} ${entry.package?.name} ${entry.package?.version} ${entry.fixedVersion}`);
}

const ECOSYSTEMS: Record<string, string> = {
  npm: 'npm',
  pip: 'PyPI',
  go: 'Go',
  composer: 'Packagist',
  maven: 'Maven',
  cargo: 'crates.io',
};

interface Bucket {
  bucket: string;
  pairs: {
    bucket: string;
    pairs: { key: string; value: { VulnerableVersions?: string[]; PatchedVersions: string[] } }[];
  }[];
}

/** The reference's database: buckets by ecosystem and package, ranges as `>= 1, < 2`. */
function advisories(): Advisory[] {
  const files = ['npm', 'go', 'python', 'composer', 'java', 'rust'].map((name) => (name === 'npm' ? 'nodejs' : name));
  const buckets = files.flatMap((name) => parse(readFileSync(join(GOLDEN, 'db', `${name}.yaml`), 'utf8')) as Bucket[]);
  return buckets.flatMap(({ bucket, pairs }) => {
    const ecosystem = ECOSYSTEMS[bucket.split('::')[0] ?? ''] ?? bucket;
    return pairs.flatMap(({ bucket: name, pairs: records }) =>
      records.map(({ key, value }) =>
        advisory(key, ecosystem, name, value.VulnerableVersions ?? [], value.PatchedVersions),
      ),
    );
  });
}

function advisory(id: string, ecosystem: string, name: string, vulnerable: string[], patched: string[]): Advisory {
  const base = { aliases: [], upstream: [], summary: '', severity: null, cvss: [], withdrawn: null };
  const ranges = vulnerable.map((range) => rangeOf(range, patched[0] ?? ''));
  const affected = [
    { ecosystem, name: canonicalName(ecosystem, name), ranges, versions: [], severity: null, cvss: [] },
  ];
  return { ...base, id, modified: new Date(0), affected };
}

/** `>= 1, < 2`, or `[1,2)`; what is fixed in is told beside a range that says what was last affected. */
function rangeOf(text: string, patched: string): VersionRange {
  const [, from = '0', to = patched] =
    /^\[(.*),(.*)\)$/.exec(text) ?? /^(?:>= ([^,]+), )?(?:< (.*)|<= .*)$/.exec(text) ?? [];
  const events: RangeEvent[] = [{ introduced: from }, { fixed: to }];
  return { type: 'ECOSYSTEM', events };
}
