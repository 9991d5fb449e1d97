import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIG, type Config } from '../../src/config/config.js';
import { alpine, sha256, tar, writeFiles } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const MEBIBYTE = 1024 * 1024;
const MAX_UPLOAD = 8 * MEBIBYTE;

describe('streams', () => {
  let service: TestApp;
  const file = randomBytes(5 * MEBIBYTE);

  beforeAll(async () => {
    service = await startTestApp({ maxUploadBytes: MAX_UPLOAD });
  });
  afterAll(() => service.close());

  const post = async (body: RequestInit['body'], headers: Record<string, string> = {}, path = '/v1/uploads') => {
    const response = await fetch(service.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.token}`, ...headers },
      body,
      duplex: 'half',
    } as RequestInit);
    // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
    return { status: response.status, body: (await response.json()) as any };
  };

  /** A body without a length, in chunks. */
  const chunked = (bytes: number) =>
    Readable.toWeb(
      Readable.from(
        (function* () {
          for (let sent = 0; sent < bytes; sent += MEBIBYTE) yield Buffer.alloc(Math.min(MEBIBYTE, bytes - sent));
        })(),
      ),
    ) as ReadableStream;

  const filesKept = async () => readdir(join(service.app.get<Config>(CONFIG).dataDir, 'uploads')).catch(() => []);

  describe('uploads', () => {
    const whole = {
      id: expect.any(String),
      reference: expect.stringMatching(/^upload:[0-9a-f-]{36}$/),
      size: file.length,
      digest: `sha256:${createHash('sha256').update(file).digest('hex')}`,
      filename: null,
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
    };

    it.each([
      'application/octet-stream',
      'application/x-tar',
      'application/gzip',
      'application/x-www-form-urlencoded',
      'application/json',
      'text/plain; charset=utf-8',
      'nonsense',
    ])('take a body of type %s', async (type) => {
      expect(await post(file, { 'content-type': type })).toEqual({ status: 201, body: whole });
    });

    it('take a body that says nothing of itself', async () => {
      const answer = await raw(`Content-Length: 5\r\n\r\nhello`);
      expect(answer).toMatch(/^HTTP\/1\.1 201 /);
      expect(answer).toContain(`sha256:${sha256('hello')}`);
    });

    it('take a body without a length, and a name', async () => {
      const { status, body } = await post(chunked(3 * MEBIBYTE), {}, '/v1/uploads?filename=image.tar');
      expect({ status, size: body.size, filename: body.filename }).toEqual({
        status: 201,
        size: 3 * MEBIBYTE,
        filename: 'image.tar',
      });
    });

    it('take the file of a form', async () => {
      const form = new FormData();
      form.append('note', 'a field beside it');
      form.append('file', new Blob([file]), 'image.tar');
      expect(await post(form)).toEqual({ status: 201, body: { ...whole, filename: 'image.tar' } });
    });

    it('are scanned by their reference', async () => {
      const archive = await tar(alpine([{ name: 'musl', version: '1.1.22-r3' }]));
      const { body } = await post(archive);
      const scan = await service.scan(body.reference, {
        target: { kind: 'image', reference: body.reference, name: 'shop' },
      });
      expect({ status: scan.status, name: scan.target.name }).toEqual({ status: 'partial', name: 'shop' });
      expect((await service.request('GET', `/v1/scans/${scan.id}/packages`)).body.items).toHaveLength(1);
    });

    it('refuse what is too large, empty, or no form, and keep nothing of it', async () => {
      const before = await filesKept();
      const tooLarge = { status: 413, body: { code: 'payload_too_large' } };
      const large = Buffer.alloc(MAX_UPLOAD + 1);
      const form = (...files: Uint8Array<ArrayBuffer>[]) => {
        const data = new FormData();
        files.forEach((content, i) => {
          data.append(`file${i}`, new Blob([content]), 'x.tar');
        });
        return data;
      };
      expect(await post(large)).toMatchObject(tooLarge);
      expect(await post(chunked(MAX_UPLOAD + 1))).toMatchObject(tooLarge);
      expect(await post(form(new Uint8Array(MAX_UPLOAD + 1)))).toMatchObject(tooLarge);
      const invalid = { status: 400, body: { code: 'invalid_request' } };
      expect(await post('')).toMatchObject(invalid);
      expect(await post(form())).toMatchObject(invalid);
      expect(await post('no form', { 'content-type': 'multipart/form-data; boundary=x' })).toMatchObject(invalid);
      expect(await post('no form', { 'content-type': 'multipart/form-data' })).toMatchObject(invalid);
      const cut = '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nabc';
      expect(await post(cut, { 'content-type': 'multipart/form-data; boundary=x' })).toMatchObject(invalid);
      expect(await post(file, {}, '/v1/uploads?filename=%00')).toMatchObject(invalid);
      expect(await filesKept()).toEqual(before);
    });

    it('leave nothing behind when the client goes away', async () => {
      const before = await filesKept();
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      socket.write(`${head()}Content-Length: 1000\r\n\r\nabc`);
      await until(async () => (await filesKept()).length > before.length);
      socket.destroy();
      await until(async () => (await filesKept()).length === before.length);
      expect((await service.request('GET', '/healthz')).status).toBe(200);
    });

    const head = () =>
      `POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ${service.token}\r\n`;

    async function raw(rest: string): Promise<string> {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      socket.write(head() + rest);
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString();
    }
  });

  describe('progress', () => {
    it('is told as server-sent events, to the end', async () => {
      await writeFiles(join(service.importDir, 'root'), alpine([{ name: 'musl', version: '1.1.22-r3' }]));
      const reference = `rootfs:${service.importDir}/root`;
      const { body } = await service.request('POST', '/v1/scans', { target: { kind: 'image', reference } });
      const response = await fetch(`${service.url}/v1/scans/${body.id}/progress`, {
        headers: { authorization: `Bearer ${service.token}` },
      });
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      expect(response.headers.get('x-accel-buffering')).toBe('no');
      expect(response.headers.get('etag')).toBeNull();
      const events = (await response.text()).split('\n\n').flatMap((block) => {
        const type = /^event: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        return type && data ? [{ type, scan: JSON.parse(data) }] : [];
      });
      expect(events.at(-1)?.type).toBe('end');
      expect(events.slice(0, -1).every(({ type }) => type === 'progress')).toBe(true);
      expect(events.at(-1)?.scan).toEqual((await service.request('GET', `/v1/scans/${body.id}`)).body);
    });

    it('of an unknown scan is a plain 404', async () => {
      const { status, body } = await service.request('GET', '/v1/scans/01890a5d-ac96-774b-bcce-b302099a8057/progress');
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'not_found' });
    });
  });

  describe('of a service whose workers are elsewhere', () => {
    const open = async (api: TestApp) => {
      const reference = `rootfs:${api.importDir}`;
      const { body } = await api.request('POST', '/v1/scans', { target: { kind: 'image', reference } });
      const stream = await fetch(`${api.url}/v1/scans/${body.id}/progress`, {
        headers: { authorization: `Bearer ${api.token}` },
      });
      return { id: body.id as string, stream };
    };

    it('end when a queued scan is cancelled', async () => {
      const api = await startTestApp({ role: 'api' });
      const { id, stream } = await open(api);
      const { status, body } = await api.request('POST', `/v1/scans/${id}/cancel`);
      expect({ status, scan: body.status }).toEqual({ status: 202, scan: 'cancelled' });
      const text = await stream.text();
      expect(text.match(/^event: .*$/gm)?.at(-1)).toBe('event: end');
      expect(text).toContain('"status":"cancelled"');
      await api.close();
    });

    it('are cut, without an end, when the service stops', async () => {
      const api = await startTestApp({ role: 'api' });
      const { stream } = await open(api);
      const text = stream.text();
      await api.close();
      expect(await text).not.toContain('event: end');
    });
  });

  it('leaves no socket open that asks for another protocol', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write('GET /v1/scans HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });
});

/** Waits until it is so; the test's own timeout ends the wait. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}
