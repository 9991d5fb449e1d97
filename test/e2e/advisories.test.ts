import { existsSync, realpathSync } from 'node:fs';
import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingOf, get, graphql, prepareAdvisedScan, scan, serve } from './advised-scan.js';
import { startTestApp, type TestApp } from './app.js';

describe('advisories', () => {
  prepareAdvisedScan();

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
        epss{probability percentile date} kev{dateAdded dueDate ransomware}
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
          cvss{version vector score source} risk{score parts{severity exploitation knownExploited exposure} epss{probability percentile date} kev{dateAdded dueDate ransomware}}
          status fixedVersion fixState advisories} gaps{code subject message}}}`,
        { p: purl },
      );
      const { items, gaps } = await of(purl);
      expect(data.packageVulnerabilities).toEqual({ nodes: items, gaps });
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
        expect(Date.parse(body.judgedAt)).toBeGreaterThan(Date.parse(scan.finishedAt));
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
      const { items } = (await get('/v1/advisories/CVE-2024-1/targets')).body;
      expect(data.advisory.targets).toEqual({ judgedAt: expect.any(String), nodes: items });
    });
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
