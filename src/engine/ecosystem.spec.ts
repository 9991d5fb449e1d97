import { expect, it } from 'vitest';
import type { PackageType } from '../model/package.js';
import { ecosystemOf, whyNoEcosystem } from './ecosystem.js';

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
  ['echo', '1', 'deb', 'Echo'],
  ['wolfi', '20230201', 'apk', 'Wolfi'],
  ['chainguard', '20230214', 'apk', 'Chainguard'],
  ['minimos', '20241031', 'apk', 'MinimOS'],
  ['alpaquita', '23', 'apk', 'Alpaquita:23'],
  ['alpaquita', 'stream', 'apk', 'Alpaquita:stream'],
  ['rocky', '9.4', 'rpm', 'Rocky Linux:9'],
  ['almalinux', '8.10', 'rpm', 'AlmaLinux:8'],
  ['opensuse-leap', '15.6', 'rpm', 'openSUSE:Leap 15.6'],
  ['opensuse-leap', '15', 'rpm', null],
  ['opensuse-leap-micro', '5.5', 'rpm', 'openSUSE:Leap Micro 5.5'],
  ['opensuse-tumbleweed', '20240801', 'rpm', 'openSUSE:Tumbleweed'],
  ['mageia', '9', 'rpm', 'Mageia:9'],
  ['photon', '5.0', 'rpm', 'Photon OS:5.0'],
  ['mariner', '2.0', 'rpm', 'Azure Linux:2'],
  ['azurelinux', '3.0', 'rpm', 'Azure Linux:3'],
  ['rhel', '9.4', 'rpm', 'Red Hat:9'],
  ['rhel', '10.0', 'rpm', 'Red Hat:10'],
  ['rhel', null, 'rpm', null],
  ['centos', '7', 'rpm', 'Red Hat:7'],
  ['centos', '8', 'rpm', 'Red Hat:8'],
  ['centos', '9', 'rpm', null],
  ['centos', '10', 'rpm', null],
  ['amzn', '2018.03', 'rpm', 'Amazon Linux:1'],
  ['amzn', '2', 'rpm', 'Amazon Linux:2'],
  ['amzn', '2022', 'rpm', 'Amazon Linux:2022'],
  ['amzn', '2023', 'rpm', 'Amazon Linux:2023'],
  ['ol', '8.9', 'rpm', 'Oracle Linux:8'],
  ['sles', '15.5', 'rpm', 'SUSE Linux Enterprise:15.5'],
  ['sles', '12.5', 'rpm', 'SUSE Linux Enterprise:12.5'],
  ['sles', '15', 'rpm', 'SUSE Linux Enterprise:15'],
  ['sled', '15.5', 'rpm', 'SUSE Linux Enterprise:15.5'],
  ['sles_sap', '15.5', 'rpm', 'SUSE Linux Enterprise:15.5'],
  ['sle-micro', '5.5', 'rpm', 'SUSE Linux Enterprise Micro:5.5'],
  ['sl-micro', '6.0', 'rpm', 'SUSE Linux Enterprise Micro:6.0'],
  ['sl-micro', null, 'rpm', null],
  ['fedora', '40', 'rpm', 'Fedora:40'],
  ['fedora', 'rawhide', 'rpm', null],
  ['arch', null, 'alpm', null],
  ['debian', '12', 'npm', 'npm'],
])('%s %s, %s: %s', (id, versionId, type, expected) => {
  expect(ecosystemOf({ id, versionId, codename: null, prettyName: null }, type)).toBe(expected);
});

it.each<[string | null, string | null]>([
  ['trixie', 'Debian:13'],
  ['trixie/sid', 'Debian:13'],
  ['sid', null],
  ['constructor', null],
  [null, null],
])('debian that is not released, codename %s: %s', (codename, expected) => {
  expect(ecosystemOf({ id: 'debian', versionId: null, codename, prettyName: null }, 'deb')).toBe(expected);
});

it.each([
  ['22.03', 'openEuler 22.03 (LTS-SP3)', 'openEuler:22.03-LTS-SP3'],
  ['24.03', 'openEuler 24.03 (LTS)', 'openEuler:24.03-LTS'],
  ['23.09', 'openEuler 23.09', null],
])('openEuler %s, "%s": %s', (versionId, prettyName, expected) => {
  expect(ecosystemOf({ id: 'openEuler', versionId, codename: null, prettyName }, 'rpm')).toBe(expected);
});

it('knows npm packages without a distribution', () => {
  expect([ecosystemOf(null, 'npm'), ecosystemOf(null, 'deb')]).toEqual(['npm', null]);
});

it('takes CentOS Stream for no rebuild of Red Hat Enterprise Linux, and says so', () => {
  const stream = { id: 'centos', versionId: '8', codename: null, prettyName: 'CentOS Stream 8' };
  expect(ecosystemOf(stream, 'rpm')).toBeNull();
  expect(whyNoEcosystem(stream)).toMatch(/^CentOS Stream 8 runs ahead of Red Hat Enterprise Linux/);
  expect(whyNoEcosystem({ id: 'arch', versionId: null, codename: null, prettyName: null })).toBe(
    'no advisories are filed under arch',
  );
});
