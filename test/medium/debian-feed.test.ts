import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ecosystemOf } from '../../src/engine/ecosystem.js';
import { debianFeed } from '../../src/feed/debian/debian-feed.js';
import { ecosystemOfRelease, RELEASES } from '../../src/feed/debian/releases.js';
import { readOsvZip } from '../../src/feed/osv/osv-zip.js';
import type { Advisory } from '../../src/model/advisory.js';
import { readRecords, unpack } from '../support/feed-records.js';

const DATA = '../shared/data';
const there = existsSync(DATA);
if (!there) console.info(`skipped: there is no ${DATA}`);

const folders: string[] = [];
function open(name: string): string {
  const folder = unpack(join(DATA, 'advisories', `${name}.tar.gz`));
  folders.push(folder);
  return join(folder, name);
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!there)('the real lists of bulletins', () => {
  it.each([
    ['DSA', 5383],
    ['DLA', 3530],
  ])('say of %s what the records of OSV made from them say', async (kind, count) => {
    const lists = join(open('debian-security-tracker-2023-04'), 'data');
    const { advisories, rejected } = await readRecords(debianFeed, join(lists, kind, 'list'), kind);
    expect(rejected).toEqual([]);
    expect(advisories).toHaveLength(count);
    const byId = new Map(advisories.map((advisory) => [advisory.id, advisory]));
    let compared = 0;
    for await (const record of readOsvZip(
      join(DATA, 'osv-mirror/Debian/all.zip'),
      'Debian',
      new AbortController().signal,
    )) {
      if (!('advisory' in record) || !record.advisory.id.startsWith(kind)) continue;
      const ours = byId.get(record.advisory.id);
      expect(ours && factsOf(ours, record.advisory)).toEqual(factsOf(record.advisory, record.advisory));
      compared++;
    }
    expect(compared).toBeGreaterThan(3000);
  });
});

/** OSV's records name the releases from squeeze on, and no package that is not affected. */
function factsOf({ id, upstream, summary, modified, affected }: Advisory, other: Advisory) {
  const ecosystems = new Set(other.affected.map(({ ecosystem }) => ecosystem));
  const fixes = affected
    .filter(({ ecosystem, status }) => ecosystems.has(ecosystem) && status === undefined)
    .map(({ ecosystem, name, ranges }) => `${ecosystem} ${name} ${JSON.stringify(ranges)}`);
  return { id, upstream: upstream.toSorted(), summary, modified, fixes: fixes.sort() };
}

describe.skipIf(!there)('a real sample of the tracker', () => {
  it('has every issue and release that the tracker has', async () => {
    const sample = join(
      open('vunnel-provider-fixtures'),
      'tests/unit/providers/debian/test-fixtures/input/debian.json',
    );
    const { advisories, rejected } = await readRecords(debianFeed, sample, 'tracker');
    // An issue of the sample has a list of releases, which the tracker never has.
    expect(rejected.map(({ entry }) => entry)).toEqual(['chromium-browser CVE-2022-0358']);
    const tracker = JSON.parse(readFileSync(sample, 'utf8')) as Record<string, Record<string, { releases: object }>>;
    const ids = new Set(Object.values(tracker).flatMap((issues) => Object.keys(issues)));
    expect(advisories.map(({ upstream }) => upstream[0]).sort()).toEqual(
      [...ids].sort().filter((id) => id !== 'CVE-2022-0358'),
    );
    const chromium = advisories.find(({ id }) => id === 'DEBIAN-CVE-2022-0456');
    expect(
      chromium?.affected.map(({ ecosystem, ranges, fixState }) => [ecosystem, ranges[0]?.events[1], fixState]),
    ).toEqual([
      ['Debian:12', { fixed: '98.0.4758.80-1' }, undefined],
      ['Debian:11', { fixed: '98.0.4758.80-1~deb11u1' }, undefined],
      ['Debian:10', undefined, 'end_of_life'],
      ['Debian:9', undefined, 'end_of_life'],
      // Unstable, of which the sample's testing has the number.
      ['Debian:13', { fixed: '98.0.4758.80-1' }, undefined],
    ]);
  });
});

describe('the numbers of releases', () => {
  it.skipIf(!there)('are those of distro-info-data', () => {
    const csv = readFileSync(join(open('distro-info'), 'debian.csv'), 'utf8');
    const rows = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const numbered = rows.flatMap(([version, , series]) => (version && series ? [[series, version] as const] : []));
    const known = numbered.filter(([series]) => RELEASES.has(series));
    expect([...RELEASES]).toEqual(known.map(([series, version]) => [series, version.replace(/^([4-9])\.0$/, '$1')]));
    // None is missing after the first that has advisories.
    expect(numbered.slice(numbered.findIndex(([series]) => series === 'slink'))).toEqual(known);
  });

  it('are those that installed packages get', () => {
    for (const [codename, version] of RELEASES) {
      if (version.includes('.')) continue;
      const distribution = { id: 'debian', idLike: [], versionId: version, codename, prettyName: null };
      expect(ecosystemOf(distribution, 'deb')).toBe(ecosystemOfRelease(codename));
    }
    for (const codename of ['forky', 'duke']) {
      const distribution = { id: 'debian', idLike: [], versionId: null, codename: `${codename}/sid`, prettyName: null };
      expect(ecosystemOf(distribution, 'deb')).toBe(ecosystemOfRelease(codename));
    }
  });
});
