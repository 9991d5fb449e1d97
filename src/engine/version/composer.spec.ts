import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';

describe('the order of Composer versions', () => {
  it.each([
    ['1.9', '<', '1.10'],
    ['v1.0.0', '=', '1.0.0'],
    ['V1.0', '=', '1.0.0.0'],
    ['1.0', '=', '1.0.0'],
    ['1.0.0.1', '>', '1.0'],
    ['1.01', '=', '1.1'],
    // dev < alpha < beta < RC < none < patch
    ['1.0-dev', '<', '1.0-alpha'],
    ['1.0-alpha', '<', '1.0-beta'],
    ['1.0-beta', '<', '1.0-RC'],
    ['1.0-RC', '<', '1.0'],
    ['1.0', '<', '1.0-patch'],
    ['1.0-patch', '<', '1.0.0.1-dev'],
    ['1.0a1', '=', '1.0.0.0-alpha.1'],
    ['1.0_b2', '=', '1.0-beta2'],
    ['1.0.rc3', '=', '1.0-RC3'],
    ['1.0pl1', '=', '1.0-p1'],
    ['1.0-stable', '=', '1.0'],
    ['1.0-beta', '<', '1.0-beta1'],
    ['1.0-beta9', '<', '1.0-beta10'],
    ['1.0-beta1.9', '<', '1.0-beta1.10'],
    ['1.0-beta1-dev', '<', '1.0-beta1'],
    ['1.0-BETA1', '=', '1.0-beta1'],
    ['1.0-dev', '<', '1.0'],
    // a numeric branch is above all of its versions
    ['1.x-dev', '>', '1.99.0'],
    ['1.x-dev', '<', '2.0-dev'],
    ['1.2.x-dev', '<', '1.3.0'],
    ['1.2.x-dev', '<', '1.x-dev'],
    ['v1.2.*-dev', '=', '1.2.X-dev'],
    ['9999999-dev', '>', '1.x-dev'],
    // dates are not filled up
    ['20230101', '<', '20230102'],
    ['2023-01-02', '<', '2023.01.02'],
    ['20230101-beta', '<', '20230101'],
    ['201903.0', '>', '201903'],
    // build metadata, aliases and stability flags do not count
    ['1.0+a', '=', '1.0+b'],
    ['1.0@beta', '=', '1.0'],
    ['1.2-dev', '=', '1.2-dev@dev'],
    ['1.0', '=', '1.0 as 2.0'],
    // what Composer refuses, read alike
    ['4.3-2RC1', '<', '4.3-2'],
    ['1.2.3.4.5', '<', '1.2.3.4.6'],
    ['1.2.3.4', '<', '1.2.3.4.5'],
    ['123456.1', '<', '123456.10'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('composer', a, b)).toBe(expected);
  });

  it.each([
    '',
    'dev-main',
    'dev-1.0',
    'DEV-x',
    'master',
    '1.x',
    '1.0-foo',
    '1.0--',
    '1..0',
    '1.2.3.#',
    '1.0-alpha-beta',
    '1.0 2.0',
    '1.é',
    '1:2',
    '~1.0',
    '1.*',
    '1.2.x',
  ])('does not order %j', (version) => {
    expect(orderOf('composer', version, '1.0.0')).toBe('none');
    expect(orderOf('composer', version, version)).toBe('none');
  });
});
