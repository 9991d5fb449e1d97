import { expect, it } from 'vitest';
import { flavourOf } from './flavour.js';

it.each([
  ['2.17-326.0.9.ksplice1.el7_9.3', 'ksplice'],
  ['2:1.1.1g-15.ksplice1.el8_3', 'ksplice'],
  ['10:3.6.16-4.0.1.el8_fips', 'fips'],
  ['1.1.1f-1ubuntu2.fips.2.8', 'fips'],
  ['2.0.1+fips1', 'fips'],
  ['3.0.0-1~fips', 'fips'],
  ['1.1.1k-9.el8_7', null],
  ['1.2.0-fipscheck1', null],
  ['1.0-ksplice', null],
])('%s is of the flavour %s', (version, flavour) => {
  expect(flavourOf(version)).toBe(flavour);
});
