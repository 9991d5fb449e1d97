import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';
import { schemeOf } from './scheme.js';

describe('the order of Maven versions', () => {
  it.each([
    // numbers; zeros at the end count for nothing
    ['1.9', '<', '1.10'],
    ['1', '=', '1.0.0'],
    ['1.01', '=', '1.1'],
    ['1.0.0.1', '>', '1'],
    ['1.99999999999999999999', '<', '1.100000000000000000000'],
    ['999999999', '<', '1000000000'],
    ['999999999999999999', '<', '1000000000000000000'],
    // qualifiers in their order, without case
    ['1-alpha', '<', '1-beta'],
    ['1-beta', '<', '1-milestone'],
    ['1-milestone', '<', '1-rc'],
    ['1-rc', '=', '1-CR'],
    ['1-rc', '<', '1-SNAPSHOT'],
    ['1-SNAPSHOT', '<', '1'],
    ['1', '=', '1-ga'],
    ['1', '=', '1.Final'],
    ['1', '=', '1-RELEASE'],
    ['1', '<', '1-sp'],
    ['1-sp', '<', '1-abc'],
    ['1-abc', '<', '1-xyz'],
    ['1-xyz', '<', '1-1'],
    ['1-1', '<', '1.1'],
    ['1a1', '=', '1-alpha-1'],
    ['1b1', '=', '1.0-beta-1'],
    ['1.0.0.M2', '=', '1.0.0-milestone-2'],
    ['1-a', '>', '1-a1'],
    ['1-rc1', '<', '1-rc2'],
    ['1-rc9', '<', '1-rc10'],
    ['1-alpha-1-SNAPSHOT', '<', '1-alpha-1'],
    // as published
    ['4.1.94.Final', '<', '4.1.100.Final'],
    ['2.13.4', '<', '2.13.4.2'],
    ['5.3.27', '=', '5.3.27.RELEASE'],
    ['31.1-android', '<', '31.1-jre'],
    ['1.2.17', '<', '1.2.17.redhat-00001'],
    ['4.1.0.Final-redhat-1', '>', '4.1.0.Final'],
    ['9.4.51.v20230217', '<', '9.4.52.v20230823'],
    ['9.4.51', '<', '9.4.51.v20230217'],
    ['2.0.0-M1', '<', '2.0.0'],
    ['1.0.0-20230101.120000-1', '>', '1.0.0'],
    ['Hoxton.SR9', '<', 'Hoxton.SR12'],
    ['Hoxton.SR12', '<', '2020.0.1'],
    ['r07', '<', 'r09'],
    // MNG-5568, MNG-6572, MNG-6964, MNG-7644
    ['6.1.0rc3', '<', '6.1H.5-beta'],
    ['20190126.230843', '<', '123456789012345.1H.5-beta'],
    ['1-0.alpha', '<', '1'],
    ['1-0.alpha', '<', '1-0.beta'],
    ['2.0.0.RC1', '<', '2.0.0-RC2'],
    ['4.0.0.Beta3', '<', '4.0.0-RC1'],
    ['1-1', '>', '1-ga-1'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('maven', a, b)).toBe(expected);
  });

  it.each(['', '1.0 0', '1.é', '1.\0', '1.0000000000.1'])('does not order %j', (version) => {
    expect(orderOf('maven', version, '1.0.0')).toBe('none');
    expect(orderOf('maven', version, version)).toBe('none');
  });

  it.each(['1.sp.1', '1.0.beta-2-x', '1-0-alpha', 'r09', 'Hoxton.SR12', 'ga.1'])(
    'gives no key to %j, which Maven orders in circles with others',
    (version) => {
      const { compare, key } = schemeOf('maven');
      expect(compare(version, version)).toBe(0);
      expect(key(version)).toBeNull();
    },
  );

  it('compares in circles where Maven does', () => {
    expect(['<', '<', '<']).toEqual([
      orderOf('maven', '1.sp.1', '1-alpha'),
      orderOf('maven', '1-alpha', '1'),
      orderOf('maven', '1', '1.sp.1'),
    ]);
  });
});
