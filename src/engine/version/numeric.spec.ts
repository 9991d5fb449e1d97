import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';

describe('the orders of numbers alone', () => {
  it.each([
    ['hackage', '1.9', '<', '1.10'],
    ['hackage', '1.0', '<', '1.0.0'],
    ['hackage', '1.0.0', '<', '1.0.1'],
    ['hackage', '1.01', '=', '1.1'],
    ['hackage', '2', '>', '1.99999999999999999999'],
    ['cran', '1.9', '<', '1.10'],
    ['cran', '1.0', '<', '1.0.0'],
    ['cran', '1.0-1', '=', '1.0.1'],
    ['cran', '3.0-9', '<', '3.0-10'],
    ['cran', '0.9', '<', '0.75'],
    ['cran', '1-2-3', '=', '1.2.3'],
  ] as const)('of %s: %s %s %s', (type, a, expected, b) => {
    expect(orderOf(type, a, b)).toBe(expected);
  });

  it.each([
    ['hackage', ''],
    ['hackage', '1.'],
    ['hackage', '.1'],
    ['hackage', '1..2'],
    ['hackage', '1-2'],
    ['hackage', '1.a'],
    ['hackage', '-1'],
    ['cran', ''],
    ['cran', '1-'],
    ['cran', '1.-2'],
    ['cran', '1.0a'],
    ['cran', '1_0'],
    ['cran', '1.²'],
  ] as const)('of %s: none for %j', (type, version) => {
    expect(orderOf(type, version, '1.0')).toBe('none');
  });
});
