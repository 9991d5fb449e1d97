import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../support/certificates.js';
import { DockerEngine, ENGINE_PARTS, PODMAN_PARTS, PodmanEngine } from '../support/docker-engine.js';
import { alpine, dockerArchive, tar } from '../support/image.js';
import { haveParts } from '../support/real-parts.js';
import { startTestApp, type TestApp } from './app.js';

describe.skipIf(!haveParts('a real Docker Engine', ENGINE_PARTS, true))('images of a real Docker Engine', () => {
  let engine: DockerEngine;
  let service: TestApp;
  let archive: string;

  beforeAll(async () => {
    engine = await DockerEngine.start();
    service = await startTestApp({ dockerHost: { kind: 'unix', path: engine.socket } });
    const layers = [
      await tar(alpine([{ name: 'musl', version: '1.1.22-r3' }])),
      await tar({ 'app/node_modules/left/package.json': '{"name":"left","version":"1.0.0"}' }),
    ];
    archive = join(service.importDir, 'image.tar');
    await writeFile(archive, await dockerArchive(layers));
    await engine.load(`docker-archive:${archive}`, 'shop/app:1');
    await engine.load(`docker-archive:${archive}`, 'shop/app:latest');
  });
  afterAll(async () => {
    await service?.close();
    await engine?.stop();
  });

  const packagesOf = async (app: TestApp, reference: string) => {
    const scan = await app.scan(reference);
    expect(scan.error).toBeNull();
    return (await app.request('GET', `/v1/scans/${scan.id}/packages`)).body.items;
  };

  it('gives the same as the archive, by name, by name without a tag, and by id', async () => {
    const expected = await packagesOf(service, `docker-archive:${archive}`);
    expect(expected).toHaveLength(2);
    const { Id } = await engine.inspect('shop/app:1');
    for (const image of ['shop/app:1', 'shop/app', 'docker.io/shop/app:1', Id]) {
      expect(await packagesOf(service, `docker-daemon:${image}`)).toEqual(expected);
    }
  });

  it('says that there is no such image', async () => {
    const scan = await service.scan('docker-daemon:shop/nothing:1');
    expect(scan).toMatchObject({ status: 'failed', error: { code: 'image_not_found' } });
  });

  it('is reached by TLS with certificates on both sides, and not with those of somebody else', async () => {
    const dockerHost = { kind: 'tcp' as const, host: '127.0.0.1', port: engine.port };
    const dockerCertPath = join(service.importDir, 'certs');
    await mkdir(dockerCertPath);
    const install = async (certificates: { caFile: string; certFile: string; keyFile: string }) => {
      await copyFile(certificates.caFile, join(dockerCertPath, 'ca.pem'));
      await copyFile(certificates.certFile, join(dockerCertPath, 'cert.pem'));
      await copyFile(certificates.keyFile, join(dockerCertPath, 'key.pem'));
    };
    const secure = await startTestApp({ dockerHost, dockerCertPath });
    try {
      await install(engine.certificates);
      expect(await packagesOf(secure, 'docker-daemon:shop/app:1')).toHaveLength(2);
      await install(await makeCertificates(service.importDir, 'stranger'));
      expect((await secure.scan('docker-daemon:shop/app:1')).error.code).toBe('daemon_unreachable');
    } finally {
      await secure.close();
    }
  });
});

describe.skipIf(!haveParts('Podman', PODMAN_PARTS, true))('images of Podman', () => {
  it('are read as those of Docker', async () => {
    const engine = await PodmanEngine.start();
    const service = await startTestApp({ dockerHost: { kind: 'unix', path: engine.socket } });
    try {
      const archive = join(service.importDir, 'image.tar');
      await writeFile(archive, await dockerArchive([await tar(alpine([{ name: 'musl', version: '1.1.22-r3' }]))]));
      await engine.load(archive, 'localhost/shop/app:1');
      const scan = await service.scan('docker-daemon:localhost/shop/app:1');
      expect(scan.error).toBeNull();
      const { items } = (await service.request('GET', `/v1/scans/${scan.id}/packages`)).body;
      expect(items.map(({ name }: { name: string }) => name)).toEqual(['musl']);
      expect((await service.scan('docker-daemon:localhost/shop/nothing:1')).error.code).toBe('image_not_found');
    } finally {
      await service.close();
      await engine.stop();
    }
  });
});
