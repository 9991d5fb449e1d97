import { expect, it } from 'vitest';
import type { PackageType } from '../model/package.js';
import { ecosystemOf } from './ecosystem.js';

it.each<[string, string | null, PackageType, string | null]>([
  ['alpine', '3.10.4', 'apk', 'Alpine:v3.10'],
  ['alpine', '3.21.0_alpha20240923', 'apk', 'Alpine:edge'],
  ['alpine', '3', 'apk', null],
  ['alpine', '3.20.3', 'deb', null],
  ['debian', '12', 'deb', 'Debian:12'],
  ['debian', '9.13', 'deb', 'Debian:9'],
  ['debian', null, 'deb', null],
  ['ubuntu', '22.04', 'deb', 'Ubuntu:22.04:LTS'],
  ['ubuntu', '6.06', 'deb', 'Ubuntu:6.06:LTS'],
  ['ubuntu', '23.04', 'deb', 'Ubuntu:23.04'],
  ['ubuntu', '24.10', 'deb', 'Ubuntu:24.10'],
  ['linuxmint', '21', 'deb', null],
  ['debian', '12', 'npm', 'npm'],
])('%s %s, %s: %s', (id, versionId, type, expected) => {
  expect(ecosystemOf({ id, versionId, codename: null, prettyName: null }, type)).toBe(expected);
});

it('knows npm packages without a distribution', () => {
  expect([ecosystemOf(null, 'npm'), ecosystemOf(null, 'deb')]).toEqual(['npm', null]);
});
