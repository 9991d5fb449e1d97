import { gzipSync } from 'node:zlib';
import { type InstalledRpm, osRelease, rpmdb, type Vendor } from './vendor.js';

interface Listed {
  name: string;
  evr: string;
  archs: readonly string[];
}

interface Erratum {
  id: string;
  cves: readonly string[];
  severity: string;
  module?: string;
  packages: readonly Listed[];
}

const split = (evr: string) => {
  const [, epoch = '0', version = '', release = ''] = /^(?:(\d+):)?([^-]+)-(.+)$/.exec(evr) ?? [];
  return { epoch, version, release };
};

function updateinfo(errata: readonly Erratum[], arch?: string): Buffer {
  const updates = errata.map(({ id, cves, severity, module, packages }) => {
    const listed = packages.flatMap(({ name, evr, archs }) =>
      archs
        .filter((one) => arch === undefined || one === arch || one === 'noarch')
        .map((one) => {
          const { epoch, version, release } = split(evr);
          return `<package arch="${one}" epoch="${epoch}" name="${name}" release="${release}" version="${version}"><filename>x.rpm</filename></package>`;
        }),
    );
    const [name, stream] = module?.split(':') ?? [];
    const of = module && `<module name="${name}" stream="${stream}" version="1" context="c" arch="x86_64"/>`;
    return `<update type="security" status="final" version="1"><id>${id}</id><title>${id}: update</title><issued date="2024-01-02 03:04"/>
      <severity>${severity}</severity><references>${cves.map((cve) => `<reference id="${cve}" type="cve" href="x"/>`).join('')}</references>
      <pkglist><collection short="c"><name>c</name>${of ?? ''}${listed.join('')}</collection></pkglist></update>`;
  });
  return gzipSync(`<?xml version="1.0"?><updates>${updates.join('')}</updates>`);
}

const INDEX = `<?xml version="1.0"?><repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary"><location href="repodata/1-primary.xml.gz"/></data>
  <data type="updateinfo"><location href="repodata/2-updateinfo.xml.gz"/></data></repomd>`;

function repository(root: string, errata: readonly Erratum[], arch?: string): Record<string, string | Buffer> {
  return { [`${root}/repodata/repomd.xml`]: INDEX, [`${root}/repodata/2-updateinfo.xml.gz`]: updateinfo(errata, arch) };
}

const BOTH = ['x86_64', 'aarch64'];

const amazon: Vendor = {
  feed: 'amazon',
  mirror: {
    '2/core/latest/x86_64/mirror.list': 'https://cdn.amazonlinux.com/2/core/2.0/x86_64/0a1b\n',
    ...repository('2/core/2.0/x86_64/0a1b', [
      {
        id: 'ALAS2-2024-0001',
        cves: ['CVE-2024-0401'],
        severity: 'important',
        packages: [{ name: 'kernel', evr: '4.14.336-253.554.amzn2', archs: BOTH }],
      },
    ]),
    '2/extras/kernel-5.10/latest/x86_64/mirror.list': 'https://cdn.amazonlinux.com/2/extras/kernel-5.10/1/x86_64/0c\n',
    ...repository('2/extras/kernel-5.10/1/x86_64/0c', [
      {
        id: 'ALAS2KERNEL-5.10-2024-0002',
        cves: ['CVE-2024-0401', 'CVE-2024-0402'],
        severity: 'critical',
        packages: [{ name: 'kernel', evr: '5.10.209-198.812.amzn2', archs: BOTH }],
      },
    ]),
    'al2023/core/mirrors/latest/x86_64/mirror.list':
      'https://cdn.amazonlinux.com/al2023/core/guids/0e/x86_64/\nhttps://other.example/x\n',
    ...repository('al2023/core/guids/0e/x86_64', [
      {
        id: 'ALAS2023-2024-0003',
        cves: ['CVE-2024-0403', 'CVE-2024-0404'],
        severity: 'medium',
        packages: [
          { name: 'openssl-libs', evr: '1:3.0.8-1.amzn2023.0.11', archs: BOTH },
          { name: 'tool', evr: '2-2.amzn2023', archs: ['x86_64'] },
          { name: 'tool', evr: '2-3.amzn2023', archs: ['aarch64'] },
        ],
      },
      {
        id: 'ALAS2023-2024-0004',
        cves: ['CVE-2024-0405'],
        severity: 'low',
        packages: [{ name: 'openssl-libs', evr: '1:3.0.8-1.amzn2023.0.3', archs: BOTH }],
      },
    ]),
  },
  parts: { '2/core': 1, '2/extras/kernel-5.10': 1, '2023/core': 2 },
  systems: {
    'Amazon Linux 2': {
      files: {
        'etc/os-release': osRelease('amzn', '2', 'Amazon Linux 2'),
        ...rpmdb([{ name: 'kernel', evr: '4.14.322-244.539.amzn2' }]),
      },
      expected: ['kernel CVE-2024-0401: open fixed 4.14.336-253.554.amzn2, high by amazon'],
    },
    'Amazon Linux 2 with the kernel of an extra': {
      files: {
        'etc/os-release': osRelease('amzn', '2', 'Amazon Linux 2'),
        ...rpmdb([{ name: 'kernel', evr: '5.10.100-1.amzn2' }]),
      },
      expected: [
        'kernel CVE-2024-0401: open fixed 5.10.209-198.812.amzn2, critical by amazon',
        'kernel CVE-2024-0402: open fixed 5.10.209-198.812.amzn2, critical by amazon',
      ],
    },
    'Amazon Linux 2023': {
      files: {
        'etc/os-release': osRelease('amzn', '2023', 'Amazon Linux 2023'),
        ...rpmdb([
          { name: 'openssl-libs', evr: '1:3.0.8-1.amzn2023.0.10', source: 'openssl' },
          { name: 'tool', evr: '2-2.amzn2023' },
        ]),
      },
      expected: [
        'openssl-libs CVE-2024-0403: open fixed 1:3.0.8-1.amzn2023.0.11, medium by amazon',
        'openssl-libs CVE-2024-0404: open fixed 1:3.0.8-1.amzn2023.0.11, medium by amazon',
      ],
    },
    'Amazon Linux 2023 on aarch64': {
      files: {
        'etc/os-release': osRelease('amzn', '2023', 'Amazon Linux 2023'),
        ...rpmdb([{ name: 'tool', evr: '2-2.amzn2023', arch: 'aarch64' }]),
      },
      expected: [
        'tool CVE-2024-0403: open fixed 2-3.amzn2023, medium by amazon',
        'tool CVE-2024-0404: open fixed 2-3.amzn2023, medium by amazon',
      ],
    },
  },
};

/** What both rebuilds of RHEL 9 fix, under ids of their own. */
const errataOf9 = (prefix: string): Erratum[] => [
  {
    id: `${prefix}-2024:0001`,
    cves: ['CVE-2024-0501'],
    severity: 'Important',
    packages: [
      { name: 'curl', evr: '7.76.1-26.el9_3.2', archs: BOTH },
      { name: 'libcurl', evr: '7.76.1-26.el9_3.2', archs: [...BOTH, 'i686'] },
      { name: 'curl-doc', evr: '7.76.1-26.el9_3.2', archs: ['noarch'] },
    ],
  },
  {
    id: `${prefix}-2024:0002`,
    cves: ['CVE-2024-0502'],
    severity: 'Moderate',
    packages: [{ name: 'libcurl', evr: '7.76.1-23.el9', archs: BOTH }],
  },
];
const modularOf9 = (prefix: string, release: string): Erratum => ({
  id: `${prefix}-2024:0003`,
  cves: ['CVE-2024-0503'],
  severity: 'Critical',
  module: 'nodejs:18',
  packages: [{ name: 'nodejs', evr: `1:18.19.1-1.${release}`, archs: BOTH }],
});
const onlyAarch64 = (prefix: string): Erratum => ({
  id: `${prefix}-2024:0004`,
  cves: ['CVE-2024-0504'],
  severity: 'Low',
  packages: [{ name: 'edk2', evr: '20230524-4.el9_3', archs: ['aarch64'] }],
});

const installed9 = (module: string, release: string): InstalledRpm[] => [
  { name: 'libcurl', evr: '7.76.1-26.el9', source: 'curl' },
  { name: 'curl-doc', evr: '7.76.1-26.el9', source: 'curl', arch: 'noarch' },
  { name: 'nodejs', evr: `1:18.14.2-2.${release}`, module },
  { name: 'edk2', evr: '20230524-3.el9', arch: 'x86_64' },
];
const expected9 = (by: string, release: string) => [
  `curl-doc CVE-2024-0501: open fixed 7.76.1-26.el9_3.2, high by ${by}`,
  `libcurl CVE-2024-0501: open fixed 7.76.1-26.el9_3.2, high by ${by}`,
  `nodejs CVE-2024-0503: open fixed 1:18.19.1-1.${release}, critical by ${by}`,
];

const ROCKY_MODULE = 'module+el9.3.0+1+a1b2c3d4';
const ROCKY_MACHINES = ['x86_64', 'aarch64', 'ppc64le', 's390x'];
const rocky: Vendor = {
  feed: 'rocky',
  mirror: Object.assign(
    {},
    ...ROCKY_MACHINES.flatMap((machine) =>
      ['8', '9', '10'].flatMap((release) => [
        repository(`${release}/BaseOS/${machine}/os`, [...errataOf9('RLSA'), onlyAarch64('RLSA')], machine),
        repository(`${release}/AppStream/${machine}/os`, [modularOf9('RLSA', ROCKY_MODULE)], machine),
      ]),
    ),
  ),
  parts: {
    ...Object.fromEntries(
      ['10', '8', '9'].flatMap((release) =>
        (release === '8' ? ['aarch64', 'x86_64'] : ROCKY_MACHINES).flatMap((machine) => [
          [`${release}/AppStream/${machine}`, 1],
          [`${release}/BaseOS/${machine}`, 3],
        ]),
      ),
    ),
  },
  systems: {
    'Rocky Linux 9': {
      files: {
        'etc/os-release': osRelease('rocky', '9.3', 'Rocky Linux 9.3'),
        ...rpmdb(installed9('nodejs:18', ROCKY_MODULE)),
      },
      expected: expected9('rocky', ROCKY_MODULE),
    },
    'Rocky Linux 9 with another stream, on aarch64': {
      files: {
        'etc/os-release': osRelease('rocky', '9.3', 'Rocky Linux 9.3'),
        ...rpmdb([
          { name: 'nodejs', evr: `1:18.14.2-2.${ROCKY_MODULE}`, module: 'nodejs:20', arch: 'aarch64' },
          { name: 'edk2', evr: '20230524-3.el9', arch: 'aarch64' },
        ]),
      },
      expected: ['edk2 CVE-2024-0504: open fixed 20230524-4.el9_3, low by rocky'],
    },
  },
};

const ALMA_MODULE = 'module_el9.3.0+1+a1b2c3d4';
const almaErratum = ({ id, cves, severity, module, packages }: Erratum) => ({
  id,
  type: 'security',
  severity,
  title: `${severity}: update`,
  issued_date: 1704164640,
  updated_date: 1704164640,
  references: cves.map((cve) => ({ id: cve, type: 'cve', href: 'x' })),
  packages: packages.flatMap(({ name, evr, archs }) => archs.map((arch) => ({ name, ...split(evr), arch }))),
  modules: module ? [{ name: module.split(':')[0], stream: module.split(':')[1] }] : [],
});
const almaErrata = JSON.stringify({
  data: [...errataOf9('ALSA'), modularOf9('ALSA', ALMA_MODULE)].map(almaErratum),
});

const almalinux: Vendor = {
  feed: 'almalinux',
  mirror: Object.fromEntries(['8', '9', '10'].map((release) => [`${release}/errata.full.json`, almaErrata])),
  parts: { '10': 3, '8': 3, '9': 3 },
  systems: {
    'AlmaLinux 9': {
      files: {
        'etc/os-release': osRelease('almalinux', '9.3', 'AlmaLinux 9.3'),
        ...rpmdb(installed9('nodejs:18', ALMA_MODULE)),
      },
      expected: expected9('almalinux', ALMA_MODULE),
    },
    'AlmaLinux 9 with another stream': {
      files: {
        'etc/os-release': osRelease('almalinux', '9.3', 'AlmaLinux 9.3'),
        ...rpmdb([{ name: 'nodejs', evr: `1:18.14.2-2.${ALMA_MODULE}`, module: 'nodejs:20' }]),
      },
      expected: [],
    },
  },
};

export const UPDATEINFO_VENDORS: readonly Vendor[] = [amazon, rocky, almalinux];
