import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';

describe('the order of semantic versions', () => {
  it.each([
    ['1.9.0', '<', '1.10.0'],
    ['1.0.0-rc.1', '<', '1.0.0'],
    ['1.0.0-alpha', '<', '1.0.0-alpha.1'],
    ['1.0.0-alpha.1', '<', '1.0.0-alpha.beta'],
    ['1.0.0-beta.2', '<', '1.0.0-beta.11'],
    ['1.0.0-1', '<', '1.0.0-a'],
    ['1.0.0-A', '<', '1.0.0-a'],
    ['1.0.0-x-y', '<', '1.0.0-x-z'],
    ['1.0.0--', '<', '1.0.0'],
    // build metadata has no order
    ['1.0.0+a', '=', '1.0.0+b'],
    ['1.0.0-rc.1+a', '=', '1.0.0-rc.1'],
    // what npm accepts
    ['v1.2.3', '=', '1.2.3'],
    ['=1.2.3', '=', '1.2.3'],
    [' = v1.2.3 ', '=', '1.2.3'],
    ['1.2.3beta', '=', '1.2.3-beta'],
    ['1.02.3', '=', '1.2.3'],
    // what advisories write
    ['1', '=', '1.0.0'],
    ['1.2', '<', '1.2.1'],
    ['2.0-rc1', '<', '2.0.0'],
    ['0.9.7.1', '=', '0.9.7'],
    ['1.0.0.beta.3', '=', '1.0.0-beta.3'],
    ['1.0.0-*', '<', '1.0.0-0'],
    ['1.0.0-*', '>', '0.9.9'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('npm', a, b)).toBe(expected);
  });

  it.each([
    '',
    '~',
    'latest',
    'x',
    '1.x',
    '1.2.*',
    '^1.2.3',
    '1.2.3 || 2',
    '1..2',
    '1.2.3-',
    '1.2.3-a..b',
    '1.2.3-é',
    'git+ssh://x',
  ])('does not order %j', (version) => {
    expect(orderOf('npm', version, '1.0.0')).toBe('none');
  });
});
