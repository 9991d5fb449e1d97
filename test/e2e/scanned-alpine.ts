import { join } from 'node:path';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, writeFiles } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

export const UNKNOWN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const NAMES = ['busybox', 'musl', 'openssl', 'scanelf', 'zlib'];

export let service: TestApp;
export let reference: string;
// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
export let scan: any;

/** A service with one scan of a root file system, of which every package is vulnerable. Called once, by the file. */
export function prepareScan(): void {
  beforeAll(async () => {
    service = await startTestApp();
    const advisories = NAMES.map((name, i) => alpineAdvisory(`CVE-2024-000${i}`, name, '9.0.0-r0'));
    await writeOsvMirror(service.mirror, { Alpine: advisories });
    await service.sync();
    reference = `rootfs:${join(service.importDir, 'root')}`;
    await writeFiles(join(service.importDir, 'root'), alpine(NAMES.map((name) => ({ name, version: '1.0.0-r0' }))));
    scan = await service.scan(reference, { options: { platform: 'linux/amd64' }, priority: 3 });
    // Events get their position a moment after they are written.
    const types = async () => (await get('/v1/events')).body.items.map(({ type }: { type: string }) => type);
    await vi.waitFor(async () => expect(await types()).toContain('scan.finished'), { timeout: 10_000 });
  });
  afterAll(() => service.close());
}

export const get = (path: string) => service.request('GET', path);
export const create = (body: unknown, headers?: Record<string, string>) =>
  service.request('POST', '/v1/scans', body, headers);
export const target = (more: object = {}) => ({ target: { kind: 'image', reference, ...more } });
