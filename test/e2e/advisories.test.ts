import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, npmAdvisory, type OsvRecord, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, sha256, tar } from '../support/image.js';
import { writeLifecycles } from '../support/lifecycles.js';
import { startTestApp, type TestApp } from './app.js';

const UNKNOWN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const CVSS = { severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }] };

const dsa: OsvRecord = {
  id: 'DSA-9000-1',
  modified: '2026-02-01T00:00:00Z',
  summary: 'openssl - security update',
  upstream: ['CVE-2024-1', 'CVE-2024-3'],
  affected: [
    {
      package: { ecosystem: 'Debian:12', name: 'openssl' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0.14-1' }] }],
    },
  ],
};
const manyVersions: OsvRecord = {
  id: 'PYSEC-2024-1',
  aliases: ['CVE-2024-7'],
  modified: '2026-02-01T00:00:00Z',
  affected: Array.from({ length: 150 }, (_, i) => ({
    package: { ecosystem: 'PyPI', name: `Some.Thing${i}` },
    versions: Array.from({ length: i === 0 ? 300 : 1 }, (_v, n) => `1.${n}`),
  })),
};
const parts = (fixed = '4.17.21'): Record<string, OsvRecord[]> => ({
  Alpine: [{ ...alpineAdvisory('CVE-2024-1', 'openssl', '3.0.2-r0'), references: [] }],
  Debian: [dsa],
  PyPI: [manyVersions],
  'crates.io': [
    {
      id: 'RUSTSEC-2024-0001',
      aliases: ['CVE-2024-1', 'GHSA-link-link-link'],
      modified: '2026-01-01T00:00:00Z',
      summary: 'Trouble in openssl-src',
      ...CVSS,
      affected: [{ package: { ecosystem: 'crates.io', name: 'openssl-src' }, ranges: [] }],
    },
  ],
  npm: [
    npmAdvisory('GHSA-aaaa-bbbb-cccc', ['CVE-2024-2'], 'lodash', fixed, { database_specific: { severity: 'HIGH' } }),
    npmAdvisory('GHSA-dddd-eeee-ffff', ['CVE-2024-5'], 'gone', '2.0.0', { withdrawn: '2026-01-02T00:00:00Z' }),
    npmAdvisory('GHSA-hhhh-hhhh-hhhh', ['CVE-2024-6'], 'odd', 'no version at all'),
  ],
});

/** Serves a folder, as OSV's bucket does. */
async function serve(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    readFile(join(folder, decodeURIComponent(request.url ?? '/'))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe('advisories', () => {
  let service: TestApp;
  let mirror: string;
  let server: Server;
  let layers: string[];
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  let scan: any;

  beforeAll(async () => {
    mirror = await mkdtemp(join(tmpdir(), 'plimsoll-osv-http-'));
    await writeOsvMirror(mirror, parts());
    const served = await serve(mirror);
    ({ server } = served);
    service = await startTestApp({ osvSource: served.url });
    await writeLifecycles(service.lifecycles, { '3.10': '2021-05-01' });
    await service.sync('endoflife');
    expect(await service.sync()).toMatchObject({ status: 'idle', records: 7 });
    const tars = await Promise.all([
      tar(alpine([{ name: 'libssl3', version: '3.0.1-r0', origin: 'openssl' }])),
      tar({
        'app/node_modules/lodash/package.json': '{"name":"lodash","version":"4.17.15"}',
        'app/node_modules/odd/package.json': '{"name":"odd","version":"1.0.0"}',
        'app/deploy.env': 'GITHUB_TOKEN=ghp_4kT9wZr2XyQ8vLm6NcB3fHs7DjP5gUe1RaVt\n',
      }),
    ]);
    layers = tars.map((layer) => `sha256:${sha256(layer)}`);
    const history = [
      { created_by: 'ADD alpine-minirootfs.tar.gz / # buildkit', created: '2026-01-01T00:00:00Z' },
      { created_by: 'ENV A=b', empty_layer: true },
      { created_by: 'RUN /bin/sh -c npm ci # buildkit', comment: 'buildkit.dockerfile.v0' },
      { created_by: 'CMD ["node"]', empty_layer: true },
    ];
    await writeFile(join(service.importDir, 'app.tar'), await dockerArchive(tars, 'app:1', { history, config: {} }));
    scan = await service.scan(`docker-archive:${service.importDir}/app.tar`);
    expect(scan.error).toBeNull();
  });
  afterAll(async () => {
    await service.close();
    server.close();
    await rm(mirror, { recursive: true, force: true });
  });

  const get = (path: string) => service.request('GET', path);
  const match = async (packages: unknown) => service.request('POST', '/v1/match', { packages });
  const graphql = async (query: string, variables: object = {}) => {
    const { body } = await service.request('POST', '/graphql', { query, variables });
    return { data: body.data, code: body.errors?.[0]?.extensions?.code };
  };
  const findingOf = async (ruleId: string) => {
    const { items } = (await get(`/v1/scans/${scan.id}/findings?limit=500`)).body;
    return items.find((finding: { ruleId: string }) => finding.ruleId === ruleId);
  };
  const whyOf = async (ruleId: string) => (await get(`/v1/findings/${(await findingOf(ruleId)).id}/why`)).body;

  describe('why', () => {
    it('tells of a vulnerability what was compared, by which records, and what brought it', async () => {
      const why = await whyOf('CVE-2024-1');
      expect(why).toMatchObject({
        kind: 'vulnerability',
        ruleId: 'CVE-2024-1',
        status: 'open',
        scanId: scan.id,
        changes: [],
      });
      expect(why.reason).toContain('3.0.1-r0 < 3.0.2-r0');
      expect(why.match.compared).toEqual({
        ecosystem: 'Alpine:v3.10',
        name: 'openssl',
        version: '3.0.1-r0',
        named: 'source',
        reason: expect.stringContaining('libssl3 3.0.1-r0 was built from openssl 3.0.1-r0'),
        scheme: 'apk',
      });
      expect(why.match).toMatchObject({
        verdict: 'open',
        fixedVersion: '3.0.2-r0',
        severity: 'high',
        severitySource: 'cvss',
      });
      const [decided, linked] = why.match.records;
      expect(decided).toMatchObject({
        id: 'ALPINE-CVE-2024-1',
        feed: 'osv',
        part: 'Alpine',
        role: 'decided',
        verdict: 'affected',
      });
      expect(decided.entries[0].ranges[0].events).toMatchObject([
        { kind: 'introduced', position: 'after' },
        { kind: 'fixed', position: 'before', comparison: '3.0.1-r0 < 3.0.2-r0' },
      ]);
      expect(linked).toMatchObject({ id: 'RUSTSEC-2024-0001', role: 'linked', verdict: null, cvss: [{ score: 7.5 }] });
      expect(why.locations).toEqual([
        {
          path: '/lib/apk/db/installed',
          line: null,
          resource: null,
          layer: {
            diffId: layers[0],
            index: 0,
            count: 2,
            instruction: {
              step: 1,
              createdBy: 'ADD alpine-minirootfs.tar.gz / # buildkit',
              created: '2026-01-01T00:00:00Z',
              comment: null,
            },
            reason: null,
          },
        },
      ]);
    });

    it('passes over instructions that made no layer', async () => {
      const { locations } = await whyOf('CVE-2024-2');
      expect(locations[0].layer).toMatchObject({
        diffId: layers[1],
        index: 1,
        instruction: { step: 3, createdBy: 'RUN /bin/sh -c npm ci # buildkit' },
      });
    });

    it('tells why it cannot be told', async () => {
      const why = await whyOf('CVE-2024-6');
      expect(why).toMatchObject({ status: 'undetermined', match: { verdict: 'undetermined' } });
      expect(why.reason).toContain('no version at all');
    });

    it('tells of a secret which rule recognised it, where, and what brought it', async () => {
      const why = await whyOf('github-pat');
      expect(why).toMatchObject({ kind: 'secret', match: null, evidence: [], changes: [] });
      expect(why.reason).toContain('github-pat');
      expect(why.locations).toMatchObject([
        { path: '/app/deploy.env', line: 1, layer: { index: 1, instruction: { step: 3 } } },
      ]);
      expect(JSON.stringify(why)).not.toContain('ghp_4kT9wZr2XyQ8');
    });

    it('tells of a failed control, and of support that ended', async () => {
      const control = await whyOf('non-root-user');
      expect(control).toMatchObject({
        kind: 'misconfiguration',
        match: null,
        remediation: expect.stringContaining('USER'),
      });
      expect(control.evidence).toHaveLength(1);
      const end = await whyOf('end-of-life/alpine-linux');
      expect(end.reason).toContain('2021-05-01');
      expect(end.evidence[0]).toMatchObject({ resource: 'endoflife.date/alpine-linux/3.10' });
    });

    it('answers the same over GraphQL', async () => {
      const { id } = await findingOf('CVE-2024-1');
      const { data } = await graphql(
        `query($id:ID!){finding(id:$id){why{findingId kind ruleId status reason judgedAt scanId
          match{verdict compared{ecosystem name version named reason scheme} fixedVersion fixState severity severitySource
            cvss{version vector score source}
            records{id feed part url modified summary severity cvss{version vector score source} role verdict
              entries{ecosystem name version module architectures fixState status verdict reason listed
                ranges{verdict events{kind version position comparison}}}}}
          changes{field judged now} evidence{resource path value}
          locations{path line resource layer{diffId index count instruction{step createdBy created comment} reason}} remediation}}}`,
        { id },
      );
      expect(data.finding.why).toEqual((await get(`/v1/findings/${id}/why`)).body);
    });

    it('knows no other finding', async () => {
      for (const id of [UNKNOWN_ID, 'x', "'; DROP TABLE finding; --"]) {
        const { status, body } = await get(`/v1/findings/${encodeURIComponent(id)}/why`);
        expect([status, body.code]).toEqual([404, 'not_found']);
      }
    });
  });

  describe('by id', () => {
    it.each([
      ['CVE-2024-1', 'CVE-2024-1'],
      ['cve-2024-1', 'CVE-2024-1'],
      ['ghsa-LINK-link-link', 'CVE-2024-1'],
      ['alpine-cve-2024-1', 'CVE-2024-1'],
      ['RUSTSEC-2024-0001', 'CVE-2024-1'],
      ['GHSA-aaaa-bbbb-cccc', 'CVE-2024-2'],
      ['dsa-9000-1', 'DSA-9000-1'],
      ['CVE-2024-3', 'CVE-2024-3'],
      ['CVE-2024-5', 'CVE-2024-5'],
    ])('finds %s as %s', async (asked, id) => {
      const { status, body } = await get(`/v1/advisories/${asked}`);
      expect([status, body.id]).toEqual([200, id]);
      expect(body.records.length).toBeGreaterThan(0);
    });

    it('groups every record about it, bulletins last', async () => {
      const { body } = await get('/v1/advisories/CVE-2024-1');
      expect(body).toMatchObject({
        aliases: ['ALPINE-CVE-2024-1', 'GHSA-link-link-link', 'RUSTSEC-2024-0001'],
        summary: 'Trouble in openssl-src',
        severity: 'high',
        severitySource: 'cvss',
        ratings: [{ advisory: 'RUSTSEC-2024-0001' }],
        truncated: false,
      });
      expect(body.records.map(({ id }: { id: string }) => id)).toEqual([
        'ALPINE-CVE-2024-1',
        'RUSTSEC-2024-0001',
        'DSA-9000-1',
      ]);
      expect(body.records[2].affected).toMatchObject([
        {
          ecosystem: 'Debian:12',
          name: 'openssl',
          ranges: [
            {
              type: 'ECOSYSTEM',
              events: [
                { introduced: '0', fixed: null },
                { introduced: null, fixed: '3.0.14-1' },
              ],
            },
          ],
          status: null,
          module: null,
          architectures: [],
        },
      ]);
    });

    it('tells of a bulletin what it is about, and of a withdrawn record that it is', async () => {
      expect((await get('/v1/advisories/DSA-9000-1')).body).toMatchObject({
        upstream: ['CVE-2024-1', 'CVE-2024-3'],
        records: [{ id: 'DSA-9000-1' }],
      });
      const { body } = await get('/v1/advisories/CVE-2024-5');
      expect(body).toMatchObject({ severity: 'unknown', records: [{ withdrawn: '2026-01-02T00:00:00.000Z' }] });
    });

    it('cuts what is too much, and says so', async () => {
      const [record] = (await get('/v1/advisories/CVE-2024-7')).body.records;
      expect(record).toMatchObject({ affectedCount: 150, truncated: true });
      expect(record.affected).toHaveLength(100);
      expect(record.affected[0].versions).toHaveLength(200);
    });

    it.each(['CVE-1999-9', 'x', '%25', "' OR 1=1 --", '%00', 'a'.repeat(200), '..%2f..%2fetc'])(
      'has none of the id %s, and says what to do',
      async (id) => {
        const { status, body, headers } = await get(`/v1/advisories/${id}`);
        expect(status).toBe(404);
        expect(['advisory_not_found', 'not_found']).toContain(body.code);
        expect(headers.get('content-type')).toContain('application/problem+json');
      },
    );

    it('answers the same over GraphQL', async () => {
      const { data } = await graphql(`{advisory(id:"cve-2024-1"){id aliases upstream summary severity severitySource
        cvss{version vector score source} ratings{advisory source severity cvss{version vector score source}}
        records{id feed part url modified withdrawn aliases upstream summary severity cvss{version vector score source}
          affected{ecosystem name ranges{type events{introduced fixed lastAffected limit}} versions severity
            cvss{version vector score source} fixState status module architectures} affectedCount truncated} truncated}}`);
      expect(data.advisory).toEqual((await get('/v1/advisories/CVE-2024-1')).body);
      expect(await graphql('{advisory(id:"CVE-1999-9"){id}}')).toMatchObject({ code: 'advisory_not_found' });
    });
  });

  describe('by package', () => {
    const of = async (purl: string, more = '') =>
      (await get(`/v1/advisories?package=${encodeURIComponent(purl)}${more}`)).body;

    it.each([
      ['pkg:npm/lodash@4.17.15', [['CVE-2024-2', 'open', '4.17.21']], []],
      ['pkg:npm/lodash@4.17.21', [], []],
      ['pkg:npm/lodash', [['CVE-2024-2', null, null]], []],
      ['pkg:npm/odd@1.0.0', [['CVE-2024-6', 'undetermined', null]], ['version_undetermined']],
      ['pkg:npm/gone@1.0.0', [], []],
      ['pkg:pypi/some_thing0@1.5', [['CVE-2024-7', 'open', null]], []],
      [
        'pkg:deb/debian/libssl3@3.0.1-1?distro=debian-12&upstream=openssl',
        [
          ['CVE-2024-1', 'open', '3.0.14-1'],
          ['CVE-2024-3', 'open', '3.0.14-1'],
        ],
        [],
      ],
      [
        'pkg:deb/debian/openssl@3.0.1-1?distro=debian-12',
        [
          ['CVE-2024-1', 'open', '3.0.14-1'],
          ['CVE-2024-3', 'open', '3.0.14-1'],
        ],
        [],
      ],
      ['pkg:deb/debian/libssl3@3.0.1-1?distro=debian-12', [], ['source_unnamed']],
      [
        'pkg:deb/debian/openssl?distro=debian-12',
        [
          ['CVE-2024-1', null, null],
          ['CVE-2024-3', null, null],
        ],
        [],
      ],
      ['pkg:deb/debian/openssl@3.0.1-1', [], ['distribution_unknown']],
      ['pkg:maven/org.example/thing@1.0', [], ['advisories_missing']],
      ['pkg:maven/org.example/thing', [], ['advisories_missing']],
      ['pkg:generic/thing@1.0', [], ['component_unidentified']],
    ])('of %s', async (purl, expected, gaps) => {
      const body = await of(purl);
      const found = body.items.map(({ ruleId, status, fixedVersion }: Record<string, unknown>) => [
        ruleId,
        status,
        fixedVersion,
      ]);
      expect(found).toEqual(expected);
      expect(body.gaps.map(({ code }: { code: string }) => code)).toEqual(gaps);
    });

    it('walks the pages to the end', async () => {
      const purl = 'pkg:deb/debian/openssl@3.0.1-1?distro=debian-12';
      const first = await of(purl, '&limit=1');
      const second = await of(purl, `&limit=1&cursor=${first.nextCursor}`);
      expect([...first.items, ...second.items]).toEqual((await of(purl)).items);
      expect(second.nextCursor).toBeNull();
    });

    it.each([
      ['', 'package'],
      ['?package=lodash', 'package'],
      ['?package=pkg:npm/', 'package'],
      ['?package=pkg:npm/a%00@1', 'package'],
      ['?package=pkg:npm/a@1&package=pkg:npm/b@1', 'package'],
    ])('refuses %j', async (query, path) => {
      const { status, body } = await get(`/v1/advisories${query}`);
      expect([status, body.code]).toEqual([400, 'invalid_request']);
      expect(body.errors[0].path).toBe(path);
    });

    it('answers the same over GraphQL', async () => {
      const purl = 'pkg:deb/debian/openssl@3.0.1-1?distro=debian-12';
      const { data } = await graphql(
        `query($p:String!){packageVulnerabilities(package:$p){nodes{ruleId aliases title severity severitySource
          cvss{version vector score source} status fixedVersion fixState advisories} gaps{code subject message}}}`,
        { p: purl },
      );
      const { items, gaps } = await of(purl);
      expect(data.packageVulnerabilities).toEqual({ nodes: items, gaps });
    });
  });

  describe('a match', () => {
    it('answers in the order of the request, and never takes silence for good news', async () => {
      const packages = [
        'pkg:npm/lodash@4.17.15',
        'nonsense',
        'pkg:npm/lodash@4.17.21',
        'pkg:npm/lodash',
        'pkg:generic/thing@1',
        'pkg:maven/org.example/thing@1.0',
        'pkg:npm/lodash@4.17.15',
        'pkg:deb/debian/bash@5.2-1',
        'pkg:npm/odd@1.0.0',
      ];
      const { status, body } = await match(packages);
      expect(status).toBe(200);
      expect(body.items.map(({ purl }: { purl: string }) => purl)).toEqual(packages);
      expect(
        body.items.map((item: { status: string; vulnerabilities: { ruleId: string; status: string }[] }) => [
          item.status,
          ...item.vulnerabilities.map((found) => `${found.ruleId} ${found.status}`),
        ]),
      ).toEqual([
        ['matched', 'CVE-2024-2 open'],
        ['invalid'],
        ['matched'],
        ['invalid'],
        ['unmatched'],
        ['unmatched'],
        ['matched', 'CVE-2024-2 open'],
        ['unmatched'],
        ['matched', 'CVE-2024-6 undetermined'],
      ]);
      for (const { status: verdict, reason } of body.items) if (verdict !== 'matched') expect(reason).toMatch(/\.$/);
      expect(body.gaps.map(({ code }: { code: string }) => code).sort()).toEqual([
        'advisories_missing',
        'component_unidentified',
        'distribution_unknown',
        'version_undetermined',
      ]);
      expect(body.items[0].vulnerabilities[0]).toEqual({
        ruleId: 'CVE-2024-2',
        aliases: ['GHSA-aaaa-bbbb-cccc'],
        title: 'Trouble in lodash',
        severity: 'high',
        severitySource: 'github',
        cvss: null,
        status: 'open',
        fixedVersion: '4.17.21',
        fixState: 'fixed',
        advisories: ['GHSA-aaaa-bbbb-cccc'],
      });
    });

    it('says the same as the scan of an image', async () => {
      const { items: packages } = (await get(`/v1/scans/${scan.id}/packages?limit=500`)).body;
      const { items: findings } = (await get(`/v1/scans/${scan.id}/findings?kind=vulnerability&limit=500`)).body;
      const purls = packages.map(({ purl, source }: { purl: string; source: { name: string } | null }) =>
        source ? `${purl}&upstream=${source.name}` : purl,
      );
      const { body } = await match(purls);
      const matched = body.items.flatMap((item: { vulnerabilities: object[] }) => item.vulnerabilities);
      const pick = ({ ruleId, severity, fixedVersion, status, advisories }: Record<string, unknown>) =>
        JSON.stringify([ruleId, severity, fixedVersion, status, advisories]);
      expect(matched.map(pick).sort()).toEqual(findings.map(pick).sort());
      expect(matched.length).toBeGreaterThan(2);
    });

    it('stores nothing', async () => {
      const count = async () =>
        (
          await service.database.query(
            'SELECT (SELECT count(*) FROM package) AS packages, (SELECT count(*) FROM finding) AS findings',
          )
        )[0];
      const before = await count();
      await match(['pkg:npm/lodash@4.17.15', 'pkg:npm/brand-new@1.0.0']);
      expect(await count()).toEqual(before);
    });

    it('takes 10,000 packages, and a body over the limit of others', async () => {
      const packages = Array.from({ length: 10_000 }, (_, i) => `pkg:npm/${'long'.repeat(30)}${i}@1.0.0?vcs_url=x`);
      const { status, body } = await match(packages);
      expect([status, body.items.length, body.gaps]).toEqual([200, 10_000, []]);
    });

    it.each<[string, unknown, number, string]>([
      ['no list', undefined, 400, 'invalid_request'],
      ['an empty list', [], 400, 'invalid_request'],
      ['a text', 'pkg:npm/lodash@1', 400, 'invalid_request'],
      ['an entry that is no text', ['pkg:npm/lodash@1', 5], 400, 'invalid_request'],
      ['an entry that is a list', [['pkg:npm/lodash@1']], 400, 'invalid_request'],
      ['too many', Array(10_001).fill('pkg:npm/a@1'), 400, 'invalid_request'],
      ['too long a body', ['x'.repeat(9 * 1024 * 1024)], 413, 'payload_too_large'],
    ])('refuses %s', async (_name, packages, status, code) => {
      const { status: answered, body } = await match(packages);
      expect([answered, body.code]).toEqual([status, code]);
    });

    it('takes hostile text for what it is', async () => {
      const hostile = [
        "pkg:npm/x'; DROP TABLE advisory; --@1",
        'pkg:npm/__proto__@1',
        'pkg:npm/\u0000@1',
        'pkg:npm/\ud800@1',
        `pkg:npm/${'a'.repeat(5_000)}@1`,
        'pkg:npm/%ff%fe@1',
        '',
      ];
      const { status, body } = await match(hostile);
      expect(status).toBe(200);
      expect(body.items).toHaveLength(hostile.length);
      expect((await match(['pkg:npm/lodash@4.17.15'])).body.items[0].vulnerabilities).toHaveLength(1);
    });

    it('answers the same over GraphQL', async () => {
      const packages = ['pkg:npm/lodash@4.17.15', 'nonsense'];
      const { data } = await graphql(
        `query($p:[String!]!){match(packages:$p){items{purl status reason vulnerabilities{ruleId aliases title severity severitySource
          cvss{version vector score source} status fixedVersion fixState advisories}} gaps{code subject message}}}`,
        { p: packages },
      );
      expect(data.match).toEqual((await match(packages)).body);
      expect(await graphql('{match(packages:[]){gaps{code}}}')).toMatchObject({ code: 'invalid_request' });
    });
  });

  describe('targets', () => {
    it('are who has it, by any of its names and by a bulletin', async () => {
      for (const id of ['CVE-2024-1', 'ghsa-link-link-link', 'DSA-9000-1']) {
        const { body } = await get(`/v1/advisories/${id}/targets`);
        expect(body.items).toEqual([
          {
            target: scan.target,
            package: expect.objectContaining({ name: 'libssl3', version: '3.0.1-r0' }),
            ruleId: 'CVE-2024-1',
            status: 'open',
            severity: 'high',
            fixedVersion: '3.0.2-r0',
            findingId: (await findingOf('CVE-2024-1')).id,
            scanId: scan.id,
            scannedAt: scan.finishedAt,
          },
        ]);
        expect(body.judgedAt).toBe(scan.finishedAt);
      }
    });

    it('are none for what nobody has, and an error for what nobody knows', async () => {
      expect((await get('/v1/advisories/CVE-2024-7/targets')).body).toMatchObject({ items: [], nextCursor: null });
      const { status, body } = await get('/v1/advisories/CVE-1999-9/targets');
      expect([status, body.code]).toEqual([404, 'advisory_not_found']);
      expect((await get('/v1/advisories/CVE-2024-1/targets?cursor=x')).body.code).toBe('malformed_cursor');
    });

    it('are the same over GraphQL', async () => {
      const { data } =
        await graphql(`{advisory(id:"CVE-2024-1"){targets(first:5){judgedAt nodes{target{id kind reference name}
        package{purl name version source{name version}} ruleId status severity fixedVersion findingId scanId scannedAt}}}}`);
      const { items, judgedAt } = (await get('/v1/advisories/CVE-2024-1/targets')).body;
      expect(data.advisory.targets).toEqual({ judgedAt, nodes: items });
    });
  });

  it('says of a finding what advisories say otherwise by now', async () => {
    await writeOsvMirror(mirror, parts('4.17.16'));
    await service.sync();
    expect((await whyOf('CVE-2024-2')).changes).toEqual([{ field: 'fixedVersion', judged: '4.17.21', now: '4.17.16' }]);
    await writeOsvMirror(mirror, {
      ...parts(),
      npm: [
        npmAdvisory('GHSA-aaaa-bbbb-cccc', ['CVE-2024-2'], 'lodash', '4.17.21', { withdrawn: '2026-03-01T00:00:00Z' }),
      ],
    });
    await service.sync();
    const why = await whyOf('CVE-2024-2');
    expect(why).toMatchObject({ match: null, changes: [{ field: 'status', judged: 'open', now: null }] });
    expect(why.reason).toContain('withdrawn');
  });
});

const FOLDER = resolve('..', 'shared', 'data');
const IMAGE = join(FOLDER, 'images', 'docker-archive-alpine-3.10.4.tar.gz');
const hasData = existsSync(IMAGE);
if (!hasData) console.info(`skipped: the real image and advisories are not in ${FOLDER}`);

describe.runIf(hasData)('a real image and the real advisories', () => {
  let service: TestApp;
  let server: Server;

  beforeAll(async () => {
    const served = await serve(join(FOLDER, 'osv-mirror'));
    ({ server } = served);
    service = await startTestApp({ osvSource: served.url, importDirs: [realpathSync(FOLDER)] });
    await service.sync();
  });
  afterAll(async () => {
    await service.close();
    server.close();
  });

  it('have every vulnerability explained, listed and matched alike', async () => {
    const { id } = await service.scan(`docker-archive:${realpathSync(IMAGE)}`);
    const { items } = (await service.request('GET', `/v1/scans/${id}/findings?kind=vulnerability&limit=500`)).body;
    expect(items).toHaveLength(20);
    for (const finding of items) {
      const why = (await service.request('GET', `/v1/findings/${finding.id}/why`)).body;
      expect(why).toMatchObject({ changes: [], match: { verdict: 'open', fixedVersion: finding.fixedVersion } });
      expect(
        why.match.records
          .filter(({ role }: { role: string }) => role === 'decided')
          .map((one: { id: string }) => one.id),
      ).toEqual(finding.advisories);
      expect(why.locations[0].layer.instruction.createdBy).toContain('ADD file:');
      const advisory = (await service.request('GET', `/v1/advisories/${finding.ruleId.toLowerCase()}`)).body;
      expect(advisory.id).toBe(finding.ruleId);
      const { purl, source } = finding.package;
      const asked = `${purl}&upstream=${source.name}`;
      const { body } = await service.request('POST', '/v1/match', { packages: [asked] });
      expect(body.items[0].vulnerabilities.map(({ ruleId }: { ruleId: string }) => ruleId)).toContain(finding.ruleId);
    }
  });
});
