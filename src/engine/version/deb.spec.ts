import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';

describe('the order of deb versions', () => {
  it.each([
    // deb-version(7): "~" sorts before the end
    ['1.0~rc1', '<', '1.0'],
    ['1.0~~', '<', '1.0~~a'],
    ['1.0~~a', '<', '1.0~'],
    ['1.0~rc1-1', '<', '1.0-1'],
    ['1.0-1~deb12u1', '<', '1.0-1'],
    // letters sort before other characters
    ['1.0a', '<', '1.0+'],
    ['1.0a', '<', '1.0.'],
    ['1.0Z', '<', '1.0a'],
    ['1.0', '<', '1.0a'],
    // numbers by value, of any length
    ['1.9', '<', '1.10'],
    ['1.010', '=', '1.10'],
    ['1.99999999999999999999', '<', '1.100000000000000000000'],
    // epochs
    ['9', '<', '1:0'],
    ['0:1.0', '=', '1.0'],
    ['2:1', '<', '10:1'],
    ['1:2:3', '<', '1:2:4'],
    // revisions; none is 0
    ['1.0', '=', '1.0-0'],
    ['1.0', '<', '1.0-1'],
    ['1.0-1', '<', '1.0-1ubuntu1'],
    ['1.0-1ubuntu1', '<', '1.0-1ubuntu1.1'],
    ['1.0-1+b1', '<', '1.0-2'],
    ['1-2-3', '<', '1-2.1-1'],
    ['1:2.5.1-1build1', '<', '1:2.5.1-1ubuntu0.1'],
    ['5.32.1-4+deb11u3', '<', '5.32.1-4+deb11u4'],
    // dpkg trims spaces around, and only warns of a version that does not start with a digit
    [' 1.0 ', '=', '1.0'],
    ['a1', '>', '1'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('deb', a, b)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['only spaces', '  '],
    ['an empty epoch', ':1'],
    ['an epoch that is no number', 'x:1'],
    ['a negative epoch', '-1:1'],
    ['an epoch over an int', '2147483648:1'],
    ['nothing after the epoch', '1:'],
    ['no upstream version', '-1'],
    ['no upstream version after the epoch', '1:-1'],
    ['an empty revision', '1-'],
    ['an empty revision behind another', '1-1-'],
    ['an embedded space', '1 2'],
    ['an underscore', '1_2'],
    ['a slash in the revision', '1-1/2'],
    ['a letter that is not ASCII', '1é'],
    ['a colon without an epoch', '1.0-1:2'],
  ])('does not order a version with %s', (_, version) => {
    expect(orderOf('deb', version, '1')).toBe('none');
  });
});
