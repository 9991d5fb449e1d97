import { zstdCompressSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { inLines, readContent, sourceOf } from '../../../test/support/feed-records.js';
import { redhatChanges } from './redhat-changes.js';
import { redhatFeed } from './redhat-feed.js';

const CPES = {
  'BaseOS-9.3.0.Z.MAIN': 'cpe:/o:redhat:enterprise_linux:9::baseos',
  'AppStream-9.3.0.Z.MAIN': 'cpe:/a:redhat:enterprise_linux:9::appstream',
  'BaseOS-9.2.0.Z.MAIN.EUS': 'cpe:/o:redhat:enterprise_linux:9::baseos',
  'BaseOS-9.0.0.Z.EUS': 'cpe:/o:redhat:rhel_eus:9.0::baseos',
  'BaseOS-10.1.Z': 'cpe:/o:redhat:enterprise_linux:10.1',
  '7Server-ELS': 'cpe:/o:redhat:rhel_els:7',
  '9Base-RHOSE-4.16': 'cpe:/a:redhat:openshift:4.16::el9',
  red_hat_enterprise_linux_6: 'cpe:/o:redhat:enterprise_linux:6',
  red_hat_enterprise_linux_7: 'cpe:/o:redhat:enterprise_linux:7',
  red_hat_enterprise_linux_8: 'cpe:/o:redhat:enterprise_linux:8',
  red_hat_enterprise_linux_9: 'cpe:/o:redhat:enterprise_linux:9',
};
type Platform = keyof typeof CPES;

/** `platform:component` with the component's purl. */
const PURLS = new Map([
  ['curl-0:7.76.1-23.el9_2.4.src', 'pkg:rpm/redhat/curl@7.76.1-23.el9_2.4?arch=src'],
  ['curl-0:7.76.1-26.el9_3.2.src', 'pkg:rpm/redhat/curl@7.76.1-26.el9_3.2?arch=src'],
  ['libcurl-0:7.76.1-26.el9_3.2.x86_64', 'pkg:rpm/redhat/libcurl@7.76.1-26.el9_3.2?arch=x86_64'],
  ['curl-0:7.76.1-14.el9_0.9.src', 'pkg:rpm/redhat/curl@7.76.1-14.el9_0.9?arch=src'],
  ['bind-32:9.18-1.el9.src', 'pkg:rpm/redhat/bind@9.18-1.el9?arch=src&epoch=32'],
  ['dhcp-12:4.4-1.el9.src', 'pkg:rpm/redhat/dhcp@4.4-1.el9?arch=src'],
  [
    'nodejs-1:18.19.0-1.module+el8.9.0+21100+1.src::nodejs:18',
    'pkg:rpm/redhat/nodejs@18.19.0-1.module%2Bel8.9.0%2B21100%2B1?arch=src&epoch=1&rpmmod=nodejs:18:8090020231208:a75119d5',
  ],
  ['lone-0:1-1.el9.x86_64', 'pkg:rpm/redhat/lone@1-1.el9?arch=x86_64'],
  ['curl.src', 'pkg:rpm/redhat/curl?arch=src'],
  ['libcurl', 'pkg:rpm/redhat/libcurl'],
  ['nodejs:16/nodejs', 'pkg:rpm/redhat/nodejs?arch=src&rpmmod=nodejs:16'],
  ['image', 'pkg:oci/image?repository_url=x'],
  ['bad', 'pkg:rpm/redhat/a%20b?arch=src'],
]);

interface Said {
  status?: Record<string, [Platform, string][]>;
  remediations?: [category: string, details: string, products: [Platform, string][]][];
  threats?: [details: string, products: [Platform, string][]][];
  extra?: Record<string, unknown>;
}

const idsOf = (products: [Platform, string][]) => products.map(([platform, component]) => `${platform}:${component}`);

function vex({ status, remediations = [], threats = [], extra = {} }: Said, cve = 'CVE-2023-38545') {
  const components = [...PURLS].map(([id, purl]) => ({
    category: 'product_version',
    product: { product_id: id, product_identification_helper: { purl } },
  }));
  const platforms = Object.entries(CPES).map(([id, cpe]) => ({
    category: 'product_name',
    product: { product_id: id, product_identification_helper: { cpe } },
  }));
  return {
    document: {
      category: 'csaf_vex',
      title: 'curl: heap overflow',
      aggregate_severity: { text: 'Important' },
      tracking: { id: cve, status: 'final', current_release_date: '2025-11-21T14:31:32+00:00' },
    },
    product_tree: {
      branches: [
        { category: 'vendor', name: 'Red Hat', branches: [{ branches: platforms }, { branches: components }] },
      ],
      relationships: Object.keys(CPES).flatMap((platform) =>
        [...PURLS.keys()].map((component) => ({
          full_product_name: { product_id: `${platform}:${component}` },
          product_reference: component,
          relates_to_product_reference: platform,
        })),
      ),
    },
    vulnerabilities: [
      {
        cve,
        product_status:
          status && Object.fromEntries(Object.entries(status).map(([name, products]) => [name, idsOf(products)])),
        remediations: remediations.map(([category, details, products]) => ({
          category,
          details,
          product_ids: idsOf(products),
        })),
        threats: threats.map(([details, products]) => ({ category: 'impact', details, product_ids: idsOf(products) })),
        scores: [{ cvss_v3: { vectorString: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H' }, products: [] }],
        ...extra,
      },
    ],
  };
}

async function linesOf(said: Said): Promise<string[]> {
  const { advisories, rejected } = await readContent(redhatFeed, JSON.stringify(vex(said)), 'vex');
  return [...advisories.flatMap(({ affected }) => inLines(affected)), ...rejected.map(({ reason }) => reason)];
}

describe("Red Hat's judgement of a CVE", () => {
  it('is one record, rated for all products', async () => {
    const { advisories } = await readContent(redhatFeed, JSON.stringify(vex({ status: {} })), 'vex');
    expect(advisories).toMatchObject([
      {
        id: 'REDHAT-CVE-2023-38545',
        upstream: ['CVE-2023-38545'],
        summary: 'curl: heap overflow',
        severity: 'high',
        cvss: [{ version: '3.1', score: 8.1, source: 'REDHAT-CVE-2023-38545' }],
        url: 'https://access.redhat.com/security/cve/CVE-2023-38545',
        modified: new Date('2025-11-21T14:31:32Z'),
        withdrawn: null,
        affected: [],
      },
    ]);
  });

  it('is fixed by what the main stream has, and spares the fixed builds of an earlier minor release', async () => {
    const fixed: [Platform, string][] = [
      ['BaseOS-9.0.0.Z.EUS', 'curl-0:7.76.1-14.el9_0.9.src'],
      ['BaseOS-9.2.0.Z.MAIN.EUS', 'curl-0:7.76.1-23.el9_2.4.src'],
      ['BaseOS-9.3.0.Z.MAIN', 'curl-0:7.76.1-26.el9_3.2.src'],
      ['BaseOS-9.3.0.Z.MAIN', 'libcurl-0:7.76.1-26.el9_3.2.x86_64'],
      ['AppStream-9.3.0.Z.MAIN', 'curl-0:7.76.1-26.el9_3.2.src'],
    ];
    expect(await linesOf({ status: { fixed } })).toEqual([
      'Red Hat:9 source curl >=0 <7.76.1-23.el9_2.4 >=7.76.1-23.el9_3 <7.76.1-26.el9_3.2',
    ]);
  });

  it('leaves streams for other subscriptions, layered products and containers out', async () => {
    const fixed: [Platform, string][] = [
      ['BaseOS-9.0.0.Z.EUS', 'curl-0:7.76.1-14.el9_0.9.src'],
      ['7Server-ELS', 'bind-32:9.18-1.el9.src'],
      ['9Base-RHOSE-4.16', 'bind-32:9.18-1.el9.src'],
      ['BaseOS-9.3.0.Z.MAIN', 'image'],
    ];
    expect(await linesOf({ status: { fixed } })).toEqual([]);
  });

  it('has epochs, modules, and the minor releases of release 10', async () => {
    const fixed: [Platform, string][] = [
      ['BaseOS-10.1.Z', 'bind-32:9.18-1.el9.src'],
      ['BaseOS-9.3.0.Z.MAIN', 'dhcp-12:4.4-1.el9.src'],
      ['red_hat_enterprise_linux_8', 'nodejs-1:18.19.0-1.module+el8.9.0+21100+1.src::nodejs:18'],
    ];
    expect(
      await linesOf({ status: { fixed, known_affected: [['red_hat_enterprise_linux_8', 'nodejs:16/nodejs']] } }),
    ).toEqual([
      'Red Hat:10 source bind >=0 <32:9.18-1.el9',
      'Red Hat:9 source dhcp >=0 <12:4.4-1.el9',
      'Red Hat:8 source nodejs nodejs:18 >=0 <1:18.19.0-1.module+el8.9.0+21100+1',
      'Red Hat:8 source nodejs nodejs:16 >=0',
    ]);
  });

  it('names a binary by itself where no source package stands beside it', async () => {
    const fixed: [Platform, string][] = [
      ['BaseOS-9.3.0.Z.MAIN', 'curl-0:7.76.1-26.el9_3.2.src'],
      ['BaseOS-9.3.0.Z.MAIN', 'lone-0:1-1.el9.x86_64'],
    ];
    expect(await linesOf({ status: { fixed, known_affected: [['red_hat_enterprise_linux_7', 'libcurl']] } })).toEqual([
      'Red Hat:9 source curl >=0 <7.76.1-26.el9_3.2',
      'Red Hat:9 binary lone >=0 <1-1.el9',
      'Red Hat:7 binary libcurl >=0',
    ]);
  });

  it.each([
    ['none_available', 'Affected', 'not_fixed'],
    ['none_available', 'Fix deferred', 'deferred'],
    ['none_available', 'Deferred', 'deferred'],
    ['no_fix_planned', 'Will not fix', 'wont_fix'],
    ['no_fix_planned', 'Out of support scope', 'end_of_life'],
  ])('says why there is no fix: %s, %s', async (category, details, state) => {
    const products: [Platform, string][] = [['red_hat_enterprise_linux_6', 'curl.src']];
    const said = { status: { known_affected: products }, remediations: [[category, details, products]] } as Said;
    expect(await linesOf(said)).toEqual([`Red Hat:6 source curl >=0 ${state}`]);
    // Without product_status, what can be done says it.
    expect(await linesOf({ remediations: said.remediations ?? [] })).toEqual([`Red Hat:6 source curl >=0 ${state}`]);
  });

  it('says what is not affected, not known yet, and what was shipped beside a fix', async () => {
    const status: Said['status'] = {
      known_not_affected: [
        ['red_hat_enterprise_linux_6', 'curl.src'],
        ['BaseOS-9.3.0.Z.MAIN', 'bind-32:9.18-1.el9.src'],
      ],
      under_investigation: [['red_hat_enterprise_linux_7', 'curl.src']],
    };
    expect(await linesOf({ status })).toEqual([
      'Red Hat:7 source curl undetermined',
      'Red Hat:6 source curl not_affected',
    ]);
  });

  it('believes that a package is affected when it also says that it is fixed or not affected', async () => {
    const curl: [Platform, string][] = [['red_hat_enterprise_linux_9', 'curl.src']];
    const status = { fixed: [['BaseOS-9.3.0.Z.MAIN', 'curl-0:7.76.1-26.el9_3.2.src']] as [Platform, string][] };
    expect(await linesOf({ status: { ...status, known_affected: curl, known_not_affected: curl } })).toEqual([
      'Red Hat:9 source curl >=0 <7.76.1-26.el9_3.2',
      'Red Hat:9 source curl >=0',
    ]);
  });

  it('rates a product by itself where it is rated otherwise', async () => {
    const products: [Platform, string][] = [['red_hat_enterprise_linux_8', 'curl.src']];
    const scores = [
      { cvss_v3: { vectorString: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H' }, products: [] },
      { cvss_v3: { vectorString: 'CVSS:3.1/AV:L/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H' }, products: idsOf(products) },
    ];
    const said = { status: { known_affected: products }, threats: [['Low', products]], extra: { scores } } as Said;
    const { advisories } = await readContent(redhatFeed, JSON.stringify(vex(said)), 'vex');
    expect(advisories[0]).toMatchObject({
      cvss: [{ score: 8.1 }],
      affected: [{ severity: 'low', cvss: [{ score: 7.4 }] }],
    });
  });

  it('is named where an rpm of it cannot be read', async () => {
    expect(await linesOf({ status: { known_affected: [['red_hat_enterprise_linux_9', 'bad']] } })).toEqual([
      expect.stringContaining('expected the purl of an rpm'),
    ]);
  });

  it('is withdrawn with its document', async () => {
    const document = vex({ status: {} });
    document.document.tracking.status = 'deleted';
    const { advisories } = await readContent(redhatFeed, JSON.stringify(document), 'vex');
    expect(advisories[0]?.withdrawn).toEqual(new Date('2025-11-21T14:31:32Z'));
  });
});

describe("the archive of Red Hat's documents", () => {
  const archive = async (files: Record<string, string>) => {
    const tar = pack();
    for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
    tar.finalize();
    const pieces: Buffer[] = [];
    for await (const piece of tar as AsyncIterable<Buffer>) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const document = (cve: string) => JSON.stringify(vex({ status: {} }, cve));

  it('is read document by document, past those that are broken', async () => {
    const tar = await archive({
      '2024/cve-2024-0001.json': document('CVE-2024-0001'),
      '2024/cve-2024-0002.json': '{"document":',
      '../../etc/cve-2024-0003.json': '[]',
      '2024/README': 'x',
      '2024/cve-2024-0004.json': document('CVE-2024-0004'),
    });
    for (const bytes of [tar, zstdCompressSync(tar)]) {
      const { advisories, rejected } = await readContent(redhatFeed, bytes, 'vex');
      expect(advisories.map(({ id }) => id)).toEqual(['REDHAT-CVE-2024-0001', 'REDHAT-CVE-2024-0004']);
      expect(rejected.map(({ entry, id }) => [entry, id])).toEqual([
        ['2024/cve-2024-0002.json', 'REDHAT-CVE-2024-0002'],
        ['../../etc/cve-2024-0003.json', 'REDHAT-CVE-2024-0003'],
      ]);
    }
  });

  it('is refused when it ends early, or is none', async () => {
    const tar = await archive({ 'a.json': document('CVE-2024-0001') });
    for (const bytes of [
      tar.subarray(0, 700),
      Buffer.from('<html>'.padEnd(2000)),
      Buffer.alloc(0),
      Buffer.alloc(1024),
    ]) {
      await expect(readContent(redhatFeed, bytes, 'vex')).rejects.toMatchObject({ code: 'feed_source_invalid' });
    }
  });

  it('is named by archive_latest.txt, and not by a path', async () => {
    const files = (latest: string) =>
      redhatFeed.files(sourceOf({ 'archive_latest.txt': latest }), new AbortController().signal);
    expect(await files('csaf_vex_2025-02-15.tar.zst\n')).toMatchObject([
      { part: 'vex', path: 'csaf_vex_2025-02-15.tar.zst', asOf: new Date('2025-02-15T00:00:00Z') },
    ]);
    for (const latest of ['<html>', '../csaf_vex_2025-02-15.tar.zst', '']) {
      await expect(files(latest)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    }
  });
});

describe('what Red Hat changed since a time', () => {
  const since = new Date('2025-02-15T00:00:00Z');
  const lists = (changes: string, deletions = '') => sourceOf({ 'changes.csv': changes, 'deletions.csv': deletions });

  it('is listed oldest first, with what was taken away and did not come back', async () => {
    const changes = [
      '"2024/cve-2024-0010.json","2025-02-18T14:28:08+00:00"',
      '"2024/cve-2024-0011.json","2025-02-15T14:27:54+00:00"',
      '"2024/cve-2024-0012.json","2025-02-14T14:27:54+00:00"',
      '"2024/cve-2024-0013.json","2025-02-15T20:00:00+00:00"',
    ].join('\n');
    const deletions = [
      '"2024/cve-2024-0013.json","2025-02-16T00:00:00+00:00"',
      '"2024/cve-2024-0010.json","2025-02-16T00:00:00+00:00"',
      '"2024/cve-2024-0014.json","2025-02-01T00:00:00+00:00"',
    ].join('\n');
    expect(await redhatChanges.since(lists(changes, deletions), since)).toEqual({
      changed: [
        {
          id: 'REDHAT-CVE-2024-0011',
          path: '2024/cve-2024-0011.json',
          time: new Date('2025-02-15T14:27:54Z'),
        },
        {
          id: 'REDHAT-CVE-2024-0010',
          path: '2024/cve-2024-0010.json',
          time: new Date('2025-02-18T14:28:08Z'),
        },
      ],
      deleted: ['REDHAT-CVE-2024-0013'],
      newest: new Date('2025-02-18T14:28:08Z'),
    });
  });

  it.each(['<html>', '"../../x.json","2025-02-18T14:28:08+00:00"', '"2024/cve-2024-0010.json"'])(
    'is not taken from %s',
    async (changes) => {
      await expect(redhatChanges.since(lists(changes), since)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    },
  );
});
