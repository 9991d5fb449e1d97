import { gzipSync } from 'node:zlib';
import { osRelease, rpmdb, type Vendor } from './vendor.js';

/** A test of OVAL: what is compared, and with what. */
interface Test {
  comment: string;
  name: string;
  state: string;
}

/** An OVAL file; definitions name tests by handing them in. */
class Oval {
  private readonly tests: Test[] = [];
  private readonly definitions: string[] = [];

  criterion(test: Test): string {
    this.tests.push(test);
    return `<criterion test_ref="t${this.tests.length - 1}" comment="${test.comment}"/>`;
  }

  define(kind: string, metadata: string, criteria: string): void {
    const id = `oval:d:def:${this.definitions.length}`;
    this.definitions.push(
      `<definition id="${id}" version="1" class="${kind}"><metadata>${metadata}</metadata>${criteria}</definition>`,
    );
  }

  toString(): string {
    const all = (kind: string, of: (test: Test, index: number) => string) =>
      `<${kind}>${this.tests.map(of).join('')}</${kind}>`;
    return `<?xml version="1.0"?><oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5">
      <definitions>${this.definitions.join('')}</definitions>
      ${all('tests', ({ comment }, i) => `<rpminfo_test id="t${i}" version="1" comment="${comment}" check="at least one"><object object_ref="o${i}"/><state state_ref="s${i}"/></rpminfo_test>`)}
      ${all('objects', ({ name }, i) => `<rpminfo_object id="o${i}" version="1"><name>${name}</name></rpminfo_object>`)}
      ${all('states', ({ state }, i) => `<rpminfo_state id="s${i}" version="1">${state}</rpminfo_state>`)}</oval_definitions>`;
  }
}

const and = (...parts: string[]) => `<criteria operator="AND">${parts.join('')}</criteria>`;
const or = (...parts: string[]) => `<criteria operator="OR">${parts.join('')}</criteria>`;

interface Bulletin {
  id: string;
  cves: readonly string[];
  severity: string;
  module?: string;
  /** Fixed versions by machine, then by package. */
  fixed: Record<string, Record<string, string>>;
}

function elsa(bulletins: readonly Bulletin[], release: number): string {
  const oval = new Oval();
  const onRelease: Test = {
    comment: `Oracle Linux ${release} is installed`,
    name: 'oraclelinux-release',
    state: `<version operation="pattern match">^${release}</version>`,
  };
  for (const { id, cves, severity, module, fixed } of bulletins) {
    const enabled = module && {
      comment: `Module ${module} is enabled`,
      name: `/etc/dnf/modules.d/${module.split(':')[0]}.module`,
      state: `<text operation="pattern match">\\[${module.split(':')[0]}\\][\\w\\W]*stream=${module.split(':')[1]}</text>`,
    };
    const machines = Object.entries(fixed).map(([machine, packages]) =>
      and(
        oval.criterion({
          comment: `Oracle Linux arch is ${machine}`,
          name: 'oraclelinux-release',
          state: `<arch operation="pattern match">${machine}</arch>`,
        }),
        or(
          ...Object.entries(packages).map(([name, evr]) =>
            and(
              oval.criterion({
                comment: `${name} is earlier than ${evr}`,
                name,
                state: `<evr datatype="evr_string" operation="less than">${evr}</evr>`,
              }),
              oval.criterion({
                comment: `${name} is signed with the Oracle Linux ${release} key`,
                name,
                state: '<signature_keyid operation="equals">82562ea9ad986da3</signature_keyid>',
              }),
            ),
          ),
        ),
      ),
    );
    oval.define(
      'patch',
      `<title>\n${id}:  update (${severity})\n</title><reference source="elsa" ref_id="${id}" ref_url="x"/>
       ${cves.map((cve) => `<reference source="CVE" ref_id="${cve}" ref_url="x"/>`).join('')}
       <advisory><severity>${severity}</severity><issued date="2024-01-02"/></advisory>`,
      and(oval.criterion(onRelease), ...(enabled ? [oval.criterion(enabled)] : []), or(...machines)),
    );
  }
  return oval.toString();
}

const ORACLE_MODULE = 'module+el8.9.0+90184+d4bb1ce7';
const onBoth = (packages: Record<string, string>) => ({ x86_64: packages, aarch64: packages });

const oracle: Vendor = {
  feed: 'oracle',
  mirror: {
    'com.oracle.elsa-all.xml.bz2': elsa(
      [
        {
          id: 'ELSA-2024-0001',
          cves: ['CVE-2024-0601', 'CVE-2024-0602'],
          severity: 'IMPORTANT',
          fixed: onBoth({ 'openssl-libs': '1:1.1.1k-12.el8_9' }),
        },
        {
          id: 'ELSA-2024-0002',
          cves: ['CVE-2024-0603'],
          severity: 'MODERATE',
          fixed: onBoth({ 'openssl-libs': '1:1.1.1k-9.el8_7' }),
        },
        // Ksplice's builds have an epoch above that of the plain ones.
        {
          id: 'ELSA-2024-0003',
          cves: ['CVE-2024-0604'],
          severity: 'IMPORTANT',
          fixed: onBoth({ glibc: '2:2.28-236.0.2.ksplice1.el8_9.12' }),
        },
        {
          id: 'ELSA-2024-0004',
          cves: ['CVE-2024-0605'],
          severity: 'LOW',
          module: 'nodejs:18',
          fixed: onBoth({ nodejs: `1:18.19.1-1.${ORACLE_MODULE}` }),
        },
        {
          id: 'ELSA-2024-0005',
          cves: ['CVE-2024-0606'],
          severity: 'CRITICAL',
          fixed: { x86_64: { rsyslog: '8.24-57.0.1.el8' }, aarch64: { rsyslog: '8.24-57.0.4.el8' } },
        },
      ],
      8,
    ),
  },
  parts: { elsa: 5 },
  systems: {
    'Oracle Linux 8': {
      files: {
        'etc/os-release': osRelease('ol', '8.9', 'Oracle Linux Server 8.9'),
        ...rpmdb([
          { name: 'openssl-libs', evr: '1:1.1.1k-9.el8_7', source: 'openssl' },
          { name: 'glibc', evr: '2.28-236.el8_9.7' },
          { name: 'nodejs', evr: `1:18.14.2-2.${ORACLE_MODULE}`, module: 'nodejs:18' },
          { name: 'rsyslog', evr: '8.24-57.0.1.el8' },
        ]),
      },
      expected: [
        `nodejs CVE-2024-0605: open fixed 1:18.19.1-1.${ORACLE_MODULE}, low by oracle`,
        'openssl-libs CVE-2024-0601: open fixed 1:1.1.1k-12.el8_9, high by oracle',
        'openssl-libs CVE-2024-0602: open fixed 1:1.1.1k-12.el8_9, high by oracle',
      ],
    },
    'Oracle Linux 8 with Ksplice and another stream, on aarch64': {
      files: {
        'etc/os-release': osRelease('ol', '8.9', 'Oracle Linux Server 8.9'),
        ...rpmdb([
          { name: 'glibc', evr: '2:2.28-236.0.1.ksplice1.el8_9.7', arch: 'aarch64' },
          { name: 'nodejs', evr: `1:18.14.2-2.${ORACLE_MODULE}`, module: 'nodejs:20', arch: 'aarch64' },
          { name: 'rsyslog', evr: '8.24-57.0.1.el8', arch: 'aarch64' },
        ]),
      },
      expected: [
        'glibc CVE-2024-0604: open fixed 2:2.28-236.0.2.ksplice1.el8_9.12, high by oracle',
        'rsyslog CVE-2024-0606: open fixed 8.24-57.0.4.el8, critical by oracle',
      ],
    },
  },
};

type Verdict = { fixed: string } | 'affected' | 'not affected';

/** A CVE in products of SUSE: by product, what is said of each package. */
interface Judgement {
  cve: string;
  severity: string;
  products: Record<string, Record<string, Verdict>>;
}

function suseOval(judgements: readonly Judgement[]): Buffer {
  const oval = new Oval();
  const installed = (product: string): Test => ({
    comment: `${product} is installed`,
    name: 'sles-release',
    state: '<version operation="equals">15.5</version>',
  });
  const verdictOn = (name: string, verdict: Verdict): Test => {
    if (verdict === 'affected') {
      return { comment: `${name} is affected`, name, state: '<evr operation="greater than">0:0-0</evr>' };
    }
    if (verdict === 'not affected') {
      return { comment: `${name} is not affected`, name, state: '<version operation="equals">0</version>' };
    }
    const arch = '<arch operation="pattern match">(aarch64|ppc64le|s390x|x86_64)</arch>';
    const state = `${arch}<evr datatype="evr_string" operation="less than">0:${verdict.fixed}</evr>`;
    return { comment: `${name}-${verdict.fixed} is installed`, name, state };
  };
  for (const { cve, severity, products } of judgements) {
    const alternatives = Object.entries(products).map(([product, packages]) =>
      and(
        or(oval.criterion(installed(product))),
        or(...Object.entries(packages).map(([name, verdict]) => oval.criterion(verdictOn(name, verdict)))),
      ),
    );
    oval.define(
      'vulnerability',
      `<title>${cve}</title><description>A fault.</description><advisory from="security@suse.de"><issued date="2024-01-01"/>
       <severity>${severity}</severity><cve impact="${severity.toLowerCase()}" href="https://www.suse.com/security/cve/${cve}/">${cve}</cve></advisory>`,
      or(...alternatives),
    );
  }
  return gzipSync(oval.toString());
}

const BASE = 'SUSE Linux Enterprise Module for Basesystem 15 SP5';
const LEGACY = 'SUSE Linux Enterprise Module for Legacy 15 SP5';
const OTHER = suseOval([
  { cve: 'CVE-2024-0799', severity: 'Low', products: { 'openSUSE Leap 15.3': { x: 'affected' } } },
]);
const SUSE_RELEASES = [
  ...['12', '15', '16'].map((release) => `suse.linux.enterprise.server.${release}`),
  ...['5.1', '5.2', '5.3', '5.4', '5.5', '6.0', '6.1'].map((release) => `suse.linux.enterprise.micro.${release}`),
  ...['15.3', '15.4', '15.5', '15.6', '16.0'].map((release) => `opensuse.leap.${release}`),
  'opensuse.tumbleweed',
];

const suse: Vendor = {
  feed: 'suse',
  mirror: {
    ...Object.fromEntries(SUSE_RELEASES.map((release) => [`${release}-affected.xml.gz`, OTHER])),
    'suse.linux.enterprise.server.15-affected.xml.gz': suseOval([
      {
        cve: 'CVE-2024-0701',
        severity: 'Important',
        products: {
          [BASE]: { libopenssl1_1: { fixed: '1.1.1l-150500.17.25.1' } },
          'SUSE Linux Enterprise Module for Basesystem 15 SP4': { libopenssl1_1: { fixed: '1.1.1l-150400.7.60.2' } },
        },
      },
      {
        cve: 'CVE-2024-0702',
        severity: 'Moderate',
        products: { [BASE]: { libopenssl1_1: { fixed: '1.1.1l-150500.17.1.1' } } },
      },
      { cve: 'CVE-2024-0703', severity: 'Low', products: { [BASE]: { glibc: 'affected' } } },
      { cve: 'CVE-2024-0704', severity: 'Low', products: { [BASE]: { glibc: 'not affected' } } },
      {
        cve: 'CVE-2024-0705',
        severity: 'Critical',
        products: { [BASE]: { glibc: 'not affected' }, [LEGACY]: { glibc: 'affected' } },
      },
    ]),
    'suse.linux.enterprise.micro.5.5-affected.xml.gz': suseOval([
      {
        cve: 'CVE-2024-0706',
        severity: 'Moderate',
        products: { 'SUSE Linux Enterprise Micro 5.5': { podman: { fixed: '4.9.5-150500.3.12.1' } } },
      },
    ]),
    'opensuse.leap.15.5-affected.xml.gz': suseOval([
      {
        cve: 'CVE-2024-0701',
        severity: 'Important',
        products: { 'openSUSE Leap 15.5': { libopenssl1_1: { fixed: '1.1.1l-150500.17.25.1' } } },
      },
    ]),
  },
  parts: Object.fromEntries(
    SUSE_RELEASES.toSorted().map((release) => [release, release === 'suse.linux.enterprise.server.15' ? 5 : 1]),
  ),
  systems: {
    'SLES 15 SP5': {
      files: {
        'etc/os-release': osRelease('sles', '15.5', 'SUSE Linux Enterprise Server 15 SP5'),
        ...rpmdb([
          { name: 'libopenssl1_1', evr: '1.1.1l-150500.17.19.1', source: 'openssl-1_1' },
          { name: 'glibc', evr: '2.31-150300.63.1' },
        ]),
      },
      expected: [
        'glibc CVE-2024-0703: open not_fixed null, low by suse',
        'glibc CVE-2024-0705: open not_fixed null, critical by suse',
        'libopenssl1_1 CVE-2024-0701: open fixed 1.1.1l-150500.17.25.1, high by suse',
      ],
    },
    'SLE Micro 5.5': {
      files: {
        'etc/os-release': osRelease('sle-micro', '5.5', 'SUSE Linux Enterprise Micro 5.5'),
        ...rpmdb([{ name: 'podman', evr: '4.8.3-150500.3.6.1' }]),
      },
      expected: ['podman CVE-2024-0706: open fixed 4.9.5-150500.3.12.1, medium by suse'],
    },
    'openSUSE Leap 15.5': {
      files: {
        'etc/os-release': osRelease('opensuse-leap', '15.5', 'openSUSE Leap 15.5'),
        ...rpmdb([
          { name: 'libopenssl1_1', evr: '1.1.1l-150500.17.19.1', source: 'openssl-1_1' },
          { name: 'glibc', evr: '2.31-150300.63.1' },
        ]),
      },
      expected: ['libopenssl1_1 CVE-2024-0701: open fixed 1.1.1l-150500.17.25.1, high by suse'],
    },
  },
};

export const OVAL_VENDORS: readonly Vendor[] = [oracle, suse];
