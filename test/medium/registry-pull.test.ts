import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCertificates } from '../support/certificates.js';
import { FakeRegistry } from '../support/fake-registry.js';
import { alpine, ociLayout, sha256, tar } from '../support/image.js';
import { haveParts, run } from '../support/real-parts.js';
import {
  blobPath,
  challenge,
  code,
  failure,
  found,
  isLayer,
  layout,
  MIB,
  other,
  passedOver,
  preparePulls,
  progress,
  pull,
  registry,
  setAccess,
  stored,
  tempDir,
} from './pulling.js';

preparePulls();

describe('pulling from a registry', () => {
  it('gives packages, configuration and digest, and reports progress to its end', async () => {
    const { image, found: packages } = await pull();
    expect(packages).toEqual(['musl', 'left']);
    expect(image).toMatchObject({
      digests: { manifest: registry.tags.get('latest'), indexes: [] },
      config: { architecture: 'amd64', os: 'linux' },
    });
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(registry.requests).toHaveLength(4);
    expect(registry.requests[0]).toMatchObject({
      path: '/v2/team/app/manifests/latest',
      headers: { accept: expect.stringContaining('application/vnd.docker.distribution.manifest.v2+json') },
    });
    expect(registry.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
  });

  it('does not fetch a layer whose facts are known', async () => {
    await pull();
    registry.requests.length = 0;
    expect(await found()).toEqual(['musl', 'left']);
    expect(registry.paths().filter((path) => path === blobPath(0) || path === blobPath(1))).toEqual([]);
    expect(progress.at(-1)).toBe(1);
  });

  it('pulls by digest, and refuses a manifest that has another', async () => {
    const digest = registry.tags.get('latest') as string;
    expect(await found({}, `${registry.host}/team/app:gone@${digest}`)).toEqual(['musl', 'left']);
    registry.blobs.set(digest, Buffer.concat([registry.blobs.get(digest) as Buffer, Buffer.from(' ')]));
    expect(await code(pull({}, `${registry.host}/team/app@${digest}`))).toBe('digest_mismatch');
    expect(await code(pull())).toBe('digest_mismatch'); // the header says what it should be
  });

  it('says what is not there', async () => {
    expect(await code(pull({}, `${registry.host}/team/app:2`))).toBe('image_not_found');
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(await code(pull({}, `${registry.host}/team/app@${digest}`))).toBe('image_not_found');
  });

  describe('a layer that nobody has', () => {
    it('is a gap, and the others are read', async () => {
      registry.blobs.delete(`sha256:${sha256(stored[1] as Buffer)}`);
      expect(await found()).toEqual(['musl', 'layer_missing']);
    });

    it('is not looked for where a manifest says that it may be', async () => {
      const manifest = JSON.parse(String(registry.blobs.get(registry.tags.get('latest') as string)));
      registry.blobs.delete(manifest.layers[1].digest);
      manifest.layers[1].mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
      manifest.layers[1].urls = [`${other.url}/layer`];
      registry.tags.set('latest', registry.add(JSON.stringify(manifest)).digest);
      const { image } = await pull();
      expect(image.gaps).toEqual([
        expect.objectContaining({ code: 'layer_missing', message: expect.stringContaining('foreign') }),
      ]);
      expect(other.requests).toEqual([]);
    });
  });

  describe('mirrors', () => {
    beforeEach(() => {
      setAccess(registry.host, {
        mirrors: [`${other.host}/hub`],
        credentials: { kind: 'basic', username: 'alice', password: 'hunter2' },
      });
    });

    it('are asked first, below their path, and without the credentials of the registry', async () => {
      other.push(layout);
      other.behave = (request, response) =>
        request.headers.authorization === undefined && request.path.includes('/manifests/')
          ? false
          : request.headers.authorization !== undefined && challenge(response, 'Basic realm="x"');
      expect(await found()).toEqual(['musl', 'left']);
      expect(registry.requests).toEqual([]);
      expect(other.paths()[0]).toBe('/v2/hub/team/app/manifests/latest');
      expect(other.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
    });

    it.each<[string, FakeRegistry['behave']]>([
      ['has no such image', () => false],
      ['is in trouble', (_request, response) => Boolean(response.writeHead(500).end())],
      ['wants credentials', (_request, response) => challenge(response, 'Basic realm="x"')],
      ['is no registry', (_request, response) => Boolean(response.writeHead(418).end())],
      ['shows a page', (_request, response) => Boolean(response.writeHead(200).end('<html>'))],
    ])('are passed over when one %s', async (_what, behave) => {
      other.behave = behave;
      expect(await found()).toEqual(['musl', 'left']);
      expect(passedOver).toContain(other.host);
      // One that is in trouble is tried for the first thing alone.
      expect(other.requests.length).toBeLessThanOrEqual(5);
    });

    it('are passed over for a layer that they have damaged, and for one that they have not', async () => {
      other.push(layout);
      const [first, second] = stored.map((layer) => `sha256:${sha256(layer)}`) as [string, string];
      other.blobs.set(first, Buffer.alloc((other.blobs.get(first) as Buffer).length, 'x'));
      other.blobs.delete(second);
      expect(await found()).toEqual(['musl', 'left']);
      expect(registry.paths().sort()).toEqual([blobPath(0), blobPath(1)].sort());
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(progress.at(-1)).toBe(1);
    });
  });

  it('chooses the platform from an index', async () => {
    const manifests = [];
    for (const architecture of ['amd64', 'arm64']) {
      const layout = ociLayout(
        [await tar(alpine([{ name: `for-${architecture}`, version: '1' }]))],
        {},
        { architecture },
      );
      registry.push(layout);
      const [entry] = JSON.parse(String(layout['index.json'])).manifests;
      manifests.push({ ...entry, platform: { os: 'linux', architecture } });
    }
    registry.tags.set('multi', registry.add(JSON.stringify({ schemaVersion: 2, manifests })).digest);
    const name = `${registry.host}/team/app:multi`;
    const { image, found: packages } = await pull({ platform: 'linux/arm64' }, name);
    expect(packages).toEqual(['for-arm64']);
    expect(image.digests).toMatchObject({ manifest: manifests[1].digest, indexes: [registry.tags.get('multi')] });
    expect(await found({ platform: 'linux/amd64' }, name)).toEqual(['for-amd64']);
    expect(await code(pull({ platform: 'linux/s390x' }, name))).toBe('platform_not_found');
  });

  it.skipIf(!haveParts('a server with TLS', ['openssl']))('follows no redirect from https to http', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-tls-'));
    const { ca, certFile, keyFile } = await makeCertificates(folder, 'registry');
    const tls = { cert: await readFile(certFile), key: await readFile(keyFile) };
    const server = createServer(tls, ({ url }, response) => {
      response.writeHead(307, { location: `${registry.url}${url}` }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    setAccess(host, { insecure: false, ca });
    const refused = await failure(pull({}, `${host}/team/app`));
    expect(refused).toMatchObject({ code: 'registry_invalid', message: expect.stringContaining('https to http') });
    setAccess(host, { insecure: false });
    expect(await code(pull({}, `${host}/team/app`))).toBe('certificate_untrusted');
    expect(registry.requests).toEqual([]);
    server.close();
    await rm(folder, { recursive: true });
  });

  it('says that the disk is full, and leaves nothing behind', async ({ skip }) => {
    const small = await mkdtemp(join(tmpdir(), 'plimsoll-small-'));
    try {
      await run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small);
    } catch {
      await rm(small, { recursive: true });
      console.info('skipped: a full disk needs the right to mount one');
      skip();
    }
    try {
      const full = await failure(pull({ tempDir: small }));
      expect(full).toMatchObject({ code: 'limit_exceeded', message: expect.stringContaining('no space left') });
      expect(await readdir(small)).toEqual([]);
    } finally {
      await run('umount', small);
      await rm(small, { recursive: true });
    }
  });

  it('keeps layers in a folder that is reached by a link', async () => {
    const linked = `${tempDir}-link`;
    await symlink(tempDir, linked);
    expect(await found({ tempDir: linked })).toEqual(['musl', 'left']);
    await rm(linked);
  });

  it('stops at once when it is told to, and leaves nothing behind', async () => {
    let closed = false;
    registry.behave = (request, response) => {
      if (!isLayer(request)) return false;
      response.writeHead(200, { 'content-length': (stored[0] as Buffer).length });
      response.write(Buffer.alloc(MIB));
      response.on('close', () => {
        closed = true;
      });
      return true;
    };
    const stop = new AbortController();
    const pulling = pull({ signal: stop.signal });
    pulling.catch(() => undefined);
    await vi.waitFor(() => expect(progress.some((fraction) => fraction > 0.1)).toBe(true));
    const started = performance.now();
    stop.abort('cancelled');
    await expect(pulling).rejects.toBe('cancelled');
    expect(performance.now() - started).toBeLessThan(500);
    await vi.waitFor(() => expect(closed).toBe(true));
  });

  it('stops while it waits for a registry', async () => {
    registry.behave = async (_request, response) => {
      await sleep(5_000);
      response.end();
      return true;
    };
    const stop = new AbortController();
    const pulling = pull({ signal: stop.signal });
    setTimeout(() => stop.abort('cancelled'), 50);
    await expect(pulling).rejects.toBe('cancelled');
  });
});
