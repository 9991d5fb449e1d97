import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOsvSource } from './open-osv-source.js';
import type { OsvSource } from './osv-source.js';

const MIRROR = '../shared/data/osv-mirror';
const BYTES = Buffer.from('an archive');
const DIGEST = `sha256:${createHash('sha256').update(BYTES).digest('hex')}`;
const signal = new AbortController().signal;
const ignore = () => {};

let folder: string;
let tempDir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-osv-source-'));
  tempDir = join(folder, 'tmp');
  await mkdir(tempDir);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a folder', () => {
  async function mirror(parts: string[], list: string | null): Promise<OsvSource> {
    const root = join(folder, 'mirror');
    for (const part of parts) {
      await mkdir(join(root, part), { recursive: true });
      await writeFile(join(root, part, 'all.zip'), BYTES);
    }
    if (list !== null) await writeFile(join(root, 'ecosystems.txt'), list);
    return openOsvSource(root, { tempDir });
  }

  it('has the parts of ecosystems.txt, without the releases of those', async () => {
    const source = await mirror(
      ['Debian'],
      'npm\r\nDebian\nDebian:12\n\nUbuntu:22.04:LTS\nDebian\ncrates.io\nRed Hat\n',
    );
    expect(await source.listParts(signal)).toEqual(['Debian', 'Red Hat', 'Ubuntu:22.04:LTS', 'crates.io', 'npm']);
  });

  it('has the folders with an archive where there is no list', async () => {
    const source = await mirror(['npm', 'Debian'], null);
    await mkdir(join(folder, 'mirror', 'empty'));
    expect(await source.listParts(signal)).toEqual(['Debian', 'npm']);
  });

  it.each(['../etc', 'a/b', 'a\\b', '..', '.hidden', 'a\u0007b', 'a\u202eb', 'x'.repeat(200)])(
    'refuses the name %j',
    async (name) => {
      const source = await mirror(['npm'], `npm\n${name}\n`);
      await expect(source.listParts(signal)).rejects.toMatchObject({ code: 'feed_source_invalid' });
      await expect(source.openPart(name, null, ignore, signal)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    },
  );

  it('opens an archive in place, tells its digest, and does not open it again unchanged', async () => {
    const source = await mirror(['npm'], null);
    const progress: unknown[] = [];
    const opened = await source.openPart(
      'npm',
      { etag: '"x"', lastModified: null, digest: 'sha256:0' },
      (...bytes) => progress.push(bytes),
      signal,
    );
    expect(opened).toMatchObject({
      unchanged: false,
      path: join(folder, 'mirror/npm/all.zip'),
      version: { etag: null, lastModified: null, digest: DIGEST },
      size: 10,
    });
    expect(progress).toEqual([[10, 10]]);
    if (!opened.unchanged) await opened.release();
    expect(existsSync(join(folder, 'mirror/npm/all.zip'))).toBe(true);
    const same = { etag: null, lastModified: null, digest: DIGEST };
    expect(await source.openPart('npm', same, ignore, signal)).toEqual({ unchanged: true, version: null });
  });

  it('is also named by a file URL', async () => {
    await mirror(['npm'], null);
    const source = openOsvSource(pathToFileURL(join(folder, 'mirror')).href, { tempDir });
    expect(await source.listParts(signal)).toEqual(['npm']);
  });

  it('says what is missing', async () => {
    const gone = openOsvSource(join(folder, 'gone'), { tempDir });
    await expect(gone.listParts(signal)).rejects.toMatchObject({
      code: 'feed_source_unreachable',
      message: expect.stringContaining('does not exist'),
    });
    await mkdir(join(folder, 'bare'));
    const bare = openOsvSource(join(folder, 'bare'), { tempDir });
    await expect(bare.listParts(signal)).rejects.toMatchObject({
      code: 'feed_source_invalid',
      message: expect.stringContaining('found neither'),
    });
    const source = await mirror(['npm'], '\n');
    await expect(source.listParts(signal)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    await expect(source.openPart('Debian', null, ignore, signal)).rejects.toMatchObject({
      code: 'feed_source_unreachable',
    });
  });

  const mirrored = existsSync(MIRROR);
  if (!mirrored) console.info(`skipped: there is no ${MIRROR}`);
  it.skipIf(!mirrored)('reads the real mirror', async () => {
    const source = openOsvSource(MIRROR, { tempDir });
    const parts = await source.listParts(signal);
    expect(parts).toEqual(['Alpine', 'Debian', 'Go', 'Packagist', 'PyPI', 'RubyGems', 'Ubuntu', 'crates.io', 'npm']);
    expect(await source.openPart('Ubuntu', null, ignore, signal)).toMatchObject({ unchanged: false });
  });
});

describe('a web server', () => {
  type Answer = (request: IncomingMessage, response: ServerResponse) => void;
  let server: Server;
  let base: string;
  let requests: { url: string; headers: IncomingMessage['headers'] }[];
  let answers: Answer[];

  beforeEach(async () => {
    requests = [];
    answers = [];
    server = createServer((request, response) => {
      requests.push({ url: request.url ?? '', headers: request.headers });
      // The last answer holds for all further requests.
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/export`;
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  const give =
    (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
    (_, response) => {
      response.writeHead(200, { 'content-length': String(Buffer.byteLength(body)), ...headers }).end(body);
    };
  const fail =
    (status: number, headers: Record<string, string> = {}): Answer =>
    (_, response) => {
      response.writeHead(status, headers).end('no');
    };
  const truncate: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half', () => response.destroy());
  };
  const source = (location = base, maxPartBytes = 1000) =>
    openOsvSource(location, { tempDir, maxPartBytes, retryDelayMs: 1 });

  it('has the parts of ecosystems.txt', async () => {
    answers = [give('Debian\nDebian:12\nnpm\n')];
    expect(await source(`${base}/?x=1`).listParts(signal)).toEqual(['Debian', 'npm']);
    expect(requests.map(({ url }) => url)).toEqual(['/export/ecosystems.txt']);
  });

  it('downloads an archive with progress, and removes it when told', async () => {
    answers = [give(BYTES, { etag: '"1"' })];
    const progress: unknown[] = [];
    const opened = await source().openPart('Red Hat:x', null, (...bytes) => progress.push(bytes), signal);
    if (opened.unchanged) throw new Error('expected an archive');
    expect(opened).toMatchObject({ version: { etag: '"1"', digest: DIGEST }, size: 10 });
    expect(await readFile(opened.path)).toEqual(BYTES);
    expect(progress.at(-1)).toEqual([10, 10]);
    expect(requests[0]).toMatchObject({ url: '/export/Red%20Hat%3Ax/all.zip' });
    expect(requests[0]?.headers).not.toHaveProperty('if-none-match');
    await opened.release();
    expect(await readdir(tempDir)).toEqual([]);
  });

  it('reads to its end what a server sends at once and then closes', async () => {
    const body = Buffer.alloc(2 ** 22, 'x');
    answers = [give(body, { connection: 'close' })];
    // Slower than the network, so that the end is there before the data before it was taken.
    const slowly = () => {
      for (const end = performance.now() + 5; performance.now() < end; );
    };
    for (let round = 0; round < 5; round += 1) {
      const opened = await source(base, body.length).openPart('npm', null, slowly, signal);
      expect(opened).toMatchObject({ unchanged: false, size: body.length });
    }
  });

  it('asks whether an archive has changed, by its ETag and its date, and compares the digest where the server does not say', async () => {
    answers = [fail(304), give(BYTES, { etag: '"2"' })];
    const lastModified = 'Tue, 24 Nov 2026 00:00:00 GMT';
    const known = { etag: '"1"', lastModified, digest: 'sha256:0' };
    expect(await source().openPart('npm', known, ignore, signal)).toEqual({ unchanged: true, version: null });
    expect(requests[0]?.headers).toMatchObject({ 'if-none-match': '"1"', 'if-modified-since': lastModified });
    expect(await source().openPart('npm', { ...known, etag: null }, ignore, signal)).toMatchObject({
      unchanged: false,
    });
    expect(requests[1]?.headers).not.toHaveProperty('if-none-match');
    expect(await source().openPart('npm', { ...known, digest: DIGEST }, ignore, signal)).toEqual({
      unchanged: true,
      version: { etag: '"2"', lastModified: null, digest: DIGEST },
    });
    expect((await readdir(tempDir)).length).toBe(1);
  });

  it('repeats after 503, 429 and a truncated download', async () => {
    answers = [fail(503), fail(429, { 'retry-after': '0' }), truncate, give(BYTES)];
    const opened = await source().openPart('npm', null, ignore, signal);
    expect(opened).toMatchObject({ unchanged: false, version: { digest: DIGEST }, size: 10 });
    expect(requests).toHaveLength(4);
  });

  it.each([
    [
      'is truncated every time',
      truncate,
      4,
      { code: 'feed_source_unreachable', message: expect.stringMatching(/ended after \d+ of 1000 bytes/) },
    ],
    [
      'fails every time',
      fail(503),
      4,
      {
        code: 'feed_source_unreachable',
        message: expect.stringContaining('answered 503 Service Unavailable (tried 4 times)'),
      },
    ],
    [
      'does not exist',
      fail(404),
      1,
      { code: 'feed_source_invalid', message: expect.stringContaining('answered 404 Not Found') },
    ],
    ['is forbidden', fail(403), 1, { code: 'feed_source_invalid' }],
    ['claims to be too large', give('x'.repeat(2000)), 1, { code: 'limit_exceeded' }],
    ['is too large', ((_, response) => response.end('x'.repeat(2000))) as Answer, 1, { code: 'limit_exceeded' }],
  ])('gives up an archive that %s, and leaves no file', async (_, answer, expected, error) => {
    answers = [answer];
    await expect(source().openPart('npm', null, ignore, signal)).rejects.toMatchObject(error);
    expect(requests).toHaveLength(expected);
    expect(await readdir(tempDir)).toEqual([]);
  });

  it('says that the list is missing', async () => {
    answers = [fail(404)];
    await expect(source().listParts(signal)).rejects.toMatchObject({
      code: 'feed_source_invalid',
      message: expect.stringContaining('/export/ecosystems.txt'),
    });
  });

  it('says that nobody answers', async () => {
    const closed = base;
    await new Promise((resolve) => server.close(resolve));
    await expect(source(closed).listParts(signal)).rejects.toMatchObject({
      code: 'feed_source_unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('sends credentials of the URL as a header and shows them in no message', async () => {
    answers = [fail(404)];
    const secret = base.replace('http://', 'http://user:p%40ss@');
    await expect(source(secret).listParts(signal)).rejects.toMatchObject({
      message: expect.not.stringContaining('p%40ss'),
    });
    expect(requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  it('ends when it is told to, also while it waits to repeat', async () => {
    answers = [fail(503, { 'retry-after': '60' })];
    const controller = new AbortController();
    const opening = source().openPart('npm', null, ignore, controller.signal);
    setTimeout(() => controller.abort(new Error('stop')), 50);
    await expect(opening).rejects.toThrow(/stop|aborted/);
    expect(await readdir(tempDir)).toEqual([]);
  });
});

it.each(['ftp://example.org/osv', 'file://remote/host/path', 'http://'])('refuses %s', (location) => {
  expect(() => openOsvSource(location, { tempDir: '/tmp' })).toThrow(
    expect.objectContaining({ code: 'feed_source_invalid' }),
  );
});
