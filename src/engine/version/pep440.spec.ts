import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';

describe('the order of PyPI versions', () => {
  it.each([
    // the release, where zeros at the end count for nothing
    ['1.9', '<', '1.10'],
    ['1.0', '=', '1'],
    ['1.0.0', '=', '1.0'],
    ['1.0.0.1', '>', '1.0'],
    ['1.01', '=', '1.1'],
    ['1.99999999999999999999', '<', '1.100000000000000000000'],
    ['2023.7.22', '>', '3'],
    // development, pre-releases, release, post-releases
    ['1.0.dev1', '<', '1.0a1.dev1'],
    ['1.0a1.dev1', '<', '1.0a1'],
    ['1.0a1', '<', '1.0a1.post1.dev1'],
    ['1.0a1.post1.dev1', '<', '1.0a1.post1'],
    ['1.0a1.post1', '<', '1.0a2'],
    ['1.0a2', '<', '1.0b1'],
    ['1.0b1', '<', '1.0rc1'],
    ['1.0rc9', '<', '1.0rc10'],
    ['1.0rc1', '<', '1.0'],
    ['1.0', '<', '1.0.post1.dev1'],
    ['1.0.post1.dev1', '<', '1.0.post1'],
    ['1.0.post1', '<', '1.0.1.dev1'],
    // epochs
    ['1!0.1', '>', '9999'],
    ['0!1.0', '=', '1.0'],
    // local versions
    ['1.0', '<', '1.0+a'],
    ['1.0+a', '<', '1.0+a.1'],
    ['1.0+a.1', '<', '1.0+1'],
    ['1.0+1', '<', '1.0+1.a'],
    ['1.0+9', '<', '1.0+10'],
    ['1.0+ABC.01', '=', '1.0+abc-1'],
    ['1.0+0a', '<', '1.0+0'],
    ['1.0+local', '<', '1.0.post1'],
    // normalisation
    ['v1.0', '=', '1.0'],
    [' 1.0 ', '=', '1.0'],
    ['1.0ALPHA1', '=', '1.0a1'],
    ['1.0-alpha.1', '=', '1.0a1'],
    ['1.0_beta-1', '=', '1.0b1'],
    ['1.0c1', '=', '1.0rc1'],
    ['1.0pre1', '=', '1.0rc1'],
    ['1.0preview1', '=', '1.0rc1'],
    ['1.0a', '=', '1.0a0'],
    ['1.0a.post', '=', '1.0a0.post0'],
    ['1.0-1', '=', '1.0.post1'],
    ['1.0-r1', '=', '1.0.post1'],
    ['1.0rev1', '=', '1.0.post1'],
    ['1.0post', '=', '1.0.post0'],
    ['1.0_dev', '=', '1.0.dev0'],
    ['1.0adev1', '=', '1.0a0.dev1'],
    ['1.0a.', '=', '1.0a0'],
    ['1.0a--1', '=', '1.0a0.post1'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('pypi', a, b)).toBe(expected);
  });

  it.each([
    '',
    '1.0-bulbasaur',
    '2004d',
    '1.0.',
    '.1',
    '1..0',
    '1.0 1',
    '1.0+',
    '1.0+a..b',
    '1.0+a!b',
    '1!',
    '!1',
    '1.0.dev1.dev2',
    '1.0.post1a1',
    '1.0-1-2',
    '1.0é',
    'french toast',
    '1.0.*',
    'latest',
  ])('does not order %j', (version) => {
    expect(orderOf('pypi', version, '1.0.0')).toBe('none');
    expect(orderOf('pypi', version, version)).toBe('none');
  });
});
