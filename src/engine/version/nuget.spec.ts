import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';

describe('the order of NuGet versions', () => {
  it.each([
    // one to four numbers
    ['1.9', '<', '1.10'],
    ['1', '=', '1.0.0.0'],
    ['1.0', '<', '1.0.0.1'],
    ['1.0.0.9', '<', '1.0.0.10'],
    ['1.01.0', '=', '1.1'],
    // labels: numbers by value and below texts, which have no case
    ['1.0.0-a', '<', '1.0.0'],
    ['1.0.0-a', '<', '1.0.0-a.1'],
    ['1.0.0-a.9', '<', '1.0.0-a.10'],
    ['1.0.0-a.10', '<', '1.0.0-a.b'],
    ['1.0.0-Beta', '=', '1.0.0-bETA'],
    ['1.0.0-beta2', '>', '1.0.0-beta10'],
    ['1.0.0-a-b', '>', '1.0.0-a'],
    ['1.0.0.1-rc', '>', '1.0.0'],
    ['5.0.0-preview.7.20364.11', '<', '5.0.0-preview.8.20407.11'],
    ['5.0.0-preview.8', '<', '5.0.0-rc.1'],
    // .NET reads an int with a sign
    ['1.0.0--5', '<', '1.0.0-0'],
    ['1.0.0--10', '<', '1.0.0--5'],
    ['1.0.0--0', '=', '1.0.0-0'],
    ['1.0.0--05', '=', '1.0.0--5'],
    // and none past 31 bits
    ['1.0.0-2147483647', '<', '1.0.0-2147483648'],
    ['1.0.0-10000000000', '<', '1.0.0-2147483648'],
    ['1.0.0--2147483648', '<', '1.0.0-0'],
    ['1.0.0--2147483649', '>', '1.0.0-0'],
    // metadata does not count
    ['1.0.0+a', '=', '1.0.0+b'],
    ['1.0.0-a+1.2', '=', '1.0.0-a'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('nuget', a, b)).toBe(expected);
  });

  it.each([
    '',
    '1.',
    '.1',
    '1.0.0.0.0',
    'v1.0',
    '1.0-',
    '1.0-a..b',
    '1.0-01',
    '1.0-a_b',
    '1.0+',
    '1.0+a..b',
    '1.0-a+',
    '1.0.*',
    '1.é',
    '-1',
  ])('does not order %j', (version) => {
    expect(orderOf('nuget', version, '1.0.0')).toBe('none');
    expect(orderOf('nuget', version, version)).toBe('none');
  });
});
