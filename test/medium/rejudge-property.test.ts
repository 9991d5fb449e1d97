import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Advisory } from '../../src/model/advisory.js';
import type { Package } from '../../src/model/package.js';
import { Fleet, npmPackage, npmRecord } from './fleet.js';
import { openStores, type Stores } from './stores.js';

const NAMES = ['a', 'b', 'c'];
/** The last cannot be ordered. */
const VERSIONS = ['1.0.0', '1.1.0', '2.0.0', 'odd'];
const PATHS = ['/app/package-lock.json', '/app/node_modules/x/package.json', '/y/node_modules/x/package.json'];

const npm = fc
  .record({ name: fc.constantFrom(...NAMES), version: fc.constantFrom(...VERSIONS), path: fc.constantFrom(...PATHS) })
  .map(({ name, version, path }) => npmPackage(name, version, path));

/** A binary beside its source, which is what Debian's advisories are about. */
const deb = fc
  .record({
    name: fc.constantFrom('liba', 'libb'),
    source: fc.constantFrom(...NAMES),
    version: fc.constantFrom('1-1', '2-1', '3-1'),
  })
  .map(
    ({ name, source, version }): Package => ({
      ...npmPackage(name, version, '/var/lib/dpkg/status'),
      purl: `pkg:deb/debian/${name}@${version}?arch=amd64`,
      type: 'deb',
      ecosystem: 'Debian:12',
      source: { name: source, version },
      architecture: 'amd64',
    }),
  );

const inventory = fc.uniqueArray(fc.oneof(npm, deb), { maxLength: 6, selector: ({ purl }) => purl });

const CVES = ['CVE-2024-1', 'CVE-2024-2', 'CVE-2024-3'];
const cves = fc.subarray(CVES);
const severity = fc.constantFrom('low' as const, 'critical' as const, null);
const withdrawn = fc.option(fc.constant(new Date('2026-02-01')), { freq: 4 });

const npmAdvisory = fc
  .record({
    id: fc.constantFrom('GHSA-1', 'GHSA-2', 'GHSA-3', 'CVE-2024-3'),
    name: fc.constantFrom(...NAMES),
    fixed: fc.constantFrom('1.1.0', '2.0.0', null),
    aliases: fc.subarray([...CVES, 'GHSA-1', 'GHSA-2']),
    severity,
    withdrawn,
  })
  .map(({ id, name, fixed, ...more }) => npmRecord(id, name, fixed, more));

/** `DEBIAN-CVE-…` of one vulnerability, or a bulletin about several. */
const debianAdvisory = fc
  .record({
    id: fc.constantFrom('DSA-1-1', 'DSA-1-2', 'DSA-2-1', ...CVES.map((id) => `DEBIAN-${id}`)),
    name: fc.constantFrom(...NAMES),
    fixed: fc.constantFrom('2-1', '3-1', null),
    upstream: cves,
    severity,
    withdrawn,
  })
  .map(({ id, name, fixed, upstream, ...more }): Advisory => {
    const record = npmRecord(id, name, fixed, {
      ...more,
      upstream: id.startsWith('DEBIAN-') ? [id.slice(7)] : upstream,
    });
    return { ...record, affected: record.affected.map((entry) => ({ ...entry, ecosystem: 'Debian:12' })) };
  });

/** What both parts of the feed say at one time. */
const advisories = fc.record({
  npm: fc.uniqueArray(npmAdvisory, { maxLength: 5, selector: ({ id }) => id }),
  Debian: fc.uniqueArray(debianAdvisory, { maxLength: 5, selector: ({ id }) => id }),
});

/** So that no ecosystem is without advisories: what happens then is another rule. */
const ALWAYS = npmRecord('GHSA-0', 'unrelated', null);
const ALWAYS_DEBIAN = {
  ...ALWAYS,
  id: 'DSA-0-1',
  affected: ALWAYS.affected.map((each) => ({ ...each, ecosystem: 'Debian:12' })),
};

describe('judging again', () => {
  let stores: Stores;
  let fleet: Fleet;
  let run = 0;
  beforeAll(async () => {
    stores = await openStores();
    fleet = new Fleet(stores);
  });
  afterAll(() => stores.close());

  it('finds what a new scan of the same facts would, and nothing is left to tell', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(inventory, { minLength: 1, maxLength: 3 }),
        fc.array(advisories, { minLength: 2, maxLength: 4 }),
        async (inventories, [first, ...later]) => {
          run += 1;
          const publish = async (now: typeof first) => {
            await fleet.publish('npm', [ALWAYS, ...(now?.npm ?? [])]);
            await fleet.publish('Debian', [ALWAYS_DEBIAN, ...(now?.Debian ?? [])]);
          };
          await publish(first);
          for (const [i, packages] of inventories.entries()) await fleet.scan(`${run}/${i}`, packages);
          for (const now of later) await publish(now);
          await fleet.rejudger.run();
          await fleet.news();
          for (const [i, packages] of inventories.entries()) {
            const rejudged = await fleet.open(`${run}/${i}`);
            await fleet.scan(`${run}/${i} anew`, packages);
            const anew = await fleet.open(`${run}/${i} anew`);
            expect(rejudged).toEqual(anew);
            await fleet.scan(`${run}/${i}`, packages);
          }
          // The scans found nothing that the pass had not told, of their own target or another.
          const told = await fleet.news();
          expect(told.filter(({ reference }) => !reference?.endsWith('anew'))).toEqual([]);
          expect(await stores.rejudging.waiting()).toBeNull();
        },
      ),
      { numRuns: 60 },
    );
  });
});
