import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';

describe('the order of Go versions', () => {
  it.each([
    ['v1.9.0', '<', 'v1.10.0'],
    ['v1.2.3', '=', '1.2.3'],
    ['v1.2', '=', 'v1.2.0'],
    ['v1', '=', 'v1.0.0'],
    ['v1.0.0-rc.1', '<', 'v1.0.0'],
    ['v1.0.0-rc.9', '<', 'v1.0.0-rc.10'],
    ['v1.0.0-alpha', '<', 'v1.0.0-alpha.1'],
    ['v1.0.0-0', '<', 'v1.0.0-a'],
    ['v2.0.0+incompatible', '=', 'v2.0.0'],
    // pseudo-versions
    ['v0.0.0-20190108021931-aaaaaaaaaaaa', '<', 'v0.0.0-20191109021931-bbbbbbbbbbbb'],
    ['v0.0.0-20191109021931-daa7c04131f5', '<', 'v0.0.0'],
    ['v1.2.3', '<', 'v1.2.4-0.20191109021931-daa7c04131f5'],
    ['v1.2.4-0.20191109021931-daa7c04131f5', '<', 'v1.2.4'],
    ['v1.2.3-pre', '<', 'v1.2.3-pre.0.20191109021931-daa7c04131f5'],
    ['v2.0.0-20180101000000-abcdefabcdef+incompatible', '<', 'v2.0.0'],
    // the toolchain
    ['go1.20.3', '=', '1.20.3'],
    ['go1.9.7', '<', 'go1.10.1'],
    ['go1.20', '=', '1.20.0'],
    ['go1.21rc2', '=', '1.21.0-rc.2'],
    ['1.20rc1', '=', 'go1.20rc1'],
    ['go1.21beta1', '<', 'go1.21rc1'],
    ['go1.21rc9', '<', 'go1.21rc10'],
    ['go1.21rc1', '<', 'go1.21.0'],
    ['1.21.0-0', '<', 'go1.21rc1'],
    ['go1.9.2rc2', '<', 'go1.9.2'],
    ['go1.22.3-acme', '=', 'go1.22.3'],
    ['go1.22.3+auto', '=', 'go1.22.3'],
    ['go1.21rc2-acme', '<', 'go1.21.0'],
    ['go1.25', '=', 'go1.25.0'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('golang', a, b)).toBe(expected);
  });

  it.each([
    '',
    '(devel)',
    'devel',
    'devel go1.24-abcdef',
    'go',
    'go1.',
    'v',
    'v1.2.3.4',
    'v01.2.3',
    'v1.2.3-01',
    'v1.2.3-',
    'v1.2-rc1',
    'v1.20rc1',
    '1.20rc1x',
    'v1.2.3-a..b',
    'v1.2.3+',
    'go1.20.3foo',
    'latest',
    'v1.é',
  ])('does not order %j', (version) => {
    expect(orderOf('golang', version, '1.0.0')).toBe('none');
    expect(orderOf('golang', version, version)).toBe('none');
  });

  it('cuts off what a toolchain reports behind a space', () => {
    expect(orderOf('golang', 'go1.22.3 X:boringcrypto', 'go1.22.3')).toBe('=');
    expect(orderOf('golang', 'go1.21.9 (Red Hat 1.21.9-1.el9)', '1.21.9')).toBe('=');
  });
});
