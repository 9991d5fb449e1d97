import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type SeenRequest, sendRange } from '../support/fake-registry.js';
import {
  blobPath,
  code,
  failure,
  found,
  isLayer,
  MIB,
  pauses,
  preparePulls,
  progress,
  pull,
  registry,
  replaceRegistry,
  setAccess,
  stored,
} from './pulling.js';

preparePulls();

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
    await replaceRegistry();
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
