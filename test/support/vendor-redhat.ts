import { zstdCompressSync } from 'node:zlib';
import { tar } from './image.js';
import { osRelease, rpmdb, type Vendor } from './vendor.js';

const PRODUCTS = {
  'BaseOS-9.3.0.Z.MAIN': 'cpe:/o:redhat:enterprise_linux:9::baseos',
  'AppStream-8.9.0.Z.MAIN': 'cpe:/a:redhat:enterprise_linux:8::appstream',
  red_hat_enterprise_linux_8: 'cpe:/o:redhat:enterprise_linux:8',
  red_hat_enterprise_linux_9: 'cpe:/o:redhat:enterprise_linux:9',
  'BaseOS-9.0.0.Z.EUS': 'cpe:/o:redhat:rhel_eus:9.0::baseos',
};
type Product = keyof typeof PRODUCTS;

const STATUSES = ['fixed', 'known_affected', 'known_not_affected', 'under_investigation'] as const;
type Component = [product: Product, id: string, purl: string];
type Said = Partial<Record<(typeof STATUSES)[number], Component[]>> & {
  /** Why there is no fix. */
  remediation?: [category: string, details: string];
};

const RHEL9 = 'red_hat_enterprise_linux_9';
const source = (product: Product, name: string): Component => [product, name, `pkg:rpm/redhat/${name}?arch=src`];
const built = (product: Product, name: string, version: string, more = ''): Component => [
  product,
  `${name}-${version}.src${more}`,
  `pkg:rpm/redhat/${name}@${encodeURIComponent(version.replace(/^\d+:/, ''))}?arch=src&epoch=${/^(\d+):/.exec(version)?.[1] ?? 0}${more}`,
];

function vex(cve: string, severity: string, said: Said): string {
  const components = STATUSES.flatMap((status) => said[status] ?? []);
  const affected = (said.known_affected ?? []).map(([product, id]) => `${product}:${id}`);
  return JSON.stringify({
    document: {
      category: 'csaf_vex',
      title: `${cve} in a package`,
      aggregate_severity: { text: severity },
      tracking: { id: cve, status: 'final', current_release_date: '2024-05-06T07:08:09+00:00' },
    },
    product_tree: {
      branches: [
        ...Object.entries(PRODUCTS).map(([id, cpe]) => ({
          product: { product_id: id, product_identification_helper: { cpe } },
        })),
        ...components.map(([, id, purl]) => ({ product: { product_id: id, product_identification_helper: { purl } } })),
      ],
      relationships: components.map(([product, id]) => ({
        full_product_name: { product_id: `${product}:${id}` },
        product_reference: id,
        relates_to_product_reference: product,
      })),
    },
    vulnerabilities: [
      {
        cve,
        product_status: Object.fromEntries(
          STATUSES.map((status) => [status, (said[status] ?? []).map(([product, id]) => `${product}:${id}`)]),
        ),
        remediations: said.remediation
          ? [{ category: said.remediation[0], details: said.remediation[1], product_ids: affected }]
          : [],
        scores: [{ cvss_v3: { vectorString: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H' }, products: affected }],
      },
    ],
  });
}

const MODULE = 'module+el8.9.0+21387+df3ec9a5';
const perl: Pick<Said, 'known_affected'> = { known_affected: [source(RHEL9, 'perl')] };

const DOCUMENTS: Record<string, string> = Object.fromEntries(
  (
    [
      ['CVE-2024-0801', 'Important', { fixed: [built('BaseOS-9.3.0.Z.MAIN', 'curl', '7.76.1-26.el9_3.2')] }],
      ['CVE-2024-0802', 'Moderate', { fixed: [built('BaseOS-9.3.0.Z.MAIN', 'curl', '7.76.1-23.el9')] }],
      ['CVE-2024-0803', 'Low', { ...perl, remediation: ['no_fix_planned', 'Will not fix'] }],
      ['CVE-2024-0804', 'Low', { ...perl, remediation: ['none_available', 'Fix deferred'] }],
      ['CVE-2024-0805', 'Moderate', { ...perl, remediation: ['no_fix_planned', 'Out of support scope'] }],
      ['CVE-2024-0806', 'Critical', { ...perl, remediation: ['none_available', 'Affected'] }],
      ['CVE-2024-0807', 'Moderate', { under_investigation: [source(RHEL9, 'perl')] }],
      ['CVE-2024-0808', 'Moderate', { known_not_affected: [source(RHEL9, 'perl')] }],
      // Of another stream of support: it is not for this system.
      ['CVE-2024-0809', 'Moderate', { fixed: [built('BaseOS-9.0.0.Z.EUS', 'curl', '9-1.el9_0.9')] }],
      [
        'CVE-2024-0810',
        'Important',
        {
          fixed: [
            built(
              'AppStream-8.9.0.Z.MAIN',
              'nodejs',
              `1:18.19.1-1.${MODULE}`,
              '&rpmmod=nodejs:18:8090020240101:a75119d5',
            ),
          ],
          known_affected: [
            ['red_hat_enterprise_linux_8', 'nodejs:16/nodejs', 'pkg:rpm/redhat/nodejs?arch=src&rpmmod=nodejs:16'],
          ],
          remediation: ['no_fix_planned', 'Will not fix'],
        },
      ],
    ] satisfies [string, string, Said][]
  ).map(([cve, severity, said]) => [`2024/${cve.toLowerCase()}.json`, vex(cve, severity, said)]),
);

const archive = 'csaf_vex_2024-06-01.tar.zst';

export const REDHAT: Vendor = {
  feed: 'redhat',
  mirror: {
    'archive_latest.txt': archive,
    [archive]: zstdCompressSync(await tar(DOCUMENTS)),
    'changes.csv': Object.keys(DOCUMENTS)
      .map((path) => `"${path}","2024-05-06T07:08:09+00:00"\n`)
      .join(''),
    'deletions.csv': '',
    ...DOCUMENTS,
  },
  parts: { vex: 10 },
  systems: {
    'Red Hat Enterprise Linux 9': {
      files: {
        'etc/os-release': osRelease('rhel', '9.3', 'Red Hat Enterprise Linux 9.3 (Plow)'),
        ...rpmdb([
          { name: 'libcurl', evr: '7.76.1-26.el9', source: 'curl' },
          { name: 'perl-libs', evr: '4:5.32.1-480.el9', source: 'perl' },
        ]),
      },
      expected: [
        'libcurl CVE-2024-0801: open fixed 7.76.1-26.el9_3.2, high by redhat',
        'perl-libs CVE-2024-0803: open wont_fix null, low by redhat',
        'perl-libs CVE-2024-0804: open deferred null, low by redhat',
        'perl-libs CVE-2024-0805: open end_of_life null, medium by redhat',
        'perl-libs CVE-2024-0806: open not_fixed null, critical by redhat',
        'perl-libs CVE-2024-0807: undetermined unknown null, medium by redhat',
      ],
    },
    'Red Hat Enterprise Linux 8 with a stream that is fixed': {
      files: {
        'etc/os-release': osRelease('rhel', '8.9', 'Red Hat Enterprise Linux 8.9 (Ootpa)'),
        ...rpmdb([{ name: 'nodejs', evr: `1:18.14.2-2.${MODULE}`, module: 'nodejs:18' }]),
      },
      expected: [`nodejs CVE-2024-0810: open fixed 1:18.19.1-1.${MODULE}, high by redhat`],
    },
    'Red Hat Enterprise Linux 8 with a stream that is not': {
      files: {
        'etc/os-release': osRelease('rhel', '8.9', 'Red Hat Enterprise Linux 8.9 (Ootpa)'),
        ...rpmdb([{ name: 'nodejs', evr: `1:16.20.2-4.${MODULE}`, module: 'nodejs:16' }]),
      },
      expected: ['nodejs CVE-2024-0810: open wont_fix null, high by redhat'],
    },
  },
};
