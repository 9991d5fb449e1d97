import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildInventory } from '../../src/engine/inventory.js';
import type { KnownLayer } from '../../src/engine/layer/layer-facts.js';
import { parseImageName } from '../../src/model/image-name.js';
import type { RegistryAccess } from '../../src/model/registry.js';
import { parseAllowedAddress } from '../../src/model/registry-allow.js';
import { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import { AddressGuard } from '../../src/source/registry/address-guard.js';
import { type RegistryOptions, readRegistryImage } from '../../src/source/registry/read-registry-image.js';
import { makeCertificates } from '../support/certificates.js';
import { FakeRegistry, type SeenRequest, sendRange } from '../support/fake-registry.js';
import { alpine, ociLayout, sha256, tar } from '../support/image.js';
import { readOptions } from '../support/read-options.js';
import { haveParts, run } from '../support/real-parts.js';

const SYSTEM = alpine([{ name: 'musl', version: '1.2.5-r0' }], '3.20.3');
const MIB = 1024 * 1024;

describe('pulling from a registry', () => {
  let tempDir: string;
  let workers: LayerWorkers;
  let registry: FakeRegistry;
  let other: FakeRegistry;
  let known: Map<string, KnownLayer>;
  let access: Map<string, RegistryAccess>;
  let pauses: number[];
  let progress: number[];
  let passedOver: string[];
  let layout: Record<string, Buffer>;
  /** The layers as the registry has them, bottom to top. */
  let stored: Buffer[];

  beforeAll(async () => {
    tempDir = await mkdtemp(join(tmpdir(), 'plimsoll-pull-'));
    workers = new LayerWorkers();
    const noise = await tar({ ...SYSTEM, 'usr/lib/noise': randomBytes(3 * MIB) });
    const layers = [noise, await tar({ 'app/node_modules/left/package.json': '{"name":"left","version":"1.0.0"}' })];
    layout = ociLayout(layers);
    stored = layers.map((layer) => gzipSync(layer));
  });
  afterAll(async () => {
    await workers.close();
    await rm(tempDir, { recursive: true });
  });
  beforeEach(async () => {
    registry = await FakeRegistry.start();
    other = await FakeRegistry.start();
    registry.push(layout);
    known = new Map();
    access = new Map();
    for (const { host } of [registry, other]) setAccess(host, {});
    pauses = [];
    progress = [];
    passedOver = [];
  });
  afterEach(async () => {
    expect(await readdir(tempDir)).toEqual([]);
    await registry.close();
    await other.close();
  });

  function setAccess(host: string, more: Partial<RegistryAccess>): void {
    access.set(host, { host, mirrors: [], ca: null, insecure: true, credentials: null, ...more });
  }

  function options(more: Partial<RegistryOptions> = {}): RegistryOptions {
    return {
      ...readOptions({ workers, tempDir, known, progress }),
      guard: guardOf('127.0.0.1'),
      clock: {
        now: Date.now,
        random: () => 1,
        sleep: async (ms) => {
          pauses.push(ms);
        },
      },
      access: (host) => access.get(host) ?? null,
      onMirrorFailure: (host) => passedOver.push(host),
      ...more,
    };
  }

  async function pull(more: Partial<RegistryOptions> = {}, name = `${registry.host}/team/app`) {
    const image = await readRegistryImage(parseImageName(name), options(more));
    const inventory = buildInventory(image, { lockfiles: false });
    return {
      image,
      found: [...inventory.packages.map(({ name: found }) => found), ...inventory.gaps.map(({ code }) => code)],
    };
  }

  const found = async (more?: Partial<RegistryOptions>, name?: string) => (await pull(more, name)).found;
  const failure = (pulling: Promise<unknown>) =>
    pulling.then(
      () => ({ code: 'none', message: '' }),
      (error: { code?: string; message?: string }) => ({
        code: error.code ?? String(error),
        message: error.message ?? '',
      }),
    );
  const code = async (pulling: Promise<unknown>) => (await failure(pulling)).code;
  const blobPath = (index: number) => `/v2/team/app/blobs/sha256:${sha256(stored[index] as Buffer)}`;
  const isLayer = ({ path }: SeenRequest) => path === blobPath(0);

  it('gives packages, configuration and digest, and reports progress to its end', async () => {
    const { image, found: packages } = await pull();
    expect(packages).toEqual(['musl', 'left']);
    expect(image).toMatchObject({
      imageDigest: registry.tags.get('latest'),
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

  describe('who is asked', () => {
    it('connects to no address that is not public unless it is allowed', async () => {
      const refused = await failure(pull({ guard: guardOf('10.0.0.0/8') }));
      expect(refused).toMatchObject({
        code: 'address_not_allowed',
        message: expect.stringContaining('PLIMSOLL_REGISTRY_ALLOW'),
      });
      expect(registry.requests).toEqual([]);
      const name = `localhost:${registry.host.split(':')[1]}/team/app`;
      setAccess(name.split('/')[0] as string, {});
      expect(await code(pull({ guard: guardOf('10.0.0.0/8') }, name))).toBe('address_not_allowed');
      expect(await found({ guard: guardOf('localhost') }, name)).toEqual(['musl', 'left']);
    });

    it.each([
      ['a metadata address', 'http://169.254.169.254/latest/meta-data/', 'address_not_allowed'],
      ['a metadata address in IPv6 clothes', 'http://[::ffff:169.254.169.254]/', 'address_not_allowed'],
      ['a number that is an address', 'http://2852039166/', 'address_not_allowed'],
      ['a file', 'file:///etc/passwd', 'registry_invalid'],
      ['no address', 'http://[', 'registry_invalid'],
      ['itself for ever', '', 'registry_invalid'],
    ])('follows no redirect to %s', async (_what, location, expected) => {
      registry.behave = (request, response) => {
        if (!isLayer(request)) return false;
        response.writeHead(307, { location: location || request.path }).end();
        return true;
      };
      expect(await code(pull())).toBe(expected);
    });

    it('sends no authorization to another host that it is redirected to, whatever that asks for', async () => {
      setAccess(registry.host, { credentials: { kind: 'basic', username: 'alice', password: 'hunter2' } });
      registry.behave = (request, response) => {
        if (request.headers.authorization === undefined) return challenge(response, 'Basic realm="x"');
        if (!isLayer(request)) return false;
        response.writeHead(307, { location: `http://bob:secret@${other.host}/storage?signature=x` }).end();
        return true;
      };
      other.behave = (request, response) => {
        sendRange(request, response, stored[0] as Buffer);
        return true;
      };
      expect(await found()).toEqual(['musl', 'left']);
      expect(other.paths()).toEqual(['/storage?signature=x']);
      expect(other.requests[0]?.headers.authorization).toBeUndefined();
      known.clear();
      other.behave = (_request, response) => challenge(response, `Bearer realm="${other.url}/token",service="x"`);
      expect(await code(pull())).toBe('registry_unauthorized');
      expect(other.paths().filter((path) => path.startsWith('/token'))).toEqual([]);
      expect(other.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
    });
  });

  describe('authentication', () => {
    const withToken = (response: ServerResponse, token: string) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token, expires_in: 60 }));
      return true;
    };

    it('gets a token without credentials, once for all requests', async () => {
      registry.behave = (request, response) => {
        if (request.path.startsWith('/token')) return withToken(response, 't0');
        return request.headers.authorization === 'Bearer t0' ? false : challenge(response, bearer(registry));
      };
      expect(await found()).toEqual(['musl', 'left']);
      const tokens = registry.requests.filter(({ path }) => path.startsWith('/token'));
      expect(tokens).toHaveLength(1);
      expect(tokens[0]?.headers.authorization).toBeUndefined();
      const asked = new URL(tokens[0]?.path ?? '', registry.url).searchParams;
      expect(Object.fromEntries(asked)).toEqual({ service: 'the registry', scope: 'repository:team/app:pull' });
    });

    it('gets a token with a password, and another when it has expired', async () => {
      setAccess(registry.host, { credentials: { kind: 'basic', username: 'alice', password: 'hünter:2' } });
      let valid = '';
      let uses = 0;
      registry.behave = (request, response) => {
        if (request.path.startsWith('/token')) {
          valid = `t${uses}`;
          return withToken(response, valid);
        }
        if (request.headers.authorization !== `Bearer ${valid}`) return challenge(response, bearer(registry));
        uses += 1;
        if (uses === 2) valid = 'expired';
        return false;
      };
      expect(await found()).toEqual(['musl', 'left']);
      const tokens = registry.requests.filter(({ path }) => path.startsWith('/token'));
      expect(tokens).toHaveLength(2);
      const authorization = `Basic ${Buffer.from('alice:hünter:2').toString('base64')}`;
      expect(tokens.map(({ headers }) => headers.authorization)).toEqual([authorization, authorization]);
      const others = registry.requests.filter(({ path }) => !path.startsWith('/token'));
      expect(others.some(({ headers }) => headers.authorization?.startsWith('Basic'))).toBe(false);
    });

    it('gets a token for an identity token by POST', async () => {
      setAccess(registry.host, { credentials: { kind: 'token', token: 'id&token' } });
      registry.behave = (request, response) => {
        if (request.path === '/token') {
          response.end(JSON.stringify({ access_token: 't1' }));
          return true;
        }
        return request.headers.authorization === 'Bearer t1' ? false : challenge(response, bearer(registry));
      };
      expect(await found()).toEqual(['musl', 'left']);
      const post = registry.requests.find(({ method }) => method === 'POST');
      expect(Object.fromEntries(new URLSearchParams(post?.body))).toEqual({
        grant_type: 'refresh_token',
        client_id: 'plimsoll',
        service: 'the registry',
        scope: 'repository:team/app:pull',
        refresh_token: 'id&token',
      });
    });

    it('shows a token as it is where there is no token service', async () => {
      setAccess(registry.host, { credentials: { kind: 'token', token: 'static' } });
      registry.behave = (request, response) =>
        request.headers.authorization === 'Bearer static' ? false : challenge(response, 'Bearer');
      expect(await found()).toEqual(['musl', 'left']);
    });

    it('says that credentials are wrong or missing, and does not repeat them', async () => {
      registry.behave = (_request, response) => challenge(response, 'Basic realm="x"');
      expect(await failure(pull())).toMatchObject({
        code: 'registry_unauthorized',
        message: expect.stringContaining('/v1/registries'),
      });
      setAccess(registry.host, { credentials: { kind: 'basic', username: 'alice', password: 'hunter2' } });
      const wrong = await failure(pull());
      expect(wrong.code).toBe('registry_unauthorized');
      expect(wrong.message).not.toMatch(/hunter2|alice/);
      registry.behave = (request, response) =>
        challenge(response, request.path.startsWith('/token') ? 'Basic realm="x"' : bearer(registry));
      expect(await code(pull())).toBe('registry_unauthorized');
    });

    it('sends credentials to no token service of another host without TLS', async () => {
      setAccess(registry.host, { credentials: { kind: 'basic', username: 'alice', password: 'hunter2' } });
      const realm = `http://localhost:${other.host.split(':')[1]}/token`;
      registry.behave = (_request, response) => challenge(response, `Bearer realm="${realm}",service="x"`);
      expect(await code(pull({ guard: guardOf('127.0.0.1', 'localhost') }))).toBe('registry_invalid');
      expect(other.requests).toEqual([]);
    });

    it('asks no token service at an address that is not allowed', async () => {
      registry.behave = (_request, response) => challenge(response, 'Bearer realm="https://169.254.169.254/token"');
      expect(await code(pull())).toBe('address_not_allowed');
    });
  });

  describe('what breaks off', () => {
    /** Cuts answers to the layer after so many bytes, as often as there are numbers. */
    function cut(after: number[], ranges = true): void {
      const content = stored[0] as Buffer;
      registry.behave = (request, response) => {
        const bytes = isLayer(request) ? after.shift() : undefined;
        if (bytes === undefined && ranges) return false;
        if (!isLayer(request)) return false;
        const start = ranges ? Number(/\d+/.exec(request.headers.range ?? '0')) : 0;
        const headers = { 'content-length': content.length - start };
        if (start === 0) response.writeHead(200, headers);
        else
          response.writeHead(206, {
            ...headers,
            'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
          });
        if (bytes === undefined) response.end(content.subarray(start));
        else response.write(content.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 20));
        return true;
      };
    }

    it('is resumed where it ended', async () => {
      cut([MIB, MIB / 2]);
      expect(await found()).toEqual(['musl', 'left']);
      // What was on its way when the connection broke is lost.
      const ends = [0, MIB, 1.5 * MIB];
      const starts = registry.requests.filter(isLayer).map(({ headers }) => Number(/\d+/.exec(headers.range ?? '0')));
      expect(
        starts.map((start, index) => start > (ends[index] as number) - 0.5 * MIB && start <= (ends[index] as number)),
      ).toEqual([true, true, true]);
      expect(pauses).toEqual([300, 600]);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(progress.at(-1)).toBe(1);
    });

    it('is begun again where the registry knows no ranges', async () => {
      cut([MIB, 2 * MIB], false);
      expect(await found()).toEqual(['musl', 'left']);
      expect(registry.requests.filter(isLayer)).toHaveLength(3);
      expect(progress.at(-1)).toBe(1);
    });

    it.each([
      ['another part', 206, 'bytes 5-9/10'],
      ['a part without saying which', 206, undefined],
      ['a part of something larger', 206, `bytes ${MIB}-${MIB + 9}/99999999999`],
      ['no part', 416, undefined],
    ])('is begun again when the registry answers with %s', async (_what, status, range) => {
      const content = stored[0] as Buffer;
      registry.behave = (request, response) => {
        if (!isLayer(request)) return false;
        if (request.headers.range !== undefined) {
          response.writeHead(status, range === undefined ? {} : { 'content-range': range }).end('xxxxx');
        } else if (registry.requests.filter(isLayer).length === 1) {
          response.writeHead(200, { 'content-length': content.length });
          response.write(content.subarray(0, MIB), () => setTimeout(() => response.destroy(), 20));
        } else {
          response.end(content);
        }
        return true;
      };
      expect(await found()).toEqual(['musl', 'left']);
    });

    it('is given up in the end', async () => {
      cut([1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
      expect(await code(pull())).toBe('registry_unreachable');
      expect(registry.requests.filter(isLayer)).toHaveLength(5);
    });

    it('is asked for again when it is a document', async () => {
      let times = 0;
      registry.behave = (request, response) => {
        if (!request.path.includes('/manifests/') || times++ > 1) return false;
        response.writeHead(200, { 'content-length': 500 });
        response.write('{', () => response.destroy());
        return true;
      };
      expect(await found()).toEqual(['musl', 'left']);
    });
  });

  describe('a registry in trouble', () => {
    it('is left alone for as long as it asks', async () => {
      let times = 0;
      registry.behave = (_request, response) => {
        times += 1;
        if (times > 3) return false;
        response.writeHead(times === 1 ? 429 : 503, { 'retry-after': '7' }).end();
        return true;
      };
      expect(await found()).toEqual(['musl', 'left']);
      expect(pauses).toEqual([7_000, 7_000, 7_000]);
    });

    it.each([
      [429, {}, 'registry_rate_limited', 5],
      [429, { 'retry-after': '3600' }, 'registry_rate_limited', 1],
      [503, {}, 'registry_unreachable', 5],
      [403, {}, 'registry_unauthorized', 1],
      [418, {}, 'registry_invalid', 1],
    ])('that answers %i %j ends in %s', async (status, headers, expected, times) => {
      registry.behave = (_request, response) => {
        response.writeHead(status, headers).end('secrets of the inside');
        return true;
      };
      const { code: actual, message } = await failure(pull());
      expect(actual).toBe(expected);
      expect(message).not.toContain('secrets');
      expect(registry.requests).toHaveLength(times);
    });

    it('that is away ends in registry_unreachable', async () => {
      const { host } = registry;
      await registry.close();
      registry = await FakeRegistry.start();
      setAccess(host, {});
      expect(await code(pull({}, `${host}/team/app`))).toBe('registry_unreachable');
      setAccess(registry.host, { insecure: false });
      expect(await failure(pull({}, `${registry.host}/team/app`))).toMatchObject({
        code: 'registry_unreachable',
        message: expect.stringContaining('"insecure"'),
      });
    });
  });

  describe('lies', () => {
    const endless = (response: ServerResponse) => {
      response.on('error', () => undefined);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, ' ')));
      };
      response.writeHead(200);
      response.on('drain', more);
      more();
      return true;
    };

    it.each([
      [
        'an endless manifest',
        'limit_exceeded',
        ({ path }: SeenRequest, r: ServerResponse) => path.includes('/manifests/') && endless(r),
      ],
      [
        'a manifest of 2 GB',
        'limit_exceeded',
        ({ path }: SeenRequest, r: ServerResponse) => {
          if (!path.includes('/manifests/')) return false;
          r.writeHead(200, { 'content-length': 2 ** 31 }).flushHeaders();
          return true;
        },
      ],
      [
        'an endless layer',
        'digest_mismatch',
        (request: SeenRequest, r: ServerResponse) => isLayer(request) && endless(r),
      ],
      [
        'a layer that says it is longer',
        'digest_mismatch',
        (request: SeenRequest, r: ServerResponse) => {
          if (!isLayer(request)) return false;
          r.writeHead(200, { 'content-length': 10 * MIB }).write('x');
          return true;
        },
      ],
      [
        'a layer with other bytes',
        'digest_mismatch',
        (request: SeenRequest, r: ServerResponse) => {
          if (!isLayer(request)) return false;
          const content = Buffer.from(stored[0] as Buffer);
          content[content.length - 2_000] = (content[content.length - 2_000] ?? 0) ^ 1;
          sendRange(request, r, content);
          return true;
        },
      ],
      [
        'a layer of the same length that is none',
        'digest_mismatch',
        (request: SeenRequest, r: ServerResponse) => {
          if (!isLayer(request)) return false;
          sendRange(request, r, Buffer.alloc((stored[0] as Buffer).length, 'x'));
          return true;
        },
      ],
      [
        'a configuration with other bytes',
        'digest_mismatch',
        (request: SeenRequest, r: ServerResponse) => {
          const isConfig =
            request.path.includes('/blobs/') && request.path !== blobPath(0) && request.path !== blobPath(1);
          if (!isConfig) return false;
          const content = registry.blobs.get(request.path.slice(request.path.indexOf('sha256:'))) as Buffer;
          r.end(String(content).replace('amd64', 'arm64'));
          return true;
        },
      ],
      [
        'a page for a manifest',
        'manifest_invalid',
        ({ path }: SeenRequest, r: ServerResponse) => {
          if (!path.includes('/manifests/')) return false;
          r.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>');
          return true;
        },
      ],
      [
        'a manifest of schema 1',
        'manifest_unsupported',
        ({ path }: SeenRequest, r: ServerResponse) => {
          if (!path.includes('/manifests/')) return false;
          const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
          r.writeHead(200, { 'content-type': type }).end('{"schemaVersion":1,"fsLayers":[],"history":[]}');
          return true;
        },
      ],
    ])('%s ends in %s', async (_what, expected, behave) => {
      registry.behave = (request, response) => behave(request, response);
      expect(await code(pull())).toBe(expected);
    });

    it('does not fetch a layer that is larger than may be read', async () => {
      expect(await found({ maxLayerBytes: MIB })).toEqual(['left', 'layer_too_large']);
      expect(registry.requests.filter(isLayer)).toEqual([]);
    });
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
    expect(image.imageDigest).toBe(manifests[1].digest);
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

function guardOf(...allowed: string[]): AddressGuard {
  return new AddressGuard(allowed.flatMap((text) => parseAllowedAddress(text) ?? []));
}

function challenge(response: ServerResponse, header: string): boolean {
  response.writeHead(401, { 'www-authenticate': header, 'content-type': 'application/json' }).end('{"errors":[]}');
  return true;
}

function bearer({ url }: FakeRegistry): string {
  return `Bearer realm="${url}/token",service="the registry",scope="repository:team/app:pull,push,delete"`;
}
