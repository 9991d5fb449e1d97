import { existsSync, realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SBOM_FORMATS, type SbomFormat } from '../../src/model/sbom.js';
import { writeOsvMirror } from '../support/advisories.js';
import { tar, writeFiles } from '../support/image.js';
import { haveSbomSchemas, SbomSchemas } from '../support/sbom-schemas.js';
import { SYSTEM_ROOTS } from '../support/system-roots.js';
import { startTestApp, type TestApp } from './app.js';

const UNKNOWN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const FOLDER = resolve('..', 'shared', 'data');
const hasData = existsSync(FOLDER);
if (!hasData) console.info(`skipped: the real images and advisories are not in ${FOLDER}`);
const DATA = hasData ? realpathSync(FOLDER) : FOLDER;
const schemas = haveSbomSchemas() ? new SbomSchemas() : null;

interface Found {
  packages: unknown[];
  findings: unknown[];
}

class Client {
  constructor(readonly service: TestApp) {}

  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  private async all(path: string): Promise<any[]> {
    const items = [];
    for (let cursor = ''; ; ) {
      const { body } = await this.service.request('GET', `${path}?limit=500${cursor}`);
      items.push(...body.items);
      if (body.nextCursor === null) return items;
      cursor = `&cursor=${body.nextCursor}`;
    }
  }

  /** What must be the same, however an image was read. */
  async found(scanId: string): Promise<Found> {
    const packages = await this.all(`/v1/scans/${scanId}/packages`);
    const findings = await this.all(`/v1/scans/${scanId}/findings`);
    return {
      packages: packages.map(({ purl, ecosystem, source, name, version }) => ({
        purl,
        ecosystem,
        source,
        name,
        version,
      })),
      findings: findings
        .filter(({ kind }) => kind === 'vulnerability')
        .map(({ package: { purl }, ruleId, severity, fixedVersion }) =>
          [purl, ruleId, severity, fixedVersion].join(' '),
        )
        .sort(),
    };
  }

  async sbom(scanId: string, format: SbomFormat): Promise<string> {
    const response = await fetch(`${this.service.url}/v1/scans/${scanId}/sbom?format=${format}`, {
      headers: { authorization: `Bearer ${this.service.token}` },
    });
    expect(response.status).toBe(200);
    return response.text();
  }

  async upload(content: string | Buffer): Promise<string> {
    const response = await fetch(`${this.service.url}/v1/uploads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.service.token}`, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(Buffer.from(content)),
    });
    return ((await response.json()) as { reference: string }).reference;
  }

  async file(name: string, content: string | Buffer): Promise<string> {
    await writeFile(join(this.service.importDir, name), content);
    return join(this.service.importDir, name);
  }

  /** Scans an image, then its SBOMs in both formats, each from a file and as an upload. */
  async expectRoundTrip(name: string, reference: string): Promise<Found> {
    const scan = await this.service.scan(reference);
    expect(scan.error).toBeNull();
    const image = await this.found(scan.id);
    for (const format of SBOM_FORMATS) {
      const text = await this.sbom(scan.id, format);
      expect(schemas?.faults(JSON.parse(text), format) ?? []).toEqual([]);
      const references = [`sbom:${await this.file(`${name}.${format}.json`, text)}`, await this.upload(gzipSync(text))];
      for (const one of references) {
        const again = await this.service.scan(one);
        expect(again.error).toBeNull();
        expect(await this.found(again.id)).toEqual(image);
        expect(gapsOf(again)).toEqual(gapsOf(scan));
      }
    }
    return image;
  }
}

/** Gaps by code; an SBOM does not repeat why something could not be read, but that there is such a thing. */
function gapsOf({ coverage }: { coverage: { items: { code: string }[] } }): string[] {
  const judged = [
    'distribution_unknown',
    'advisories_missing',
    'version_undetermined',
    'third_party_package',
    'nothing_recognised',
  ];
  return [...new Set(coverage.items.map(({ code }) => (judged.includes(code) ? code : 'sbom_incomplete')))].sort();
}

describe('an SBOM', () => {
  let service: TestApp;
  let client: Client;

  beforeAll(async () => {
    service = await startTestApp();
    client = new Client(service);
    const parts = Object.assign({}, ...Object.values(SYSTEM_ROOTS).map(({ advisories }) => advisories));
    await writeOsvMirror(service.mirror, parts);
    await service.sync();
    for (const [name, { files }] of Object.entries(SYSTEM_ROOTS)) {
      await writeFiles(join(service.importDir, 'roots', name), files);
    }
  });
  afterAll(() => service.close());

  const rootOf = (name: string) => `rootfs:${join(service.importDir, 'roots', name)}`;
  const get = (path: string, headers?: Record<string, string>) => service.request('GET', path, undefined, headers);

  describe('of a scan', () => {
    it('is CycloneDX unless SPDX is asked for, with a media type and a file name', async () => {
      const scan = await service.scan(rootOf('Alpine'), {
        target: { kind: 'image', reference: rootOf('Alpine'), name: 'a shop/é' },
      });
      const seen = await Promise.all(
        ['', '?format=cyclonedx', '?format=spdx'].map(async (query) => {
          const { status, headers, body } = await get(`/v1/scans/${scan.id}/sbom${query}`);
          return [
            status,
            headers.get('content-type'),
            headers.get('content-disposition'),
            body.specVersion ?? body.spdxVersion,
          ];
        }),
      );
      const cyclonedx = [
        200,
        'application/vnd.cyclonedx+json; version=1.6',
        'attachment; filename="target.cdx.json"',
        '1.6',
      ];
      expect(seen).toEqual([
        cyclonedx,
        cyclonedx,
        [200, 'application/spdx+json', 'attachment; filename="target.spdx.json"', 'SPDX-2.3'],
      ]);
    });

    it('is the same, byte for byte, in every scan that finds the same', async () => {
      const archive = await tar(SYSTEM_ROOTS.Languages?.files ?? {});
      const scans = [
        await service.scan(rootOf('Debian')),
        await service.scan(rootOf('Debian')),
        await service.scan(await client.upload(archive)),
        await service.scan(await client.upload(gzipSync(archive))),
      ];
      for (const format of SBOM_FORMATS) {
        const [first, second, third, fourth] = await Promise.all(scans.map(({ id }) => client.sbom(id, format)));
        expect(second).toBe(first);
        expect(fourth).toBe(third);
        expect(third).not.toBe(first);
      }
    });

    it('has an entity tag', async () => {
      const { id } = await service.scan(rootOf('Alpine'));
      const tag = (await get(`/v1/scans/${id}/sbom`)).headers.get('etag') ?? '';
      expect(tag).not.toBe('');
      expect((await get(`/v1/scans/${id}/sbom`, { 'if-none-match': tag })).status).toBe(304);
      expect((await get(`/v1/scans/${id}/sbom?format=spdx`, { 'if-none-match': tag })).status).toBe(200);
    });

    it('says that it is not complete where the image could not be read as a whole', async () => {
      await writeFiles(join(service.importDir, 'broken'), {
        ...SYSTEM_ROOTS.Alpine?.files,
        'app/node_modules/left/package.json': '{',
      });
      const { id, status } = await service.scan(`rootfs:${join(service.importDir, 'broken')}`);
      expect(status).toBe('partial');
      const cyclonedx = JSON.parse(await client.sbom(id, 'cyclonedx'));
      expect(cyclonedx.compositions).toEqual([{ aggregate: 'incomplete', assemblies: ['target'] }]);
      expect(cyclonedx.metadata.properties).toEqual([
        {
          name: 'plimsoll:gap',
          value: expect.stringMatching(/^file_unparsable: \/app\/node_modules\/left\/package\.json /),
        },
      ]);
      for (const format of SBOM_FORMATS) {
        const again = await service.scan(await client.upload(await client.sbom(id, format)));
        expect(again.coverage.items).toEqual([
          { code: 'sbom_incomplete', subject: 'SBOM', message: expect.stringContaining('does not list everything') },
        ]);
      }
    });

    it('is answered by GraphQL as the same JSON', async () => {
      const { id } = await service.scan(rootOf('Ubuntu'));
      const query = 'query($id: ID!) { scan(id: $id) { sbom other: sbom(format: spdx) } }';
      const { body } = await service.request('POST', '/graphql', { query, variables: { id } });
      expect(body.errors).toBeUndefined();
      expect(body.data.scan.sbom).toEqual(JSON.parse(await client.sbom(id, 'cyclonedx')));
      expect(body.data.scan.other).toEqual(JSON.parse(await client.sbom(id, 'spdx')));
    });

    it('is refused for a scan that is not there, and for one without an inventory', async () => {
      expect(await get(`/v1/scans/${UNKNOWN_ID}/sbom`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      const failed = await service.scan(`rootfs:${await client.file('none.tar', 'nothing')}`);
      expect(failed.status).toBe('failed');
      expect(await get(`/v1/scans/${failed.id}/sbom`)).toMatchObject({
        status: 409,
        body: { code: 'inventory_missing', detail: expect.stringContaining('it is failed') },
      });
      const query = 'query($id: ID!) { scan(id: $id) { sbom } }';
      const { body } = await service.request('POST', '/graphql', { query, variables: { id: failed.id } });
      expect(body).toEqual({ data: { scan: { sbom: null } } });
    });

    it('is refused in a format that there is not', async () => {
      const { id } = await service.scan(rootOf('Alpine'));
      expect(await get(`/v1/scans/${id}/sbom?format=swid`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ path: 'format' }] },
      });
    });
  });

  describe('as a target', () => {
    it.each(Object.keys(SYSTEM_ROOTS))('of %s gives the packages and the findings of the image', async (name) => {
      const { packages, findings } = await client.expectRoundTrip(name, rootOf(name));
      expect(packages.length).toBeGreaterThan(0);
      const expected = Object.values(SYSTEM_ROOTS[name]?.advisories ?? {}).flat();
      expect(findings).toHaveLength(expected.length);
    });

    it('is read plain and compressed, from a file and as an upload', async () => {
      const { id } = await service.scan(rootOf('Ubuntu'));
      const text = await client.sbom(id, 'spdx');
      const contents: Record<string, string | Buffer> = {
        plain: text,
        gzip: gzipSync(text),
        zstd: zstdCompressSync(text),
        twice: gzipSync(gzipSync(text)),
        windows: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
      };
      for (const [name, content] of Object.entries(contents)) {
        for (const reference of [`sbom:${await client.file(name, content)}`, await client.upload(content)]) {
          const scan = await service.scan(reference);
          expect({ name, status: scan.status, error: scan.error }).toEqual({ name, status: 'succeeded', error: null });
          expect(await client.found(scan.id)).toEqual(await client.found(id));
        }
      }
    });

    it('closes no finding that only files could show', async () => {
      const image = {
        'root/.netrc': 'machine example.com login me password hunter2-hunter2\n',
        'usr/bin/su': { mode: 0o4755, content: 'x' },
      };
      const target = (reference: string) => ({ target: { kind: 'image', reference, name: 'one and the same' } });
      const archive = await client.upload(await tar({ ...SYSTEM_ROOTS.Alpine?.files, ...image }));
      const first = await service.scan(archive, target(archive));
      const open = async () =>
        (await get(`/v1/findings?targetId=${first.target.id}&kind=misconfiguration`)).body.items.length;
      const before = await open();
      expect(before).toBeGreaterThan(0);
      const reference = await client.upload(await client.sbom(first.id, 'cyclonedx'));
      const second = await service.scan(reference, target(reference));
      expect(second.target.id).toBe(first.target.id);
      expect(await open()).toBe(before);
    });

    it.each([
      ['another format', '{"name":"x","version":"1.0.0"}', 'neither "bomFormat" nor "spdxVersion"'],
      ['SPDX 3', '{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}', 'SPDX 3'],
      ['damaged JSON', '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[', 'damaged JSON'],
      ['another version', '{"bomFormat":"CycloneDX","specVersion":"9.9"}', 'CycloneDX 9.9'],
    ])('is refused where it is %s', async (_what, content, why) => {
      for (const reference of [`sbom:${await client.file('odd.json', content)}`, await client.upload(content)]) {
        const scan = await service.scan(reference);
        expect(scan).toMatchObject({
          status: 'failed',
          error: { code: 'sbom_invalid', message: expect.stringContaining(why) },
        });
      }
    });

    it('is pointed out where an image was expected', async () => {
      const path = await client.file('shop.cdx.json', '{"bomFormat":"CycloneDX","specVersion":"1.6"}');
      const zipped = await client.file('shop.cdx.json.gz', gzipSync('{"bomFormat":"CycloneDX","specVersion":"1.6"}'));
      for (const reference of [`docker-archive:${path}`, `oci-archive:${path}`, `rootfs:${path}`, `rootfs:${zipped}`]) {
        const { error } = await service.scan(reference);
        expect(error).toMatchObject({ code: 'not_an_archive', message: expect.stringContaining('scan sbom:/') });
      }
    });

    it('is no archive, nor a folder', async () => {
      const archive = await client.file('image.tar', await tar({ '{': 'x' }));
      await mkdir(join(service.importDir, 'folder'), { recursive: true });
      expect((await service.scan(`sbom:${archive}`)).error).toMatchObject({ code: 'sbom_invalid' });
      expect((await service.scan(`sbom:${join(service.importDir, 'folder')}`)).error).toMatchObject({
        code: 'not_an_archive',
      });
      // An archive whose first member is called like the beginning of JSON is one all the same.
      expect((await service.scan(await client.upload(await tar({ '{': 'x' })))).error).toBeNull();
    });

    it('is read from allowed folders only', async () => {
      const { status, body } = await service.request('POST', '/v1/scans', {
        target: { kind: 'image', reference: 'sbom:/etc/passwd' },
      });
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'path_not_allowed' });
    });

    it('is refused where it is larger than any, also when that shows only as it is unpacked', async () => {
      const long = Buffer.concat([
        Buffer.from('{"bomFormat":"CycloneDX","specVersion":"1.6"'),
        Buffer.alloc(65 * 2 ** 20, ' '),
        Buffer.from('}'),
      ]);
      for (const content of [long, gzipSync(long)]) {
        const scan = await service.scan(`sbom:${await client.file('long.json', content)}`);
        expect(scan.error).toMatchObject({ code: 'limit_exceeded' });
      }
    });
  });
});

describe.skipIf(!hasData)('the SBOM of a real image, against real advisories', () => {
  let service: TestApp;

  beforeAll(async () => {
    const images = join(DATA, 'images');
    service = await startTestApp({ osvSource: join(DATA, 'osv-mirror'), importDirs: [tmpdir(), images] });
    await service.sync();
  });
  afterAll(() => service.close());

  it.each([
    ['alpine', 'docker-archive:docker-archive-alpine-3.10.4.tar.gz', 20],
    ['ubuntu', 'rootfs:ubuntu-jammy-release.tar.gz', 100],
    ['goof', 'docker-archive:archives/docker-archives/docker-save/dockergoof.tar.gz', 1],
    ['jars', 'docker-archive:archives/docker-archives/docker-save/java-uberjar.tar.gz', 0],
  ])('of %s gives the packages and the findings of the image', async (name, reference, least) => {
    const [transport, path = ''] = reference.split(':');
    const { findings } = await new Client(service).expectRoundTrip(name, `${transport}:${join(DATA, 'images', path)}`);
    expect(findings.length).toBeGreaterThanOrEqual(least);
  });
});
