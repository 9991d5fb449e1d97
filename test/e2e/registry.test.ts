import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowedAddress } from '../../src/model/registry-allow.js';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { makeCertificates } from '../support/certificates.js';
import { alpine, dockerArchive, ociLayout, sha256, tar, writeFiles } from '../support/image.js';
import { haveParts } from '../support/real-parts.js';
import { REGISTRY_PARTS, RealRegistry, USER } from '../support/real-registry.js';
import { startTestApp, type TestApp } from './app.js';

const SYSTEM = alpine([
  { name: 'musl', version: '1.1.22-r3' },
  { name: 'libcrypto1.1', version: '1.1.1d-r2', origin: 'openssl' },
]);
const APPLICATION = { 'app/node_modules/left/package.json': '{"name":"left","version":"1.0.0"}' };
const IMAGES = resolve('..', 'shared', 'data', 'images');
const ALPINE = 'docker-archive-alpine-3.10.4.tar.gz';
const isThere = existsSync(join(IMAGES, ALPINE));
if (!isThere) console.info(`skipped: a real image is not in ${IMAGES}`);
const allowed = [parseAllowedAddress('127.0.0.1')].filter((entry) => entry !== null);

describe.skipIf(!haveParts('a real registry', REGISTRY_PARTS))('images of a real registry', () => {
  let registry: RealRegistry;
  let service: TestApp;
  let folder: string;
  let logFile: string;
  let base: Buffer;
  let top: Buffer;
  /** What the same image gives as an archive. */
  let expected: Awaited<ReturnType<typeof contentsOf>>;

  beforeAll(async () => {
    registry = await RealRegistry.start();
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-registry-log-'));
    logFile = join(folder, 'service.log');
    service = await startTestApp({ registryAllow: allowed, logLevel: 'trace', logFile });
    await writeOsvMirror(service.mirror, {
      Alpine: [
        alpineAdvisory('CVE-2020-28928', 'musl', '1.1.22-r4'),
        alpineAdvisory('CVE-2020-1967', 'openssl', '1.1.1g-r0'),
      ],
    });
    await service.sync();
    [base, top] = [await tar(SYSTEM), await tar(APPLICATION)];
    await writeFile(join(service.importDir, 'image.tar'), await dockerArchive([base, top]));
    await writeFiles(join(service.importDir, 'layout'), ociLayout([base, top]));
    expected = await contentsOf(await service.scan(`docker-archive:${service.importDir}/image.tar`));
    expect(expected.findings).toHaveLength(2);
    const { ca } = registry.certificates;
    const created = await service.request('POST', '/v1/registries', { host: registry.host, ca, ...USER });
    expect(created.status).toBe(201);
  });
  afterAll(async () => {
    await service?.close();
    await registry?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function contentsOf(scan: { id: string; error: unknown; coverage: unknown }) {
    expect(scan.error).toBeNull();
    const list = async (what: string) =>
      (await service.request('GET', `/v1/scans/${scan.id}/${what}?limit=500`)).body.items;
    return {
      coverage: scan.coverage,
      packages: await list('packages'),
      // OCI's format has no health check, so that an image loses it on the way.
      findings: (await list('findings'))
        // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
        .filter(({ ruleId }: any) => ruleId !== 'healthcheck-defined')
        // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
        .map(({ ruleId, package: entry, location }: any) => [ruleId, entry?.purl, location])
        .sort(),
    };
  }

  const layout = () => `oci:${service.importDir}/layout`;

  it('gives the same as the archive, in either manifest format', async () => {
    for (const format of ['oci', 'v2s2']) {
      const digest = await registry.push(
        `docker-archive:${service.importDir}/image.tar`,
        `shop/app:${format}`,
        '--format',
        format,
      );
      const scan = await service.scan(`docker://${registry.host}/shop/app:${format}`);
      expect(scan.imageDigest).toBe(digest);
      expect(await contentsOf(scan)).toEqual(expected);
      expect((await service.scan(`docker://${registry.host}/shop/app@${digest}`)).imageDigest).toBe(digest);
    }
  });

  it('reads layers that are gzipped, plain and compressed with zstd', async () => {
    const plain = withLayers(ociLayout([base, top]), [base, top], 'tar');
    const zstd = withLayers(
      ociLayout([base, top]),
      [base, top].map((layer) => zstdCompressSync(layer)),
      'tar+zstd',
    );
    await writeFiles(join(service.importDir, 'plain'), plain);
    await writeFiles(join(service.importDir, 'zstd'), zstd);
    for (const form of ['layout', 'plain', 'zstd']) {
      await registry.push(`oci:${service.importDir}/${form}`, `shop/${form}`, '--preserve-digests');
      expect(await contentsOf(await service.scan(`docker://${registry.host}/shop/${form}`))).toEqual(expected);
    }
  });

  it.skipIf(!isThere)('gives of a real image what its archive gives', async () => {
    const path = join(service.importDir, 'alpine.tar');
    // Old versions of skopeo read no compressed archive.
    await writeFile(path, gunzipSync(await readFile(join(IMAGES, ALPINE))));
    await registry.push(`docker-archive:${path}`, 'real/alpine:3.10.4');
    const archive = await contentsOf(await service.scan(`docker-archive:${path}`));
    expect(archive.packages).toHaveLength(14);
    expect(await contentsOf(await service.scan(`docker://${registry.host}/real/alpine:3.10.4`))).toEqual(archive);
  });

  it('is one target however its name is written', async () => {
    await registry.push(layout(), 'shop/one:latest');
    const [first, second] = [
      await service.scan(`docker://${registry.host}/shop/one`),
      await service.scan(`docker://${registry.host}/shop/one:latest`),
    ];
    expect(second.target.id).toBe(first.target.id);
  });

  it('chooses the platform', async () => {
    const images = await Promise.all(
      ['amd64', 'arm64'].map(async (architecture) => {
        const files = ociLayout([await tar(alpine([{ name: architecture, version: '1' }]))], {}, { architecture });
        const [entry] = JSON.parse(String(files['index.json'])).manifests;
        return { files, entry: { ...entry, platform: { os: 'linux', architecture } } };
      }),
    );
    const index = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: images.map(({ entry }) => entry),
      }),
    );
    const root = {
      mediaType: 'application/vnd.oci.image.index.v1+json',
      digest: `sha256:${sha256(index)}`,
      size: index.length,
    };
    await writeFiles(join(service.importDir, 'multi'), {
      ...images[0]?.files,
      ...images[1]?.files,
      [`blobs/sha256/${sha256(index)}`]: index,
      'index.json': JSON.stringify({ schemaVersion: 2, manifests: [root] }),
    });
    await registry.push(`oci:${service.importDir}/multi`, 'shop/multi:1', '--all');
    const scan = await service.scan(`docker://${registry.host}/shop/multi:1`, { options: { platform: 'linux/arm64' } });
    const { packages } = await contentsOf(scan);
    expect(packages.map(({ name }: { name: string }) => name)).toEqual(['arm64']);
    expect(scan.imageDigest).toBe(images[1]?.entry.digest);
    const missing = await service.scan(`docker://${registry.host}/shop/multi:1`, {
      options: { platform: 'linux/s390x' },
    });
    expect(missing.error.code).toBe('platform_not_found');
  });

  it('says what is wrong with the name, the password, the certificate', async () => {
    const name = `docker://${registry.host}/shop/app:oci`;
    const failureOf = async (reference: string) => (await service.scan(reference)).error?.code;
    expect(await failureOf(`docker://${registry.host}/shop/nothing`)).toBe('image_not_found');
    const [entry] = (await service.request('GET', '/v1/registries')).body.items;
    const change = async (body: object) => {
      const { status } = await service.request('PATCH', `/v1/registries/${entry.id}`, body);
      expect(status).toBe(200);
    };
    await change({ username: USER.username, password: 'wrong-horse-9' });
    const scan = await service.scan(name);
    expect(scan.error).toMatchObject({ code: 'registry_unauthorized' });
    await change({ username: null, password: null });
    expect(await failureOf(name)).toBe('registry_unauthorized');
    await change({ ...USER, ca: null });
    expect(await failureOf(name)).toBe('certificate_untrusted');
    await change({ ca: (await makeCertificates(service.importDir, 'other')).ca });
    expect(await failureOf(name)).toBe('certificate_untrusted');
    await change({ ca: registry.certificates.ca, insecure: true });
    expect(await failureOf(name)).toBe('registry_invalid'); // TLS is all it speaks
    await change({ insecure: false });
    expect(await failureOf(name)).toBeUndefined();
  });

  it('connects to no registry that is not allowed', async () => {
    const closed = await startTestApp({ registryAllow: [] });
    try {
      await closed.request('POST', '/v1/registries', { host: registry.host, ca: registry.certificates.ca, ...USER });
      const scan = await closed.scan(`docker://${registry.host}/shop/app:oci`);
      expect(scan).toMatchObject({ status: 'failed', error: { code: 'address_not_allowed' } });
    } finally {
      await closed.close();
    }
  });

  it('cannot use credentials that were stored with another key', async () => {
    const [entry] = (await service.request('GET', '/v1/registries')).body.items;
    expect(entry.authentication).toBe('basic');
    const { DataSource } = await import('typeorm');
    await service.app
      .get(DataSource)
      .query(`UPDATE registry SET sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))`);
    const scan = await service.scan(`docker://${registry.host}/shop/app:oci`);
    expect(scan.error).toMatchObject({
      code: 'credentials_unreadable',
      message: expect.stringContaining('PLIMSOLL_ENCRYPTION_KEY'),
    });
  });

  it('tells no secret in answers, events, and the log', async () => {
    const secrets = ['correct-horse', 'wrong-horse', base64(`${USER.username}:${USER.password}`), USER.username];
    const { DataSource } = await import('typeorm');
    const database = service.app.get(DataSource);
    const texts = {
      log: await readFile(logFile, 'utf8'),
      answers: JSON.stringify((await service.request('GET', '/v1/registries')).body),
      scans: JSON.stringify((await service.request('GET', '/v1/scans')).body),
      events: JSON.stringify((await service.request('GET', '/v1/events')).body),
      rows: JSON.stringify(await database.query(`SELECT registry, encode(sealed, 'escape') FROM registry`)),
    };
    expect(texts.log).toContain('registry_unauthorized');
    expect(texts.events).toContain('registry.updated');
    for (const [where, text] of Object.entries(texts)) {
      for (const secret of secrets) expect(text.includes(secret), `${secret} in the ${where}`).toBe(false);
    }
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The same image with its layers stored otherwise. */
function withLayers(files: Record<string, Buffer>, stored: Buffer[], type: string): Record<string, Buffer> {
  const { manifests } = JSON.parse(String(files['index.json']));
  const path = (digest: string) => `blobs/${digest.replace(':', '/')}`;
  const manifest = JSON.parse(String(files[path(manifests[0].digest)]));
  for (const { digest } of manifest.layers) delete files[path(digest)];
  manifest.layers = stored.map((layer) => {
    files[`blobs/sha256/${sha256(layer)}`] = layer;
    return {
      mediaType: `application/vnd.oci.image.layer.v1.${type}`,
      digest: `sha256:${sha256(layer)}`,
      size: layer.length,
    };
  });
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = `sha256:${sha256(bytes)}`;
  files[path(digest)] = bytes;
  files['index.json'] = Buffer.from(
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifests[0], digest, size: bytes.length }] }),
  );
  return files;
}
