import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { alpineAdvisory, npmAdvisory, type OsvRecord, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, sha256, tar } from '../support/image.js';
import { writeLifecycles } from '../support/lifecycles.js';
import { startTestApp, type TestApp } from './app.js';

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
export const parts = (fixed = '4.17.21'): Record<string, OsvRecord[]> => ({
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
export async function serve(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    readFile(join(folder, decodeURIComponent(request.url ?? '/'))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

export let service: TestApp;
export let mirror: string;
let server: Server;
export let layers: string[];
// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
export let scan: any;

/** A service that has advisories from a feed over HTTP, and a scan of an image whose layers have a history. Called once, by the file. */
export function prepareAdvisedScan(): void {
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
}

export const get = (path: string) => service.request('GET', path);
export const match = async (packages: unknown) => service.request('POST', '/v1/match', { packages });
export const graphql = async (query: string, variables: object = {}) => {
  const { body } = await service.request('POST', '/graphql', { query, variables });
  return { data: body.data, code: body.errors?.[0]?.extensions?.code };
};
export const findingOf = async (ruleId: string) => {
  const { items } = (await get(`/v1/scans/${scan.id}/findings?limit=500`)).body;
  return items.find((finding: { ruleId: string }) => finding.ruleId === ruleId);
};
export const whyOf = async (ruleId: string) => (await get(`/v1/findings/${(await findingOf(ruleId)).id}/why`)).body;
