import { apkDatabase } from './image.js';
import { osRelease, type Vendor } from './vendor.js';

type Judged = Record<string, unknown>;

/** One issue as the tracker's JSON has it, about Debian 12. */
const issue = (bookworm: Judged) => ({
  scope: 'remote',
  description: 'A fault.',
  releases: { bookworm: { repositories: { bookworm: '1' }, urgency: 'not yet assigned', ...bookworm } },
});
const deb = (name: string, version: string, source: string, architecture = 'amd64') =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: ${architecture}\nSource: ${source}\nVersion: ${version}\n\n`;

const debian: Vendor = {
  feed: 'debian',
  mirror: {
    'data/json': JSON.stringify({
      openssl: {
        'CVE-2023-0001': issue({ status: 'resolved', fixed_version: '3.0.11-1~deb12u2', urgency: 'medium' }),
        'CVE-2023-0002': issue({ status: 'resolved', fixed_version: '3.0.9-1' }),
        'CVE-2023-0003': issue({ status: 'resolved', fixed_version: '0', urgency: 'unimportant' }),
      },
      perl: {
        'CVE-2023-0004': issue({ status: 'open', urgency: 'low', nodsa: 'Minor issue', nodsa_reason: 'ignored' }),
        'CVE-2023-0005': issue({ status: 'open', nodsa: 'Later', nodsa_reason: 'postponed' }),
        'CVE-2023-0006': issue({ status: 'open', urgency: 'high**' }),
        'CVE-2023-0007': issue({ status: 'open', urgency: 'end-of-life' }),
        'CVE-2023-0008': issue({ status: 'undetermined' }),
      },
      'gcc-12': { 'CVE-2023-0009': issue({ status: 'resolved', fixed_version: '12.2.0-14+deb12u1' }) },
    }),
    'data/DSA/list': [
      '[01 Oct 2023] DSA-5500-1 openssl - security update',
      '\t{CVE-2023-0001}',
      '\t[bookworm] - openssl 3.0.11-1~deb12u2',
      '[02 Oct 2023] DSA-5501-1 shadow - security update',
      '\t{CVE-2023-0010 CVE-2023-0011}',
      '\t[bookworm] - shadow 1:4.13+dfsg1-1+deb12u1',
      '\t[bullseye] - perl 5.40-1',
      '',
    ].join('\n'),
  },
  parts: { DSA: 2, tracker: 9 },
  systems: {
    'Debian 12': {
      files: {
        'etc/os-release': osRelease('debian', '12', 'Debian GNU/Linux 12 (bookworm)'),
        'var/lib/dpkg/status': [
          deb('libssl3', '3.0.9-1', 'openssl'),
          deb('perl-base', '5.36.0-7+deb12u1', 'perl'),
          // Built anew without a change of the source.
          deb('libstdc++6', '12.2.0-14+b1', 'gcc-12 (12.2.0-14)'),
          deb('login', '1:4.13+dfsg1-1+b1', 'shadow (1:4.13+dfsg1-1)'),
        ].join(''),
      },
      expected: [
        'libssl3 CVE-2023-0001: open fixed 3.0.11-1~deb12u2, medium by debian',
        'libstdc++6 CVE-2023-0009: open fixed 12.2.0-14+deb12u1, unknown by null',
        'login CVE-2023-0010: open fixed 1:4.13+dfsg1-1+deb12u1, unknown by null',
        'login CVE-2023-0011: open fixed 1:4.13+dfsg1-1+deb12u1, unknown by null',
        'perl-base CVE-2023-0004: open wont_fix null, low by debian',
        'perl-base CVE-2023-0005: open deferred null, unknown by null',
        'perl-base CVE-2023-0006: open not_fixed null, high by debian',
        'perl-base CVE-2023-0007: open end_of_life null, unknown by null',
        'perl-base CVE-2023-0008: undetermined unknown null, unknown by null',
      ],
    },
  },
};

const secdb = (packages: Record<string, Record<string, string[]>>) =>
  JSON.stringify({
    apkurl: '{{urlprefix}}/{{reponame}}/{{arch}}/{{pkg.name}}-{{pkg.ver}}.apk',
    packages: Object.entries(packages).map(([name, secfixes]) => ({ pkg: { name, secfixes } })),
  });

const alpine: Vendor = {
  feed: 'alpine',
  mirror: {
    'v3.19/main.json': secdb({
      openssl: {
        '0': ['CVE-2023-0103'],
        '3.1.4-r0': ['CVE-2023-0102'],
        '3.1.4-r2': ['CVE-2023-0101 GHSA-c2qf-rxjj-qqgw'],
      },
      zlib: { '1.3-r1': ['CVE-2023-0104'] },
    }),
    'v3.19/community.json': secdb({ go: { '1.21.5-r0': ['CVE-2023-0105'] } }),
    'v3.18/main.yaml':
      'distroversion: v3.18\npackages:\n- pkg:\n    name: zlib\n    secfixes:\n      1.10-r0:\n      - CVE-2023-0106\n',
  },
  parts: { 'v3.18/main': 1, 'v3.19/community': 1, 'v3.19/main': 4 },
  systems: {
    'Alpine 3.19': {
      files: {
        'etc/os-release': osRelease('alpine', '3.19.1', 'Alpine Linux v3.19'),
        'lib/apk/db/installed': apkDatabase([
          { name: 'libcrypto3', version: '3.1.4-r1', origin: 'openssl' },
          { name: 'zlib', version: '1.3-r1' },
          { name: 'go', version: '1.21.4-r0' },
        ]),
      },
      expected: [
        'go CVE-2023-0105: open fixed 1.21.5-r0, unknown by null',
        'libcrypto3 CVE-2023-0101: open fixed 3.1.4-r2, unknown by null',
      ],
    },
    'Alpine 3.18': {
      files: {
        'etc/os-release': osRelease('alpine', '3.18.0', 'Alpine Linux v3.18'),
        'lib/apk/db/installed': apkDatabase([{ name: 'zlib', version: '1.9-r0' }]),
      },
      expected: ['zlib CVE-2023-0106: open fixed 1.10-r0, unknown by null'],
    },
  },
};

/** Distributions without releases are judged by the package that a build file names. */
function rolling(feed: 'wolfi' | 'chainguard', first: number): Vendor {
  const cve = (number: number) => `CVE-2023-${String(first + number).padStart(4, '0')}`;
  return {
    feed,
    mirror: {
      'security.json': secdb({
        openssl: { '0': [cve(3)], '3.1.4-r0': [cve(2)], '3.1.4-r2': [cve(1), 'GHSA-c2qf-rxjj-qqgw'] },
        curl: { '8.4.0-r1': [cve(4)] },
      }),
    },
    parts: { security: 5 },
    systems: {
      [feed]: {
        files: {
          'etc/os-release': osRelease(feed, '20230201', feed),
          'lib/apk/db/installed': apkDatabase([
            { name: 'libcrypto3', version: '3.1.4-r1', origin: 'openssl' },
            { name: 'libcurl-openssl4', version: '8.4.0-r1', origin: 'curl' },
          ]),
        },
        expected: [
          `libcrypto3 ${cve(1)}: open fixed 3.1.4-r2, unknown by null`,
          'libcrypto3 GHSA-c2qf-rxjj-qqgw: open fixed 3.1.4-r2, unknown by null',
        ],
      },
    },
  };
}

export const DEB_AND_APK_VENDORS: readonly Vendor[] = [
  debian,
  alpine,
  rolling('wolfi', 200),
  rolling('chainguard', 300),
];
