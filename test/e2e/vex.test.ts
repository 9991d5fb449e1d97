import { existsSync, realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, npmAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, tar } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const OPENSSL = 'pkg:apk/alpine/libssl3@3.0.1-r0';
const LODASH = 'pkg:npm/lodash@4.17.15';
const CONTEXT = 'https://openvex.dev/ns/v0.2.0';

const parts = (lodash: object = {}) => ({
  Alpine: [
    alpineAdvisory('CVE-2024-1', 'openssl', '3.0.2-r0'),
    alpineAdvisory('CVE-2024-2', 'openssl', '3.0.3-r0'),
    alpineAdvisory('CVE-2024-3', 'zlib', 'no version'),
  ],
  npm: [npmAdvisory('GHSA-aaaa-bbbb-cccc', ['CVE-2024-9'], 'lodash', '4.17.21', lodash)],
});

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
type Json = any;

let service: TestApp;
let reference: string;

const get = async (path: string) => (await service.request('GET', path)).body;
const send = (document: unknown, headers = {}) => service.request('POST', '/v1/vex', document, headers);
const graphql = async (query: string, variables: object = {}) =>
  (await service.request('POST', '/graphql', { query, variables })).body;
const openvex = (statements: object[], of: object = {}) => ({
  '@context': CONTEXT,
  '@id': 'https://example.com/vex/1',
  author: 'Vendor',
  timestamp: '2024-01-01T00:00:00Z',
  version: 1,
  statements,
  ...of,
});
const notAffected = (name: string, product: string, of: object = {}) => ({
  vulnerability: { name },
  products: [{ '@id': product }],
  status: 'not_affected',
  justification: 'vulnerable_code_not_in_execute_path',
  ...of,
});
/** Vulnerabilities of a scan by name: status, and what was said. */
const statuses = async (scanId: string): Promise<Record<string, unknown>> => {
  const path = `/v1/scans/${scanId}/findings?kind=vulnerability&limit=500&status=open,undetermined,suppressed`;
  const { items } = await get(path);
  return Object.fromEntries(
    items.map(({ ruleId, status, vex, package: { name } }: Json) => [
      `${ruleId} ${name}`,
      [status, vex?.status ?? null],
    ]),
  );
};
const JUDGED = {
  'CVE-2024-1 libssl3': ['open', null],
  'CVE-2024-2 libssl3': ['open', null],
  'CVE-2024-3 zlib': ['undetermined', null],
  'CVE-2024-9 lodash': ['open', null],
};
const forgetAll = async () => {
  for (const { id } of (await get('/v1/vex?limit=500')).items) await service.request('DELETE', `/v1/vex/${id}`);
};

describe('VEX', () => {
  let scan: Json;

  beforeAll(async () => {
    service = await startTestApp();
    await writeOsvMirror(service.mirror, parts());
    await service.sync();
    const layer = await tar({
      ...alpine([
        { name: 'libssl3', version: '3.0.1-r0', origin: 'openssl' },
        { name: 'zlib', version: '1.2.0-r0' },
      ]),
      'app/node_modules/lodash/package.json': '{"name":"lodash","version":"4.17.15"}',
    });
    reference = `docker-archive:${service.importDir}/app.tar`;
    await writeFile(join(service.importDir, 'app.tar'), await dockerArchive([layer], 'app:1', { config: {} }));
    scan = await service.scan(reference);
  });
  afterAll(() => service.close());
  afterEach(forgetAll);

  it('suppresses just what a vendor names, says whose word it is, and restores it', async () => {
    expect(await statuses(scan.id)).toEqual(JUDGED);
    const { status, body, headers } = await send(openvex([notAffected('CVE-2024-1', OPENSSL)]));
    expect([status, headers.get('location')]).toEqual([201, `/v1/vex/${body.document.id}`]);
    expect(body).toMatchObject({
      outcome: 'created',
      effect: { suppressed: 1, restored: 0, annotated: 0 },
      document: {
        format: 'openvex',
        documentId: 'https://example.com/vex/1',
        author: 'Vendor',
        time: '2024-01-01T00:00:00.000Z',
        statementCount: 1,
        rejectedCount: 0,
        rejected: [],
      },
    });
    expect(await statuses(scan.id)).toEqual({ ...JUDGED, 'CVE-2024-1 libssl3': ['suppressed', 'not_affected'] });
    const [finding] = (await get('/v1/findings?status=suppressed')).items;
    expect(finding.vex).toEqual({
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      detail: null,
      documentId: body.document.id,
      document: 'https://example.com/vex/1',
      author: 'Vendor',
      time: '2024-01-01T00:00:00.000Z',
    });
    const why = await get(`/v1/findings/${finding.id}/why`);
    expect(why).toMatchObject({ status: 'suppressed', vex: finding.vex, changes: [], match: { verdict: 'open' } });
    const deleted = await service.request('DELETE', `/v1/vex/${body.document.id}`);
    expect([deleted.status, deleted.body]).toEqual([200, { suppressed: 0, restored: 1, annotated: 0 }]);
    expect(await statuses(scan.id)).toEqual(JUDGED);
    expect((await get(`/v1/findings/${finding.id}`)).vex).toBeNull();
  });

  it('takes a suppressed vulnerability as not there, in lists, counts, targets and controls', async () => {
    const fixable = ['CVE-2024-1', 'CVE-2024-2'].map((name) => notAffected(name, OPENSSL));
    await send(openvex([...fixable, notAffected('CVE-2024-9', LODASH)]));
    const listed = async (path: string) => (await get(path)).items.map(({ ruleId }: Json) => ruleId);
    expect(await listed(`/v1/scans/${scan.id}/findings?kind=vulnerability`)).toEqual(['CVE-2024-3']);
    expect(await listed('/v1/findings?kind=vulnerability')).toEqual(['CVE-2024-3']);
    expect((await get('/v1/advisories/CVE-2024-1/targets')).items).toEqual([]);
    const before = scan.counts.unknown + scan.counts.high;
    const { counts } = await get(`/v1/scans/${scan.id}`);
    expect(counts.unknown + counts.high).toBe(before - 3);
    const missing = async (id: string) => {
      const { items } = await get(`/v1/scans/${id}/controls?limit=500`);
      return items.find(({ id: control }: Json) => control === 'patches-installed').status;
    };
    expect(await missing(scan.id)).toBe('fail');
    const again = await service.scan(reference);
    expect(await missing(again.id)).not.toBe('fail');
    expect(again.counts).toMatchObject({ unknown: 1 });
  });

  it('annotates what is affected or under investigation, and lets the newest statement count', async () => {
    const said = (status: string, timestamp: string, id: string) =>
      send(openvex([{ vulnerability: 'CVE-2024-1', products: [OPENSSL], status, timestamp }], { '@id': id }));
    expect((await said('under_investigation', '2024-02-01T00:00:00Z', 'a')).body.effect.annotated).toBe(1);
    expect(await statuses(scan.id)).toMatchObject({ 'CVE-2024-1 libssl3': ['open', 'under_investigation'] });
    await said('affected', '2024-03-01T00:00:00Z', 'b');
    expect(await statuses(scan.id)).toMatchObject({ 'CVE-2024-1 libssl3': ['open', 'affected'] });
    expect((await said('fixed', '2024-02-15T00:00:00Z', 'c')).body.effect).toEqual({
      suppressed: 0,
      restored: 0,
      annotated: 0,
    });
    await said('fixed', '2024-04-01T00:00:00Z', 'd');
    expect(await statuses(scan.id)).toMatchObject({ 'CVE-2024-1 libssl3': ['suppressed', 'fixed'] });
  });

  it('lets a newer version of a document take the place of the older one, and never the other way round', async () => {
    const first = openvex([notAffected('CVE-2024-1', OPENSSL)]);
    const second = openvex([notAffected('CVE-2024-2', OPENSSL)], { timestamp: '2024-06-01T00:00:00Z', version: 2 });
    const { body } = await send(first);
    const again = await send(JSON.stringify(first, null, 4));
    expect([again.status, again.body.outcome, again.body.document.id]).toEqual([200, 'unchanged', body.document.id]);
    const replaced = await send(second);
    expect([replaced.status, replaced.body.outcome, replaced.body.document.id]).toEqual([
      200,
      'replaced',
      body.document.id,
    ]);
    expect(replaced.body.effect).toEqual({ suppressed: 1, restored: 1, annotated: 0 });
    expect(await statuses(scan.id)).toMatchObject({
      'CVE-2024-1 libssl3': ['open', null],
      'CVE-2024-2 libssl3': ['suppressed', 'not_affected'],
    });
    const older = await send(first);
    expect([older.status, older.body.code]).toEqual([409, 'conflict']);
  });

  it('keeps a finding suppressed over a rescan and over judging again', async () => {
    await send(openvex([notAffected('GHSA-aaaa-bbbb-cccc', 'pkg:npm/lodash')]));
    const suppressed = { 'CVE-2024-9 lodash': ['suppressed', 'not_affected'] };
    expect(await statuses((await service.scan(reference)).id)).toMatchObject(suppressed);
    await writeOsvMirror(service.mirror, parts({ summary: 'Worse trouble' }));
    await service.sync();
    const path = `/v1/findings?status=suppressed`;
    await expect.poll(async () => (await get(path)).items[0]?.title, { timeout: 20_000 }).toBe('Worse trouble');
    expect(await statuses((await service.scan(reference)).id)).toMatchObject(suppressed);
  });

  it('reads CycloneDX and CSAF by their media types', async () => {
    const cyclonedx = {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      serialNumber: 'urn:uuid:1',
      vulnerabilities: [
        { id: 'CVE-2024-1', analysis: { state: 'false_positive', detail: 'x' }, affects: [{ ref: OPENSSL }] },
      ],
    };
    const csaf = {
      document: { csaf_version: '2.0', publisher: { name: 'V' }, tracking: { id: 'V-1' } },
      product_tree: {
        full_product_names: [{ product_id: 'p', product_identification_helper: { purl: 'pkg:npm/lodash' } }],
      },
      vulnerabilities: [{ cve: 'CVE-2024-9', product_status: { fixed: ['p'] } }],
    };
    const type = (name: string) => ({ 'content-type': name });
    expect((await send(cyclonedx, type('application/vnd.cyclonedx+json; version=1.6'))).body.document.format).toBe(
      'cyclonedx',
    );
    expect((await send(csaf, type('application/csaf+json'))).body.document).toMatchObject({
      format: 'csaf',
      documentId: 'V-1',
    });
    const said = openvex([notAffected('CVE-2024-2', OPENSSL)]);
    expect((await send(said, type('application/vnd.openvex+json'))).status).toBe(201);
    expect(await statuses(scan.id)).toEqual({
      'CVE-2024-1 libssl3': ['suppressed', 'not_affected'],
      'CVE-2024-2 libssl3': ['suppressed', 'not_affected'],
      'CVE-2024-3 zlib': ['undetermined', null],
      'CVE-2024-9 lodash': ['suppressed', 'fixed'],
    });
    const { items } = await get('/v1/vex?limit=2');
    expect(items.map(({ format }: Json) => format)).toEqual(['openvex', 'csaf']);
    const elsewhere = await service.request('POST', '/v1/match', { packages: [] }, type('application/csaf+json'));
    expect(elsewhere.body.code).toBe('unsupported_media_type');
  });

  it('is of one project alone', async () => {
    const { body } = await send(openvex([notAffected('CVE-2024-1', OPENSSL)]));
    const other = '01900000-0000-7000-8000-000000000002';
    await service.database.query(`INSERT INTO project (id, name) VALUES ($1, 'other') ON CONFLICT DO NOTHING`, [other]);
    await service.database.query('UPDATE vex_document SET project_id = $1', [other]);
    const path = `/v1/vex/${body.document.id}`;
    for (const [method, of] of [
      ['GET', path],
      ['GET', `${path}/statements`],
      ['DELETE', path],
    ] as const) {
      expect((await service.request(method, of)).body.code).toBe('not_found');
    }
    expect((await get('/v1/vex')).items).toEqual([]);
    await service.database.query('UPDATE vex_document SET project_id = $1', ['01900000-0000-7000-8000-000000000001']);
  });

  it('tells in events who said what', async () => {
    const waiting = async () => (await service.database.query('SELECT FROM outbox')).length;
    await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
    const { nextCursor } = await allEvents('0');
    const { body } = await send(openvex([notAffected('CVE-2024-1', OPENSSL)]));
    await service.request('DELETE', `/v1/vex/${body.document.id}`);
    await expect
      .poll(async () => (await allEvents(nextCursor)).items.map(({ type }: Json) => type), { timeout: 10_000 })
      .toEqual(['finding.suppressed', 'vex.imported', 'finding.unsuppressed', 'vex.deleted']);
    const [suppressed, imported] = (await allEvents(nextCursor)).items;
    expect(suppressed).toMatchObject({
      actor: expect.stringMatching(/^token:/),
      data: { ruleId: 'CVE-2024-1', status: 'suppressed', vex: { author: 'Vendor', status: 'not_affected' } },
    });
    expect(imported).toMatchObject({ subject: `vex/${body.document.id}`, data: { suppressed: 1, statements: 1 } });
  });

  it('answers the same over GraphQL', async () => {
    const document = openvex([notAffected('CVE-2024-1', OPENSSL), { vulnerability: 'CVE-1' }]);
    const FIELDS = `id format documentId author time digest statementCount rejectedCount rejected{entry reason} createdAt updatedAt createdBy`;
    const { data } = await graphql(
      `mutation($d:JSON!){importVex(document:$d){outcome document{${FIELDS}} effect{suppressed restored annotated}}}`,
      { d: document },
    );
    expect(data.importVex).toMatchObject({ outcome: 'created', effect: { suppressed: 1, restored: 0, annotated: 0 } });
    const { id } = data.importVex.document;
    expect(data.importVex.document).toEqual(await get(`/v1/vex/${id}`));
    const STATEMENT = `vulnerabilities status justification detail time productCount
      products{id purls digests subcomponents subcomponentCount}`;
    const read = await graphql(`{vexDocument(id:"${id}"){id statements{nodes{${STATEMENT}}}}
      vexDocuments{nodes{${FIELDS}}}
      findings(status:[suppressed]){nodes{status vex{status justification detail documentId document author time}
        why{vex{status document}}}}
      scan(id:"${scan.id}"){report(format:openvex)}}`);
    expect(read.errors).toBeUndefined();
    expect(read.data.vexDocument.statements.nodes).toEqual((await get(`/v1/vex/${id}/statements`)).items);
    expect(read.data.vexDocuments.nodes).toEqual((await get('/v1/vex')).items);
    const [finding] = (await get('/v1/findings?status=suppressed')).items;
    expect(read.data.findings.nodes).toEqual([
      {
        status: 'suppressed',
        vex: finding.vex,
        why: { vex: { status: 'not_affected', document: 'https://example.com/vex/1' } },
      },
    ]);
    expect(read.data.scan.report).toEqual(await get(`/v1/scans/${scan.id}/report?format=openvex`));
    const gone = await graphql(`mutation{deleteVex(id:"${id}"){suppressed restored annotated}}`);
    expect(gone.data.deleteVex).toEqual({ suppressed: 0, restored: 1, annotated: 0 });
    expect((await graphql(`{vexDocument(id:"${id}"){id}}`)).errors[0].extensions.code).toBe('not_found');
  });

  it('reports OpenVEX of its structure, the same each time, that says the same when it is read again', async () => {
    await send(
      openvex([
        notAffected('CVE-2024-1', OPENSSL, { impact_statement: 'Not called.' }),
        { vulnerability: 'CVE-2024-2', products: [OPENSSL], status: 'under_investigation' },
      ]),
    );
    const before = await statuses(scan.id);
    const path = `/v1/scans/${scan.id}/report?format=openvex`;
    const { body, headers } = await service.request('GET', path);
    expect(headers.get('content-type')).toBe('application/vnd.openvex+json');
    expect(headers.get('content-disposition')).toContain(`plimsoll-${scan.id}.openvex.json`);
    expect((await service.request('GET', path)).body).toEqual(body);
    checkOpenVex(body);
    expect(body.statements).toHaveLength(4);
    await forgetAll();
    expect(await statuses(scan.id)).toEqual(JUDGED);
    expect((await send(body)).body).toMatchObject({ outcome: 'created', document: { rejected: [] } });
    expect(statusesOnly(await statuses(scan.id))).toEqual(statusesOnly(before));
    expect(await get(path)).toEqual(body);
  });

  it('names the formats of reports, and says of a scan without facts that it has none', async () => {
    for (const query of ['', '?format=sarif2', '?format=', '?format=openvex&format=openvex']) {
      const { status, body } = await service.request('GET', `/v1/scans/${scan.id}/report${query}`);
      expect([status, body.code]).toEqual([400, 'invalid_request']);
      expect(body.detail).toContain('openvex');
    }
    const failed = await service.scan(`docker-archive:${service.importDir}/app.tar:nothing`);
    const { status, body } = await service.request('GET', `/v1/scans/${failed.id}/report?format=openvex`);
    expect([status, body.code]).toEqual([409, 'inventory_missing']);
    expect((await graphql(`{scan(id:"${failed.id}"){report(format:openvex)}}`)).data.scan.report).toBeNull();
    const nowhere = '01890a5d-ac96-774b-bcce-b302099a8057';
    expect((await get(`/v1/scans/${nowhere}/report?format=openvex`)).code).toBe('not_found');
  });

  describe('bad input', () => {
    it.each([
      ['no JSON', '{"@context":', 400, 'malformed_json'],
      ['nothing', '', 422, 'vex_invalid'],
      ['a prototype key', '{"__proto__":{"statements":[]}}', 400, 'malformed_json'],
      ['a list', '[]', 422, 'vex_invalid'],
      ['null', 'null', 422, 'vex_invalid'],
      ['a number', '1e999', 422, 'vex_invalid'],
      ['another form', '{"bomFormat":"SPDX"}', 422, 'vex_invalid'],
      [
        'an SBOM that judges nothing',
        '{"bomFormat":"CycloneDX","vulnerabilities":[{"id":"CVE-1"}]}',
        422,
        'vex_invalid',
      ],
      ['no statements', JSON.stringify(openvex([])), 422, 'vex_invalid'],
      ['statements that are none', JSON.stringify(openvex([{}, { status: 'fixed' }])), 422, 'vex_invalid'],
      ['levels without an end', '['.repeat(200_000) + ']'.repeat(200_000), 422, 'vex_invalid'],
      ['17 MiB', `"${'x'.repeat(17 * 1024 * 1024)}"`, 413, 'payload_too_large'],
    ])('%s is refused', async (_what, text, status, code) => {
      const answer = await send(text);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.detail.length).toBeLessThan(600);
      expect((await get('/v1/vex')).items).toEqual([]);
    });

    it('names what it cannot read of a document, and takes the rest', async () => {
      const bad = [{ ...notAffected('CVE-1', OPENSSL), status: 'harmless' }, 'text', null];
      const { status, body } = await send(openvex([...(bad as object[]), notAffected('CVE-2024-1', OPENSSL)]));
      expect([status, body.effect.suppressed, body.document.rejectedCount]).toEqual([201, 1, 3]);
      expect(body.document.rejected.map(({ entry }: Json) => entry)).toEqual([
        'statements.0',
        'statements.1',
        'statements.2',
      ]);
    });

    it('keeps hostile texts as texts', async () => {
      const texts = [
        "'; DROP TABLE finding; --",
        '\u0000\ud800',
        '<script>',
        '{}',
        '\\"',
        '\u202e',
        '__proto__',
        'constructor',
      ];
      const statements = texts.map((text) => notAffected(`CVE-2024-1${text}`, text, { impact_statement: text }));
      const ours = notAffected('CVE-2024-1', OPENSSL, { impact_statement: '<script>\u0000' });
      const { status, body } = await send(openvex([...statements, ours], { author: '\u0000<b>', '@id': '../../x' }));
      expect([status, body.document.author, body.document.documentId]).toEqual([201, '<b>', '../../x']);
      const [finding] = (await get('/v1/findings?status=suppressed')).items;
      expect(finding.vex.detail).toBe('<script>');
      const read = (await get(`/v1/vex/${body.document.id}/statements`)).items;
      expect(read.length + body.document.rejectedCount).toBe(texts.length + 1);
    });

    it('takes 100,000 statements, also where all are about what is there', async () => {
      const statements = (name: (i: number) => string) =>
        Array.from({ length: 100_000 }, (_, i) => notAffected(name(i), `pkg:npm/p${i}`));
      const own = notAffected('CVE-2024-1', OPENSSL);
      const many = await send(openvex([own, ...statements((i) => `CVE-1-${i}`).slice(1)]));
      expect([many.status, many.body.document.statementCount, many.body.effect.suppressed]).toEqual([201, 100_000, 1]);
      const same = await send(openvex([...statements(() => 'CVE-2024-1').slice(1), own], { timestamp: '2024-02-01' }));
      expect([same.status, same.body.outcome, same.body.effect]).toEqual([
        200,
        'replaced',
        { suppressed: 0, restored: 0, annotated: 1 },
      ]);
      expect(await statuses((await service.scan(reference)).id)).toMatchObject({
        'CVE-2024-1 libssl3': ['suppressed', 'not_affected'],
      });
    }, 120_000);

    it.each(['GET', 'DELETE'])('%s of what is not there is not found', async (method) => {
      for (const id of ['x', '01890a5d-ac96-774b-bcce-b302099a8057', '%00']) {
        const { status, body } = await service.request(method, `/v1/vex/${id}`);
        expect([status, body.code]).toEqual([404, 'not_found']);
      }
      expect((await service.request('GET', '/v1/vex?cursor=x')).body.code).toBe('malformed_cursor');
    });
  });
});

const FOLDER = resolve('..', 'shared', 'data');
const IMAGE = join(FOLDER, 'images', 'docker-archive-alpine-3.10.4.tar.gz');
const hasData = existsSync(IMAGE);
if (!hasData) console.info(`skipped: the real image and advisories are not in ${FOLDER}`);

describe.runIf(hasData)('VEX of a real image with the real advisories', () => {
  beforeAll(async () => {
    service = await startTestApp({ osvSource: join(FOLDER, 'osv-mirror'), importDirs: [realpathSync(FOLDER)] });
    await service.sync();
  });
  afterAll(() => service.close());

  it('goes out and comes in again with the same statuses', async () => {
    const scan = await service.scan(`docker-archive:${realpathSync(IMAGE)}`);
    const before = await statuses(scan.id);
    expect(Object.keys(before)).toHaveLength(20);
    const some = Object.keys(before)
      .filter((_, i) => i % 3 === 0)
      .map((key) => key.split(' ') as [string, string]);
    await send(openvex(some.map(([ruleId, name]) => notAffected(ruleId, `pkg:apk/alpine/${name}`))));
    const said = await statuses(scan.id);
    expect(Object.keys(said).filter((key) => (said[key] as string[])[0] === 'suppressed')).toEqual(
      some.map((parts) => parts.join(' ')),
    );
    const report = await get(`/v1/scans/${scan.id}/report?format=openvex`);
    checkOpenVex(report);
    await forgetAll();
    expect(await statuses(scan.id)).toEqual(before);
    await send(report);
    expect(statusesOnly(await statuses(scan.id))).toEqual(statusesOnly(said));
  });
});

const allEvents = async (after: string): Promise<Json> => {
  const items: Json[] = [];
  for (let cursor = after; ; ) {
    const page = await get(`/v1/events?after=${cursor}&limit=500`);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (!page.hasMore) return { items, nextCursor: cursor };
  }
};

function statusesOnly(of: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, (value as string[])[0]]));
}

/** OpenVEX 0.2.0, "The VEX Document" and "VEX Statement": required fields, and what goes with a status. */
function checkOpenVex(document: Json): void {
  expect(document).toMatchObject({
    '@context': CONTEXT,
    '@id': expect.stringMatching(/^urn:/),
    author: 'Plimsoll',
    version: 1,
  });
  expect(new Date(document.timestamp).toISOString()).toBe(document.timestamp);
  for (const { vulnerability, products, status, ...statement } of document.statements) {
    expect(vulnerability.name).toMatch(/./);
    for (const product of products) {
      expect(product['@id']).toMatch(/./);
      for (const part of product.subcomponents) expect(part['@id']).toMatch(/^pkg:/);
    }
    switch (status) {
      case 'not_affected':
        expect(statement.justification ?? statement.impact_statement).toBeTruthy();
        break;
      case 'affected':
        expect(statement.action_statement).toBeTruthy();
        break;
      default:
        expect(['fixed', 'under_investigation']).toContain(status);
        expect(statement.justification).toBeUndefined();
    }
  }
}
