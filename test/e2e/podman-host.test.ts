import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { callEngine, NETWORK_PARTS, PODMAN_PARTS, PodmanEngine } from '../support/docker-engine.js';
import { haveParts } from '../support/real-parts.js';
import { startTestApp } from './app.js';

const ROOT_FILE_SYSTEM = '../shared/data/images/alpine-minirootfs-3.20.3-x86_64.tar.gz';
const canRun = existsSync(ROOT_FILE_SYSTEM);
if (!canRun) console.info(`skipped: there is no ${ROOT_FILE_SYSTEM}, so no container is started`);
const havePodman = canRun && haveParts('Podman', [...PODMAN_PARTS, ...NETWORK_PARTS, 'runc'], true);

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
type Body = any;

describe.skipIf(!havePodman)('a host with Podman', () => {
  it('is audited over its socket for what it is, and its images from it', async () => {
    const podman = await PodmanEngine.startWithNetwork();
    const service = await startTestApp({ dockerHost: { kind: 'unix', path: podman.socket }, scanImagesInUse: 10 });
    const get = async (path: string): Promise<Body> => (await service.request('GET', path)).body;
    const call = (method: string, path: string, body?: object | Buffer) =>
      callEngine(podman.socket, method, path, body);
    try {
      await call('POST', '/images/create?fromSrc=-&repo=app&tag=1', gunzipSync(await readFile(ROOT_FILE_SYSTEM)));
      const [{ Id: Image }] = await call('GET', '/images/json');
      for (const [name, HostConfig] of [
        ['web', {}],
        ['bad', { PidMode: 'host' }],
      ] as const) {
        const body = { Image, Cmd: ['sleep', '1000'], HostConfig };
        const { Id } = await call('POST', `/containers/create?name=${name}`, body);
        await call('POST', `/containers/${Id}/start`);
      }

      const reference = `docker:unix://${podman.socket}`;
      const done = await service.scan(reference, { target: { kind: 'host', reference } });
      expect(done.error).toBeNull();
      expect(done.coverage.items.map(({ subject }: Body) => subject)).not.toContain('engine');
      const failed = (await get(`/v1/scans/${done.id}/findings?kind=misconfiguration&limit=500`)).items;
      const found = failed.map(({ ruleId, location }: Body) => `${ruleId} ${location.resource}`);
      expect(found).toContain('container-no-host-pid container/bad');
      expect(found).not.toContain('container-no-host-pid container/web');
      // There is no daemon whose flags and files could be judged.
      const { items } = await get(`/v1/scans/${done.id}/controls?limit=500`);
      const controls = new Map(items.map(({ id, status }: Body) => [id, status]));
      expect(controls.get('daemon-live-restore')).toBe('not_applicable');

      const containers = async () => (await get(`/v1/scans/${done.id}/containers`)).items;
      for (;;) {
        const [, running] = await containers();
        if (['audited', 'failed'].includes(running.auditStatus)) break;
        await sleep(100);
      }
      expect(await containers()).toMatchObject([
        { name: 'bad', auditStatus: 'audited', audit: { matchedBy: 'digest' } },
        { name: 'web', auditStatus: 'audited', audit: { matchedBy: 'digest' } },
      ]);
    } finally {
      for (const { Id } of await call('GET', '/containers/json?all=1')) {
        await call('DELETE', `/containers/${Id}?force=1&v=1`).catch(() => undefined);
      }
      await service.close();
      await podman.stop();
    }
  });
});
