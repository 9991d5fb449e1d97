import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Advisory } from '../../src/model/advisory.js';
import type { Package } from '../../src/model/package.js';
import fc from '../support/property.js';
import { Fleet, npmPackage, npmRecord } from './fleet.js';
import { openStores, PRINCIPAL, type Stores } from './stores.js';

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

const inventory = fc.uniqueArray(fc.oneof(npm, deb), { minLength: 1, maxLength: 6, selector: ({ purl }) => purl });

const CVES = ['CVE-2024-1', 'CVE-2024-2', 'CVE-2024-3'];
const cves = fc.subarray(CVES);
const severity = fc.constantFrom('low' as const, 'critical' as const, null);
const withdrawn = fc.option(fc.constant(new Date('2026-02-01')), { freq: 4 });

const npmAdvisory = fc
  .record({
    id: fc.constantFrom('GHSA-1', 'GHSA-2', 'GHSA-3', 'CVE-2024-3'),
    // One that no inventory has: such a record says something of others only by what it is called.
    name: fc.constantFrom(...NAMES, 'elsewhere', 'elsewhere', 'elsewhere'),
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

/** One record that is new, or other than it was; or, of an npm record, gone. */
const edit = fc.oneof(
  npmAdvisory.map((record) => ({ part: 'npm' as const, id: record.id, record })),
  debianAdvisory.map((record) => ({ part: 'Debian' as const, id: record.id, record })),
  npmAdvisory.map(({ id }) => ({ part: 'npm' as const, id, record: null })),
);
const edits = fc.array(edit, { minLength: 1, maxLength: 12 });

/** So that no ecosystem is without advisories: what happens then is another rule. */
const ALWAYS = npmRecord('GHSA-0', 'unrelated', null);
const ALWAYS_DEBIAN = {
  ...ALWAYS,
  id: 'DSA-0-1',
  affected: ALWAYS.affected.map((each) => ({ ...each, ecosystem: 'Debian:12' })),
};

Logger.overrideLogger(false);

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
        edits,
        fc.array(edit, { minLength: 1, maxLength: 2 }),
        async (inventories, first, later) => {
          run += 1;
          const parts = { npm: new Map([[ALWAYS.id, ALWAYS]]), Debian: new Map([[ALWAYS_DEBIAN.id, ALWAYS_DEBIAN]]) };
          const publish = async (changes: typeof first) => {
            for (const { part, id, record } of changes) {
              if (record) parts[part].set(id, record);
              else parts[part].delete(id);
            }
            for (const part of ['npm', 'Debian'] as const) await fleet.publish(part, [...parts[part].values()]);
          };
          await publish(first);
          for (const [i, packages] of inventories.entries()) await fleet.scan(`${run}/${i}`, packages);
          // Of earlier runs' changes.
          await fleet.rejudger.run();
          await publish(later);
          await fleet.rejudger.run();
          await fleet.news();
          for (const [i, packages] of inventories.entries()) {
            const rejudged = await fleet.open(`${run}/${i}`);
            const scan = await fleet.scan(`${run}/${i} anew`, packages);
            const anew = await fleet.open(`${run}/${i} anew`);
            // A target that has a history keeps what can be decided no more; a new one never had it.
            const { coverage } = await stores.scans.get(PRINCIPAL.projectId, scan);
            expect(rejudged).toEqual(coverage.complete ? anew : expect.arrayContaining(anew));
            await fleet.scan(`${run}/${i}`, packages);
          }
          // The scans found nothing that the pass had not told, of their own target or another.
          const told = await fleet.news();
          expect(told.filter(({ reference }) => !reference?.endsWith('anew'))).toEqual([]);
          expect(await stores.rejudging.waiting()).toBeNull();
        },
      ),
      { numRuns: 50 },
    );
  });
});
