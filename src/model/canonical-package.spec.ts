import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import fc from '../../test/support/property.js';
import { canonicalPackage, canonicalPackages } from './canonical-package.js';
import { PACKAGE_TYPES, type Package } from './package.js';

const text = fc.string({ unit: 'grapheme' });
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });

/** In any order of fields. */
const packages: fc.Arbitrary<Package> = fc.record(
  {
    version: text,
    type: fc.constantFrom(...PACKAGE_TYPES),
    source: orNull(fc.record({ version: text, name: text })),
    purl: text,
    name: text,
    module: orNull(text),
    locations: fc.array(fc.record({ path: text, layer: orNull(text) })),
    licenses: fc.array(text),
    inner: text,
    isGroupGuessed: fc.constant(true as const),
    ecosystem: orNull(text),
    architecture: orNull(text),
  },
  {
    requiredKeys: [
      'version',
      'type',
      'source',
      'purl',
      'name',
      'module',
      'locations',
      'licenses',
      'ecosystem',
      'architecture',
    ],
  },
);

describe('canonical packages', () => {
  it('are one list, however many there are', () => {
    const [one] = fc.sample(packages, { numRuns: 1, seed: 1 });
    for (const count of [0, 1, 199, 200, 201, 1_000]) {
      const all = Array.from({ length: count }, () => one as Package);
      expect([...canonicalPackages(all)].join('')).toBe(canonicalize(all));
    }
  });

  it('are what RFC 8785 makes of them', () => {
    fc.assert(
      fc.property(fc.array(packages), (all) => {
        expect([...canonicalPackages(all)].join('')).toBe(canonicalize(all));
        for (const { locations, ...rest } of all) {
          expect(canonicalPackage({ ...rest, locations })).toBe(canonicalize(rest));
        }
      }),
    );
  });
});
