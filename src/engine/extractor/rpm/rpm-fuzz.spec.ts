import { describe, expect, it } from 'vitest';
import { damaged, damages } from '../../../../test/support/byte-damage.js';
import fc from '../../../../test/support/property.js';
import { berkeleyDb, ndb, rpmHeader, sqlite } from '../../../../test/support/rpm-database.js';
import type { Extraction } from '../extractor.js';
import type { FileView } from '../file-view.js';
import { rpm } from './rpm.js';
import { RpmHeader } from './rpm-header.js';

/** Enough for overflow pages, several leaves and chained hash pages in databases of a few dozen pages. */
const HEADERS = Array.from({ length: 24 }, (_, i) =>
  rpmHeader({
    name: `package-${i}`,
    epoch: i % 3 === 0 ? i : undefined,
    version: `1.${i}`,
    architecture: 'x86_64',
    sourceRpm: `source-1.${i}-1.src.rpm`,
    license: 'MIT',
    files: Array.from({ length: i % 5 }, (_, n) => `/opt/p${i}/f${n}.jar`),
    description: 'z'.repeat((i % 4) * 700),
  }),
);
const FORMS: Record<string, Buffer> = {
  'Berkeley DB, little-endian': berkeleyDb(HEADERS),
  'Berkeley DB, big-endian': berkeleyDb(HEADERS, { pageSize: 4_096, isLittle: false }),
  ndb: ndb(HEADERS, { hole: 2 }),
  SQLite: sqlite(HEADERS, { pageSize: 1_024, reserved: 4 }),
  'SQLite in large pages': sqlite(HEADERS, { pageSize: 8_192 }),
};

/** Always the same search: two lies that agree with each other can hide a package, and some day it would find two. */
const SEED = 20_261_124;

/** As a file on disk, which gives a buffer of its own each time; counts what is asked for. */
class CountingFile implements FileView {
  readonly path = 'var/lib/rpm/Packages';
  reads = 0;
  longest = 0;

  constructor(private readonly bytes: Buffer) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Buffer {
    this.reads += 1;
    this.longest = Math.max(this.longest, length);
    return Buffer.from(this.bytes.subarray(offset, offset + length));
  }
}

/** Reads, and holds what is true of any input: no error, an end, memory by what the file has and not by what it says. */
function read(bytes: Buffer): Extraction {
  const file = new CountingFile(bytes);
  const found = rpm.extract(file);
  // Each page once (of 512 bytes at least), each blob of ndb and the hole before it once.
  expect(file.reads).toBeLessThanOrEqual(bytes.length / 14 + 8);
  expect(file.longest).toBeLessThanOrEqual(Math.max(65_536, bytes.length));
  expect(found.packages.length).toBeLessThanOrEqual(bytes.length / 64);
  expect((found.owned ?? '').length).toBeLessThanOrEqual(8 * bytes.length);
  return found;
}

const packagesOf = ({ packages }: Extraction) => [...new Set(packages.map((found) => JSON.stringify(found)))].sort();

describe.each(Object.entries(FORMS))('a damaged database in %s', (_form, intact) => {
  const expected = packagesOf(read(intact));

  it('is read whole before it is damaged', () => {
    expect(read(intact).gaps).toEqual([]);
    expect(expected).toHaveLength(HEADERS.length);
  });

  it('gives every package as it was, or a gap', () => {
    fc.assert(
      fc.property(damages(4), (changes) => {
        const found = read(damaged(intact, changes));
        if (found.gaps.length === 0) expect(packagesOf(found)).toEqual(expected);
      }),
      { seed: SEED, numRuns: 1_500 },
    );
  });
});

describe('random bytes', () => {
  it.each(Object.entries(FORMS))('behind the start of %s are read to an end', (_form, intact) => {
    fc.assert(
      fc.property(fc.nat({ max: 600 }), fc.uint8Array({ maxLength: 20_000, size: 'max' }), (kept, random) => {
        read(Buffer.concat([intact.subarray(0, kept), random]));
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('in a header are a fault, wherever they are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HEADERS), damages(6), (header, changes) => {
        const bytes = damaged(header, changes);
        const faults: string[] = [];
        const parsed = RpmHeader.parse(bytes, (what) => faults.push(what));
        const texts = parsed ? [...parsed.texts('baseNames'), ...parsed.texts('folderNames')] : [];
        expect(texts.join('').length).toBeLessThanOrEqual(2 * bytes.length);
        if (bytes.equals(header)) expect(faults).toEqual([]);
        else if (faults.length === 0) expect(parsed?.text('name')).toMatch(/^package-\d+$/);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});
