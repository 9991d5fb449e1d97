import { describe, expect, it } from 'vitest';
import { create, get, prepareScan, reference, scan, service, target, UNKNOWN_ID } from './scanned-alpine.js';

prepareScan();

describe('requests that are not as expected', () => {
  it.each([
    ['{bad', 'malformed_json'],
    ['', 'invalid_request'],
    ['{"__proto__":{"x":1},"target":{}}', 'malformed_json'],
    ['{"constructor":{"prototype":{}},"target":{}}', 'malformed_json'],
    ['null', 'invalid_request'],
    ['[]', 'invalid_request'],
    ['"text"', 'invalid_request'],
    ['{}', 'invalid_request'],
    ['{"target":5}', 'invalid_request'],
    ['{"target":null}', 'invalid_request'],
    ['{"target":[]}', 'invalid_request'],
    ['{"target":{"kind":"image","reference":"rootfs:/x"},"constructor":5}', 'invalid_request'],
    [`{"target":{"kind":"image","reference":"x","labels":${'['.repeat(5000)}${']'.repeat(5000)}}}`, 'invalid_request'],
  ])('refuses the body %s', async (text, code) => {
    const { status, headers, body } = await create(text);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect({ status, code: body.code, type: body.type }).toEqual({
      status: 400,
      code,
      type: `urn:plimsoll:error:${code}`,
    });
  });

  it.each<[string, object, string]>([
    ['no reference', { target: { kind: 'image' } }, 'target.reference'],
    ['an empty reference', { target: { kind: 'image', reference: '' } }, 'target.reference'],
    ['a long reference', { target: { kind: 'image', reference: `rootfs:/${'x'.repeat(4096)}` } }, 'target.reference'],
    ['a NUL', { target: { kind: 'image', reference: 'rootfs:/x\0' } }, 'target.reference'],
    ['half a surrogate pair', { target: { kind: 'image', reference: 'rootfs:/\ud800' } }, 'target.reference'],
    ['an unknown kind', { target: { kind: 'boat', reference: 'rootfs:/x' } }, 'target.kind'],
    ['a long name', { target: { kind: 'image', reference: 'rootfs:/x', name: 'x'.repeat(256) } }, 'target.name'],
    ['labels in a list', { target: { kind: 'image', reference: 'rootfs:/x', labels: ['a'] } }, 'target.labels'],
    [
      'a label that is no text',
      { target: { kind: 'image', reference: 'rootfs:/x', labels: { a: 1 } } },
      'target.labels',
    ],
    [
      'too many labels',
      {
        target: {
          kind: 'image',
          reference: 'rootfs:/x',
          labels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, 'x'])),
        },
      },
      'target.labels',
    ],
    [
      'a label named constructor',
      { target: { kind: 'image', reference: 'rootfs:/x', labels: { constructor: 'x' } } },
      'target.labels.constructor',
    ],
    ['an unknown field', { target: { kind: 'image', reference: 'rootfs:/x', colour: 1 } }, 'target.colour'],
    [
      'an unknown option',
      { target: { kind: 'image', reference: 'rootfs:/x' }, options: { fast: true } },
      'options.fast',
    ],
    [
      'a platform of another form',
      { target: { kind: 'image', reference: 'rootfs:/x' }, options: { platform: 'linux' } },
      'options.platform',
    ],
    ['a priority out of range', { target: { kind: 'image', reference: 'rootfs:/x' }, priority: 10 }, 'priority'],
    ['a priority as text', { target: { kind: 'image', reference: 'rootfs:/x' }, priority: '5' }, 'priority'],
  ])('refuses %s, and names the field', async (_what, request, path) => {
    const { status, body } = await create(request);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' });
    expect(body.errors.map((error: { path: string }) => error.path)).toEqual([path]);
  });

  it('takes null for what may be left out', async () => {
    const request = { target: { kind: 'image', reference, name: null, labels: null }, options: null, priority: null };
    expect((await create(request)).status).toBe(202);
  });

  it('refuses other types of body, and bodies over 1 MiB', async () => {
    const text = JSON.stringify(target());
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense']) {
      const { status, body } = await create(text, { 'content-type': type });
      expect({ type, status, code: body.code }).toEqual({ type, status: 415, code: 'unsupported_media_type' });
    }
    const form = 'multipart/form-data; boundary=x';
    expect((await create('--x--', { 'content-type': form })).status).toBe(415);
    const { status, body } = await create({ ...target(), options: { platform: 'x'.repeat(1024 * 1024) } });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'payload_too_large' });
  });

  it.each([
    `/v1/scans/${UNKNOWN_ID}`,
    '/v1/scans/5',
    '/v1/scans/%00',
    `/v1/scans/${'x'.repeat(300)}`,
    '/v1/scans/5/packages',
    '/v1/scans/5/findings',
    '/v1/scans/5/progress',
    `/v1/scans/${UNKNOWN_ID}/packages`,
    `/v1/scans/${UNKNOWN_ID}/findings`,
    `/v1/scans/${UNKNOWN_ID}/progress`,
    '/v1/findings/5',
    `/v1/findings/${UNKNOWN_ID}`,
    '/v1/targets/5',
    `/v1/targets/${UNKNOWN_ID}`,
    '/v1/nothing',
    '/',
  ])('finds nothing at %s', async (path) => {
    const { status, headers, body } = await get(path);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'not_found' });
  });

  it('knows no other feed, method or encoding', async () => {
    expect((await get('/v1/feeds/osb')).body.code).toBe('unknown_feed');
    expect((await service.request('POST', '/v1/feeds/osb/sync')).body).toMatchObject({
      status: 404,
      code: 'unknown_feed',
    });
    expect((await service.request('DELETE', '/v1/scans')).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await get('/v1/scans/%E0%A4%A')).body).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('cancels no scan that has ended', async () => {
    const { body } = await service.request('POST', `/v1/scans/${scan.id}/cancel`);
    expect(body).toMatchObject({ status: 409, code: 'scan_not_cancellable' });
    expect((await service.request('POST', `/v1/scans/${UNKNOWN_ID}/cancel`)).body).toMatchObject({
      code: 'not_found',
    });
  });
});

describe('idempotency', () => {
  it('answers a repeated request with the same scan, however it is written', async () => {
    const key = { 'idempotency-key': 'first!' };
    const first = await create(target({ name: 'once' }), key);
    const again = await create({ target: { name: 'once', labels: null, reference, kind: 'image' }, options: {} }, key);
    expect(again.status).toBe(202);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.body.id).toBe(first.body.id);
  });

  it('makes one scan of many requests at once', async () => {
    const headers = { 'idempotency-key': 'at-once' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(target(), headers)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('refuses the key for another request', async () => {
    await create(target(), { 'idempotency-key': 'taken' });
    const { status, body } = await create({ ...target(), priority: 1 }, { 'idempotency-key': 'taken' });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'idempotency_key_reused' });
  });

  it.each(['', 'a b', 'x'.repeat(256), 'é'])('refuses the key %j', async (key) => {
    expect((await create(target(), { 'idempotency-key': key })).body).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
  });
});

describe('entity tags', () => {
  it('answer 304 while nothing has changed', async () => {
    const path = `/v1/scans/${scan.id}`;
    const tag = (await get(path)).headers.get('etag') ?? '';
    expect(tag).toMatch(/^"/);
    for (const wanted of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const { status, headers, body } = await service.request('GET', path, undefined, { 'if-none-match': wanted });
      expect({ status, body, tag: headers.get('etag') }).toEqual({ status: 304, body: '', tag });
    }
    const other = await service.request('GET', path, undefined, { 'if-none-match': '"other"' });
    expect(other).toMatchObject({ status: 200, body: { id: scan.id } });
  });

  it('are for what was found by GET alone', async () => {
    const any = { 'if-none-match': '*' };
    expect((await service.request('GET', `/v1/scans/${UNKNOWN_ID}`, undefined, any)).status).toBe(404);
    const created = await create(target(), any);
    expect({ status: created.status, tag: created.headers.get('etag') }).toEqual({ status: 202, tag: null });
  });
});
