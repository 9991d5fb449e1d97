import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, type TarEntries, tar } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

export let service: TestApp;

/** A configuration that every control passes. */
export const GOOD = {
  created: new Date().toISOString(),
  config: { User: '10001:10001', Healthcheck: { Test: ['CMD', 'true'] }, ExposedPorts: { '8080/tcp': {} } },
  history: [
    { created_by: '/bin/sh -c #(nop) ADD file:0a in / ' },
    { created_by: 'RUN /bin/sh -c apk add --no-cache curl # buildkit' },
    { created_by: 'COPY . /app # buildkit' },
  ],
};

/** Vulnerable only below 1.2.0. */
export const MUSL = (version: string, release?: string) => alpine([{ name: 'musl', version }], release);

/** A service with advisories of musl. Called once, by the file. */
export function prepareService(): void {
  beforeAll(async () => {
    service = await startTestApp();
    await writeOsvMirror(service.mirror, {
      Alpine: [
        alpineAdvisory('CVE-2024-1', 'musl', '1.2.0-r0'),
        alpineAdvisory('CVE-2024-2', 'musl', '1.2.0-r0', 'v3.20'),
      ],
    });
    await service.sync();
  });
  afterAll(() => service.close());
}

/** Scans an archive of these layers. */
export async function scan(name: string, files: TarEntries, config: object, ...more: TarEntries[]) {
  const layers = await Promise.all([files, ...more].map((entries) => tar(entries)));
  await writeFile(join(service.importDir, name), await dockerArchive(layers, 'app:1', config));
  return service.scan(`docker-archive:${service.importDir}/${name}`);
}

export const get = async (path: string) => (await service.request('GET', path)).body;
export const controlsOf = async (id: string) => {
  const { items } = await get(`/v1/scans/${id}/controls?limit=500`);
  return Object.fromEntries(items.map((item: { id: string }) => [item.id, item]));
};
export const failing = async (id: string): Promise<string[]> => {
  const { items } = await get(`/v1/scans/${id}/controls?status=fail&limit=500`);
  return items.map((item: { id: string }) => item.id).sort();
};
export const findings = async (id: string, kind: string) =>
  (await get(`/v1/scans/${id}/findings?kind=${kind}&limit=500`)).items;
