import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';

describe('the order of rpm versions', () => {
  it.each([
    // rpmvercmp: numbers by value, of any length; above letters; separators only separate
    ['1.9', '<', '1.10'],
    ['1.010', '=', '1.10'],
    ['1.99999999999999999999', '<', '1.100000000000000000000'],
    ['1.a', '<', '1.1'],
    ['1.a', '<', '1.b'],
    ['1.a', '<', '1.aa'],
    ['1.Z', '<', '1.a'],
    ['1_0', '=', '1.0'],
    ['1..0', '=', '1.0'],
    ['1.', '=', '1'],
    ['1a1', '=', '1.a.1'],
    // a tilde is below everything, even the end
    ['1.0~rc1', '<', '1.0'],
    ['1.0~rc1', '<', '1.0~rc2'],
    ['1.0~~', '<', '1.0~'],
    ['1.0~', '<', '1.0'],
    // a caret is above the end and below everything else
    ['1.0', '<', '1.0^'],
    ['1.0^git1', '<', '1.0^git2'],
    ['1.0^git1', '<', '1.0.1'],
    ['1.0^git1', '<', '1.0a'],
    ['1.0^20240101~pre', '<', '1.0^20240101'],
    // epochs: only digits before a colon, missing is 0
    ['1:0', '>', '9'],
    ['0:1.0', '=', '1.0'],
    [':1.0', '=', '1.0'],
    ['2:1', '<', '10:1'],
    ['a:1', '<', 'b:1'],
    // the last hyphen starts the release; no release is below any
    ['1.0-1', '<', '1.0-2'],
    ['1.0', '<', '1.0-1'],
    ['1.0', '<', '1.0-'],
    ['1.0-9.el8', '<', '1.0-10.el8'],
    ['1-2-3', '<', '1-10-1'],
    ['3.10.0-229.el7', '<', '3.10.0-229.1.2.el7'],
    ['1.1.1k-7.el8_6', '<', '1:1.1.1g-15.el8_3'],
    ['4.18.0-477.10.1.el8_8', '<', '4.18.0-477.27.1.el8_8'],
    // what is not ASCII separates
    ['1.α', '<', '1.a'],
    ['1.α', '=', '1.β'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('rpm', a, b)).toBe(expected);
  });

  it.each(['', '\0'])('does not order %j', (version) => {
    expect(orderOf('rpm', version, '1.0.0')).toBe('none');
    expect(orderOf('rpm', version, version)).toBe('none');
  });
});
