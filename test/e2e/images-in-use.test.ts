import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFacts } from '../../src/source/host/facts-file.js';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { container, engine, hostFacts, knownFact } from '../support/host-facts.js';
import { alpine, dockerArchive, ociLayout, sha256, tar, writeFiles } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const [EXPLOITED, PLAIN] = ['CVE-2021-44228', 'CVE-2024-2'] as const;

let service: TestApp;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-kev-'));
  const entry = {
    cveID: EXPLOITED,
    dateAdded: '2021-12-10',
    dueDate: '2021-12-24',
    knownRansomwareCampaignUse: 'Known',
  };
  await writeFile(join(folder, 'known_exploited_vulnerabilities.json'), JSON.stringify({ vulnerabilities: [entry] }));
  service = await startTestApp({ kevSource: folder });
  await writeOsvMirror(service.mirror, {
    Alpine: [alpineAdvisory(EXPLOITED, 'musl', '1.2.0-r0'), alpineAdvisory(PLAIN, 'zlib', '1.2.0-r0')],
  });
  for (const feed of ['osv', 'kev']) expect(await service.sync(feed)).toMatchObject({ lastError: null });
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const layerOf = (name: string, version: string) => tar(alpine([{ name, version }]));

/** Writes a layout whose image is behind an index, as images for several platforms are. */
async function indexed(name: string, layer: Buffer): Promise<{ manifest: string; index: string; reference: string }> {
  const layout = ociLayout([layer]);
  const [entry] = JSON.parse(String(layout['index.json'])).manifests;
  const others = { digest: `sha256:${sha256('elsewhere')}`, size: 9, mediaType: entry.mediaType };
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const bytes = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType },
      manifests: [
        { ...entry, platform: { os: 'linux', architecture: 'amd64' } },
        { ...others, platform: { os: 'linux', architecture: 'arm64' } },
      ],
    }),
  );
  const index = `sha256:${sha256(bytes)}`;
  const root = { schemaVersion: 2, manifests: [{ mediaType, digest: index, size: bytes.length }] };
  await mkdir(join(service.importDir, name));
  await writeFiles(join(service.importDir, name), {
    ...layout,
    [`blobs/sha256/${sha256(bytes)}`]: bytes,
    'index.json': JSON.stringify(root),
  });
  return { manifest: entry.digest, index, reference: `oci:${join(service.importDir, name)}` };
}

async function scanHost(name: string, containers: ReturnType<typeof container>[]): Promise<string> {
  const path = join(service.importDir, name);
  await writeFile(path, writeFacts(hostFacts({ engine: knownFact(engine(containers, [])) })));
  const reference = `facts:${path}`;
  const done = await service.scan(reference, { target: { kind: 'host', reference } });
  expect(done.error).toBeNull();
  return done.id;
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
const containersOf = async (id: string, query = ''): Promise<any[]> =>
  (await service.request('GET', `/v1/scans/${id}/containers?${query}`)).body.items;

const namesOf = async (id: string, query: string) => (await containersOf(id, query)).map(({ name }) => name);

const platform = { platform: 'linux/amd64' };

describe('the image of a container', () => {
  it('is found by its manifest, and by the index that it was chosen from', async () => {
    const { manifest, index, reference } = await indexed('vulnerable', await layerOf('musl', '1.1.22-r3'));
    expect((await service.scan(reference, { options: platform })).error).toBeNull();
    const clean = await indexed('clean', await layerOf('musl', '1.2.0-r0'));
    expect((await service.scan(clean.reference, { options: platform })).error).toBeNull();
    const id = await scanHost('digests.json', [
      container('manifest', { imageDigests: [`registry.example/app@${manifest}`] }),
      container('index', { imageDigests: [`registry.example/app@${index}`] }),
      // An engine that keeps images in containerd.
      container('id', { imageId: index }),
      container('other', { imageDigests: [`registry.example/app@sha256:${sha256('elsewhere')}`] }),
      container('clean-manifest', { imageDigests: [`registry.example/app@${clean.manifest}`] }),
      container('clean-index', { imageDigests: [`registry.example/app@${clean.index}`] }),
    ]);
    const found = (await containersOf(id)).map(({ name, exploitable, audit }) => [name, exploitable, audit?.matchedBy]);
    expect(Object.fromEntries(found.map(([name, ...rest]) => [name, rest]))).toEqual({
      manifest: [true, 'digest'],
      index: [true, 'index'],
      id: [true, 'index'],
      other: [null, undefined],
      'clean-manifest': [false, 'digest'],
      // It may be another platform's, of which nothing is known.
      'clean-index': [null, 'index'],
    });
    expect(await namesOf(id, 'exploitable=true')).toEqual(['id', 'index', 'manifest']);
  });

  it('is found by the digest of its configuration, which Docker calls its id', async () => {
    const archive = await dockerArchive([await layerOf('zlib', '1.1.0-r0')]);
    const path = join(service.importDir, 'app.tar');
    await writeFile(path, archive);
    expect((await service.scan(`docker-archive:${path}`)).error).toBeNull();
    const config = /([0-9a-f]{64})\.json/.exec(archive.toString('latin1'))?.[1];
    const id = await scanHost('id.json', [container('local', { imageId: `sha256:${config}` })]);
    expect(await containersOf(id)).toMatchObject([{ exploitable: true, audit: { matchedBy: 'digest' } }]);
  });

  it('is asked for by what is known of its vulnerabilities, in one question', async () => {
    const exploited = await indexed('exploited', await layerOf('musl', '1.1.22-r4'));
    const plain = await indexed('plain', await layerOf('zlib', '1.1.1-r0'));
    for (const { reference } of [exploited, plain]) await service.scan(reference, { options: platform });
    const id = await scanHost('risk.json', [
      container('exploited', { imageDigests: [`app@${exploited.index}`] }),
      container('plain', { imageDigests: [`app@${plain.manifest}`] }),
      container('stranger'),
    ]);
    expect(await namesOf(id, 'exploitable=true')).toEqual(['exploited', 'plain']);
    expect(await namesOf(id, 'kev=true')).toEqual(['exploited']);
    expect(await namesOf(id, 'exploitable=true&kev=false')).toEqual(['plain']);
    expect(await namesOf(id, 'minEpss=0.1')).toEqual([]);
    expect(await containersOf(id, 'kev=true')).toMatchObject([{ audit: { vulnerabilities: 1, knownExploited: 1 } }]);
    expect((await service.request('GET', `/v1/scans/${id}/containers?kev=yes`)).body.code).toBe('invalid_request');
    const query = `{ scan(id: "${id}") {
      kev: containers(kev: true) { nodes { name audit { knownExploited } } }
      epss: containers(exploitable: true, minEpss: 0.5) { nodes { name } } } }`;
    const { data } = (await service.request('POST', '/graphql', { query })).body;
    expect(data.scan).toEqual({
      kev: { nodes: [{ name: 'exploited', audit: { knownExploited: 1 } }] },
      epss: { nodes: [] },
    });
  });
});
