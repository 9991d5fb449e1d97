import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../test/support/version-order.js';

describe('the order of apk versions', () => {
  it.each([
    // numbers by value; with a leading zero as a fraction, but not the first one
    ['1.9', '<', '1.10'],
    ['1.05', '<', '1.1'],
    ['1.09', '<', '1.1'],
    ['1.0', '<', '1.00'],
    ['013', '=', '13'],
    ['20070118', '>', '3.0.20070118'],
    ['1.99999999999999999999', '<', '1.100000000000000000000'],
    // letters
    ['1.1.1d', '<', '1.1.1g'],
    ['1.1.1', '<', '1.1.1a'],
    ['1.1.1z', '<', '1.1.2'],
    ['1.1a', '<', '1.1.0'],
    // suffixes: _alpha _beta _pre _rc < none < _cvs _svn _git _hg _p
    ['1.0_alpha', '<', '1.0_beta'],
    ['1.0_beta2', '<', '1.0_pre'],
    ['1.0_pre', '<', '1.0_rc'],
    ['1.0_rc9', '<', '1.0'],
    ['1.0', '<', '1.0_cvs'],
    ['1.0_cvs', '<', '1.0_svn'],
    ['1.0_svn', '<', '1.0_git'],
    ['1.0_git', '<', '1.0_hg'],
    ['1.0_hg', '<', '1.0_p'],
    ['1.0_p9', '<', '1.0_p10'],
    ['1.0_rc1', '<', '1.0_rc1_p1'],
    ['1.0_rc1_pre2', '<', '1.0_rc1'],
    ['1.0_rc1-r5', '<', '1.0-r0'],
    ['1.0_p1', '<', '1.0a'],
    // commit hashes
    ['1.0~0a', '>', '1.0'],
    ['1.0~0a', '<', '1.0~0b'],
    ['1.0~0a-r1', '<', '1.0~0a-r2'],
    // revisions
    ['1.36.1-r9', '<', '1.36.1-r29'],
    ['1.0', '<', '1.0-r0'],
    ['1.0-r9', '<', '1.0.1-r0'],
    ['1.1.18-r3', '<', '1.1.18-r4'],
    // what apk-tools 2 alone accepts
    ['6.0.3p1-r2', '<', '6.0.3p10-r0'],
    ['0.8.21.r2', '<', '0.8.21.1'],
    // the fault is behind what decides
    ['1.2.3-beta', '<', '1.3'],
    ['2-ruff', '>', '1.9-r1'],
  ])('%s %s %s', (a, expected, b) => {
    expect(orderOf('apk', a, b)).toBe(expected);
  });

  it.each([
    ['', '1'],
    ['garbage', '1.2.3-r0'],
    ['v1.2.3', '1.2.3'],
    ['not a version', '1'],
    ['1.2.3-beta', '1.2.3-r5'],
    ['1.2.3-beta', '1.2.3-beta'],
    ['1.2_blah', '1.2'],
    ['1.2~', '1.2'],
    ['1.2~xyz', '1.2'],
    ['1-r1-r2', '1-r1'],
    ['1.2_p1.3', '1.2_p1'],
    ['1 ', '1'],
  ])('%j and %j have no order', (a, b) => {
    expect(orderOf('apk', a, b)).toBe('none');
  });
});
