import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { NASTY, REALISTIC } from '../../../test/support/version-arbitrary.js';
import { orderOf } from '../../../test/support/version-order.js';
import type { PackageType } from '../../model/package.js';
import { schemeOf } from './scheme.js';

const TYPES = Object.keys(REALISTIC) as PackageType[];

describe.each(TYPES)('the order of %s versions', (type) => {
  const scheme = schemeOf(type);
  const realistic = REALISTIC[type];
  const any = fc.oneof(realistic, NASTY);

  it('is reflexive, and every version that is equal to itself has a key or is ordered without one', () => {
    fc.assert(
      fc.property(any, (version) => {
        const order = scheme.compare(version, version);
        expect(order === 0 || (order === null && scheme.key(version) === null)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is antisymmetric, and that of the keys', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(orderOf(type, a, b)).toMatch(/^(?:[<=>]|none)$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('is total and transitive over versions with keys, which realistic ones have', () => {
    fc.assert(
      fc.property(realistic, realistic, realistic, (a, b, c) => {
        for (const version of [a, b, c]) expect(scheme.key(version), version).not.toBeNull();
        const [low = '', middle = '', high = ''] = [a, b, c].sort((left, right) => scheme.compare(left, right) ?? 0);
        expect([orderOf(type, low, middle), orderOf(type, middle, high)]).not.toContain('>');
        const equal = orderOf(type, low, middle) === '=' && orderOf(type, middle, high) === '=';
        expect(orderOf(type, low, high)).toBe(equal ? '=' : '<');
      }),
      { numRuns: 1500 },
    );
  });

  it('answers a number or null for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), realistic, (a, b, c) => {
        orderOf(type, a, b);
        orderOf(type, a, c);
        orderOf(type, c + b, c + a);
      }),
    );
  });

  it('takes a time that grows with the length of the versions alone', () => {
    for (const [start, repeated, end] of LONG) {
      const version = start + repeated.repeat(Math.floor(100_000 / repeated.length)) + end;
      const started = performance.now();
      orderOf(type, version, `${version}1`);
      // With the square of the length it would be minutes.
      expect(performance.now() - started, `${start}${repeated}…${end}`).toBeLessThan(3000);
    }
  });
});

/** Beginning, what is repeated to a length of 100,000, and end. */
const LONG: [string, string, string][] = [
  ['', '1', ''],
  ['', '0', ''],
  ['0', '0', '1'],
  ['', '1.', '1'],
  ['', '0.', '1'],
  ['', '0.', '1x'],
  ['1', '-0', '-1'],
  ['1', '-1', '-alpha'],
  ['1', '-', '1'],
  ['1', 'a', ''],
  ['1', 'a1', ''],
  ['1.0.0-', 'a.', 'a'],
  ['1.0.0-', '1.', '!'],
  ['1.0.0+', 'a.', '!'],
  ['1.0.0-beta', '1', '!'],
  ['1.0.0-beta', '.1', '!'],
  ['1', '.a', '!'],
  ['1', '_p1', '!'],
  ['1', '~', ''],
  ['1', '^', 'a'],
  ['1', ' ', '1'],
  ['1', ':', '1'],
  ['1', '-r', '1'],
  ['1', ' as ', '1'],
  ['', '💥', ''],
];
