import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readVex } from './read-vex.js';

const SAMPLES = '../shared/data/standards/openvex';
const isThere = existsSync(SAMPLES);
if (!isThere) console.info(`skipped: there are no VEX samples in ${SAMPLES}`);

const CONTEXT = 'https://openvex.dev/ns/v0.2.0';
const GIT = 'pkg:apk/wolfi/git@2.39.0-r1';

function openvex(statement: object, of: object = {}): unknown {
  return {
    '@context': CONTEXT,
    '@id': 'doc',
    author: 'A',
    timestamp: '2024-01-01T00:00:00Z',
    ...of,
    statements: [statement],
  };
}

const NOT_AFFECTED = { status: 'not_affected', justification: 'component_not_present' };

describe('readVex of OpenVEX', () => {
  it('reads a statement with all that it says', () => {
    const document = readVex(
      openvex({
        vulnerability: {
          '@id': 'https://nvd.nist.gov/vuln/detail/CVE-2024-1',
          name: 'CVE-2024-1',
          aliases: ['GHSA-a'],
        },
        products: [
          {
            '@id': 'pkg:oci/app@sha256%3Aaa',
            hashes: { 'sha-256': 'A'.repeat(64) },
            subcomponents: [{ '@id': GIT }, { identifiers: { purl: 'pkg:npm/ms@2.0.0' } }],
          },
        ],
        ...NOT_AFFECTED,
        impact_statement: ' Not built in. ',
        last_updated: '2024-02-01T00:00:00+01:00',
      }),
    );
    expect(document).toEqual({
      format: 'openvex',
      id: 'doc',
      author: 'A',
      time: new Date('2024-01-01T00:00:00Z'),
      rejected: [],
      rejectedCount: 0,
      statements: [
        {
          vulnerabilities: ['CVE-2024-1', 'GHSA-a'],
          products: [
            {
              id: 'pkg:oci/app@sha256%3Aaa',
              purls: ['pkg:oci/app@sha256%3Aaa'],
              digests: [`sha256:${'a'.repeat(64)}`],
              subcomponents: [GIT, 'pkg:npm/ms@2.0.0'],
            },
          ],
          status: 'not_affected',
          justification: 'component_not_present',
          detail: 'Not built in.',
          time: new Date('2024-01-31T23:00:00Z'),
        },
      ],
    });
  });

  it('reads the first version, with texts for objects and subcomponents beside the products', () => {
    const [statement] = readVex({
      '@context': 'https://openvex.dev/ns',
      statements: [{ vulnerability: 'CVE-1', products: ['pkg:oci/app'], subcomponents: [GIT], status: 'fixed' }],
    }).statements;
    expect(statement).toMatchObject({
      vulnerabilities: ['CVE-1'],
      products: [{ id: 'pkg:oci/app', subcomponents: [GIT] }],
      time: null,
    });
  });

  it('takes the name of a vulnerability from its IRI where it has no other', () => {
    const vulnerability = { '@id': 'https://nvd.nist.gov/vuln/detail/CVE-2024-1' };
    const [statement] = readVex(openvex({ vulnerability, products: [{ '@id': GIT }], status: 'affected' })).statements;
    expect(statement?.vulnerabilities).toEqual(['CVE-2024-1']);
  });

  it('keeps a subcomponent that is no package, so that the statement does not become one about the whole product', () => {
    const products = [{ '@id': 'pkg:oci/app', subcomponents: [{ '@id': 'https://example.com/part' }] }];
    const [statement] = readVex(openvex({ vulnerability: 'CVE-1', products, status: 'fixed' })).statements;
    expect(statement?.products[0]?.subcomponents).toEqual(['https://example.com/part']);
  });

  it.each([
    ['a status that is none', { status: 'harmless' }, /status/],
    ['not_affected without a reason', { status: 'not_affected' }, /justification/],
    ['no product', { products: [] }, /product/],
    ['no vulnerability', { vulnerability: {} }, /vulnerability/],
    ['products that are no list', { products: 'all' }, /products/],
  ])('rejects a statement with %s, and keeps the others', (_, fault, reason) => {
    const good = { vulnerability: 'CVE-1', products: [{ '@id': GIT }], status: 'fixed' };
    const json = { '@context': CONTEXT, statements: [{ ...good, ...fault }, good] };
    const { statements, rejected } = readVex(json);
    expect(statements).toHaveLength(1);
    expect(rejected).toEqual([{ entry: 'statements.0', reason: expect.stringMatching(reason) }]);
  });

  it.each([
    [null],
    [[]],
    ['x'],
    [{}],
    [{ '@context': 'https://example.com' }],
    [{ '@context': CONTEXT }],
    [openvex({})],
    [{ '@context': CONTEXT, statements: {} }],
  ])('refuses %j', (json) => {
    expect(() => readVex(json)).toThrow(expect.objectContaining({ code: 'vex_invalid' }));
  });

  it('reads as much as is reasonable of what names a little very often', () => {
    const part = (name: string) => `pkg:npm/${name}${'n'.repeat(200)}`;
    const names = Array.from({ length: 2_000 }, (_, i) => part(String(i)));
    const big = { vulnerability: 'CVE-1', products: names, subcomponents: names, status: 'fixed' };
    const small = { vulnerability: 'CVE-2', products: [GIT], status: 'fixed' };
    const { statements, rejected } = readVex({ '@context': CONTEXT, statements: [big, small] });
    expect(statements.map(({ vulnerabilities }) => vulnerabilities)).toEqual([['CVE-2']]);
    expect(rejected).toEqual([{ entry: 'statements.0', reason: 'it names too much' }]);
  });

  it('takes 100,000 statements, and counts those behind them', () => {
    const statement = { vulnerability: 'CVE-1', products: [GIT], status: 'fixed' };
    const { statements, rejected, rejectedCount } = readVex({
      '@context': CONTEXT,
      statements: Array.from({ length: 100_200 }, () => statement),
    });
    expect([statements.length, rejected.length, rejectedCount]).toEqual([100_000, 100, 200]);
  });

  it('refuses a document without an end of levels', () => {
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(() => readVex(openvex({ status_notes: deep }))).toThrow(/levels/);
  });

  it.skipIf(!isThere)('reads the samples of the standard', () => {
    for (const name of readdirSync(SAMPLES).filter((file) => file.endsWith('.json'))) {
      const document = readVex(JSON.parse(readFileSync(join(SAMPLES, name), 'utf8')));
      expect(document.rejected, name).toEqual([]);
      expect(document.statements.length, name).toBeGreaterThan(0);
    }
  });
});

describe('readVex of CycloneDX', () => {
  const analysis = { state: 'not_affected', justification: 'code_not_reachable', detail: 'Never called.' };
  const bom = (vulnerability: object, of: object = {}) => ({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    vulnerabilities: [{ id: 'CVE-1', analysis, ...vulnerability }],
    ...of,
  });

  it('takes what is affected from the components of the document', () => {
    const components = [{ 'bom-ref': 'c1', name: 'git', purl: GIT }];
    expect(readVex(bom({ affects: [{ ref: 'c1' }] }, { components })).statements).toMatchObject([
      {
        vulnerabilities: ['CVE-1'],
        products: [{ id: GIT, purls: [GIT], subcomponents: [] }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        detail: 'Never called.',
      },
    ]);
  });

  it('is about a component of what the document describes, and of nothing else', () => {
    const metadata = { component: { 'bom-ref': 'app', name: 'app', purl: 'pkg:oci/app@sha256%3Aaa' } };
    const products = readVex(bom({ affects: [{ ref: GIT }, { ref: 'app' }] }, { metadata })).statements[0]?.products;
    expect(products).toMatchObject([
      { id: 'pkg:oci/app@sha256%3Aaa', subcomponents: [GIT] },
      { id: 'pkg:oci/app@sha256%3Aaa', subcomponents: [] },
    ]);
  });

  it('follows BOM-Links, and takes exact versions', () => {
    const affects = [
      {
        ref: 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Anpm%2Fms',
        versions: [{ version: '2.0.0' }, { range: 'vers:npm/*' }],
      },
    ];
    expect(readVex(bom({ affects })).statements[0]?.products).toMatchObject([{ id: 'pkg:npm/ms@2.0.0' }]);
  });

  it.each([
    ['resolved', 'fixed'],
    ['exploitable', 'affected'],
    ['in_triage', 'under_investigation'],
    ['false_positive', 'not_affected'],
  ])('takes %s for %s', (state, status) => {
    expect(readVex(bom({ analysis: { state }, affects: [{ ref: GIT }] })).statements).toMatchObject([{ status }]);
  });

  it('passes over vulnerabilities that nobody judged', () => {
    const vulnerabilities = [{ id: 'CVE-2' }, { id: 'CVE-1', analysis, affects: [{ ref: GIT }] }];
    expect(readVex(bom({}, { vulnerabilities }))).toMatchObject({
      statements: [{ vulnerabilities: ['CVE-1'] }],
      rejected: [],
    });
  });
});

describe('readVex of CSAF', () => {
  const csaf = (vulnerability: object, tree: object) => ({
    document: {
      csaf_version: '2.0',
      publisher: { name: 'V' },
      tracking: { id: 'V-1', current_release_date: '2024-01-01T00:00:00Z' },
    },
    product_tree: tree,
    vulnerabilities: [{ cve: 'CVE-1', ...vulnerability }],
  });
  const product = (product_id: string, purl?: string) => ({
    product_id,
    name: product_id,
    ...(purl && { product_identification_helper: { purl } }),
  });

  it('tells products apart by what is said of them', () => {
    const tree = {
      branches: [{ branches: [{ product: product('a', 'pkg:npm/a@1') }, { product: product('b', 'pkg:npm/b@1') }] }],
    };
    const vulnerability = {
      product_status: { known_not_affected: ['a', 'b'], fixed: ['a'] },
      flags: [{ label: 'component_not_present', product_ids: ['a'] }],
      threats: [{ category: 'impact', details: 'Removed.', product_ids: ['b'] }],
    };
    expect(readVex(csaf(vulnerability, tree)).statements).toMatchObject([
      { status: 'not_affected', justification: 'component_not_present', products: [{ purls: ['pkg:npm/a@1'] }] },
      { status: 'not_affected', justification: null, detail: 'Removed.', products: [{ purls: ['pkg:npm/b@1'] }] },
      { status: 'fixed', products: [{ purls: ['pkg:npm/a@1'] }] },
    ]);
  });

  it('refuses a tree whose relationships name too much', () => {
    const purls = Array.from({ length: 5_000 }, (_, i) => `pkg:npm/a${i}@1`);
    const tree = {
      full_product_names: [{ product_id: 'a', product_identification_helper: { purls } }],
      relationships: Array.from({ length: 5_000 }, (_, i) => ({
        product_reference: 'a',
        relates_to_product_reference: 'b',
        full_product_name: { product_id: `a${i}` },
      })),
    };
    expect(() => readVex(csaf({ product_status: { fixed: ['a1'] } }, tree))).toThrow(/relationships/);
  });

  it('knows a component of a release that no purl identifies by its version alone', () => {
    const relationship = (id: string, component: string, whole: string) => ({
      category: 'default_component_of',
      product_reference: component,
      relates_to_product_reference: whole,
      full_product_name: { product_id: id, name: id },
    });
    const tree = {
      full_product_names: [
        product('el9'),
        product('app', 'pkg:oci/app'),
        product('any', 'pkg:rpm/redhat/openssl'),
        product('one', 'pkg:rpm/redhat/openssl@3.0.7-1.el9'),
      ],
      relationships: [
        relationship('el9:any', 'any', 'el9'),
        relationship('el9:one', 'one', 'el9'),
        relationship('app:any', 'any', 'app'),
      ],
    };
    const { statements } = readVex(csaf({ product_status: { fixed: ['el9:any', 'el9:one', 'app:any'] } }, tree));
    expect(statements[0]?.products).toMatchObject([
      { id: 'el9:any', purls: [] },
      { id: 'el9:one', purls: ['pkg:rpm/redhat/openssl@3.0.7-1.el9'] },
      { id: 'app', purls: ['pkg:oci/app'], subcomponents: ['pkg:rpm/redhat/openssl'] },
    ]);
  });
});
