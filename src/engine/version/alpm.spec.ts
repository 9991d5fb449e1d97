import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';
import { schemeOf } from './scheme.js';

describe('the order of alpm versions', () => {
  it.each([
    ['1.9-1', '<', '1.10-1'],
    ['1.010-1', '=', '1.10-1'],
    // letters that follow a number are below the end, separated ones above it
    ['1.0a-1', '<', '1.0alpha-1'],
    ['1.0alpha-1', '<', '1.0b-1'],
    ['1.0rc-1', '<', '1.0-1'],
    ['1.0-1', '<', '1.0.a-1'],
    ['1.0.a-1', '<', '1.0.1-1'],
    ['1.5.a-1', '>', '1.5-1'],
    ['1.5.b-1', '<', '1.5.1-1'],
    ['r1.abc-1', '<', '1-1'],
    ['1.0r1-1', '<', '1.0r2-1'],
    // longer separators are above shorter ones, whatever they are
    ['1.0-1', '<', '1..0-1'],
    ['1_0-1', '=', '1.0-1'],
    ['1+a-1', '=', '1.a-1'],
    // epochs
    ['1:1.0-1', '>', '2.0-1'],
    ['0:1.0-1', '=', '1.0-1'],
    [':1.0-1', '=', '1.0-1'],
    ['2:1-1', '<', '10:1-1'],
    // the release counts where both have one
    ['1.0-1', '<', '1.0-2'],
    ['1.0-1', '<', '1.0-1.1'],
    ['1.0-9', '<', '1.0-10'],
    ['1.0', '=', '1.0-1'],
    ['1.0', '=', '1.0-2'],
    ['1.0', '<', '1.1-1'],
    ['1.0', '=', '1.0'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('alpm', a, b)).toBe(expected);
  });

  it.each(['', '1.0.-1', '1._', '1-1.', '1.é-1', '1 0-1', '1\0'])('does not order %j', (version) => {
    expect(orderOf('alpm', version, '1.0.0')).toBe('none');
    expect(orderOf('alpm', version, version)).toBe('none');
  });

  it('gives no key to a version without pkgrel, which equals others that differ', () => {
    expect(schemeOf('alpm').key('1.0')).toBeNull();
    expect(schemeOf('alpm').key('1.0-1')).not.toBeNull();
  });
});
