import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FEED_NAMES } from '../../src/model/feed.js';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, writeFiles } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const UNKNOWN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NAMES = ['busybox', 'musl', 'openssl', 'scanelf', 'zlib'];

describe('the REST API', () => {
  let service: TestApp;
  let reference: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  let scan: any;

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

  const get = (path: string) => service.request('GET', path);
  const create = (body: unknown, headers?: Record<string, string>) =>
    service.request('POST', '/v1/scans', body, headers);
  const target = (more: object = {}) => ({ target: { kind: 'image', reference, ...more } });

  describe('shapes', () => {
    it('answers a created scan with 202, its place and every member', async () => {
      const { status, headers, body } = await create({
        target: { kind: 'image', reference, name: 'shop', labels: { a: 'b' } },
      });
      expect(status).toBe(202);
      expect(headers.get('location')).toBe(`/v1/scans/${body.id}`);
      expect(body).toEqual({
        id: expect.stringMatching(UUID),
        target: { id: expect.stringMatching(UUID), kind: 'image', reference, name: 'shop' },
        status: 'queued',
        trigger: 'api',
        options: { platform: null, lockfiles: false, secrets: true },
        priority: 5,
        progress: { phase: 'waiting', percent: 0 },
        createdAt: expect.stringMatching(TIME),
        startedAt: null,
        finishedAt: null,
        error: null,
        coverage: { complete: expect.any(Boolean), items: [] },
        counts: { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 },
        inventoryDigest: null,
        imageDigest: null,
      });
    });

    it('answers a finished scan with all that it knows', async () => {
      expect(scan).toEqual({
        id: expect.stringMatching(UUID),
        target: { id: expect.stringMatching(UUID), kind: 'image', reference, name: null },
        status: 'succeeded',
        trigger: 'api',
        options: { platform: 'linux/amd64', lockfiles: false, secrets: true },
        priority: 3,
        progress: { phase: 'done', percent: 100 },
        createdAt: expect.stringMatching(TIME),
        startedAt: expect.stringMatching(TIME),
        finishedAt: expect.stringMatching(TIME),
        error: null,
        coverage: { complete: true, items: [] },
        counts: { critical: 0, high: 0, medium: 0, low: 0, unknown: NAMES.length },
        inventoryDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        imageDigest: null,
      });
    });

    it('answers packages', async () => {
      const { body } = await get(`/v1/scans/${scan.id}/packages`);
      expect(body.nextCursor).toBeNull();
      expect(body.items.map(({ name }: { name: string }) => name)).toEqual(NAMES);
      expect(body.items[1]).toEqual({
        purl: expect.stringMatching(/^pkg:apk\/alpine\/musl@1\.0\.0-r0/),
        type: 'apk',
        ecosystem: 'Alpine:v3.10',
        name: 'musl',
        version: '1.0.0-r0',
        source: expect.objectContaining({ name: 'musl' }),
        architecture: 'x86_64',
        licenses: ['MIT'],
        module: null,
        locations: [{ path: '/lib/apk/db/installed', layer: null }],
      });
    });

    it('answers findings, alone, of a scan and of all', async () => {
      const { body } = await get(`/v1/scans/${scan.id}/findings`);
      expect(body.items).toHaveLength(NAMES.length);
      const finding = body.items.find(({ ruleId }: { ruleId: string }) => ruleId === 'CVE-2024-0001');
      expect(finding).toEqual({
        id: expect.stringMatching(UUID),
        fingerprint: expect.any(String),
        kind: 'vulnerability',
        ruleId: 'CVE-2024-0001',
        aliases: expect.any(Array),
        advisories: ['ALPINE-CVE-2024-0001'],
        title: expect.any(String),
        severity: 'unknown',
        severitySource: null,
        cvss: null,
        status: 'open',
        target: { ...scan.target, name: expect.toBeOneOf([null, 'shop']) },
        package: {
          purl: expect.stringMatching(/^pkg:apk\//),
          name: 'musl',
          version: '1.0.0-r0',
          source: expect.objectContaining({ name: 'musl' }),
        },
        fixedVersion: '9.0.0-r0',
        fixState: 'fixed',
        location: { path: '/lib/apk/db/installed', line: null, layer: null, resource: null },
        openedAt: expect.stringMatching(TIME),
        closedAt: null,
      });
      expect((await get(`/v1/findings/${finding.id}`)).body).toEqual(finding);
      expect((await get(`/v1/findings?targetId=${scan.target.id}`)).body.items).toContainEqual(finding);
    });

    it('answers targets, feeds and events', async () => {
      const one = await get(`/v1/targets/${scan.target.id}`);
      expect(one.body).toEqual({
        ...scan.target,
        name: one.body.name,
        labels: expect.any(Object),
        createdAt: expect.stringMatching(TIME),
        lastScanId: expect.stringMatching(UUID),
        lastScanAt: expect.stringMatching(TIME),
      });
      const { body: page } = await get('/v1/targets');
      const { lastScanId, lastScanAt, ...same } = one.body;
      expect(page).toMatchObject({ items: [same], nextCursor: null });

      const feed = await get('/v1/feeds/osv');
      expect(feed.body).toEqual({
        name: 'osv',
        enabled: true,
        source: service.mirror,
        status: 'idle',
        lastSuccessAt: expect.stringMatching(TIME),
        lastAttemptAt: expect.stringMatching(TIME),
        ageSeconds: expect.any(Number),
        lastError: null,
        records: NAMES.length,
        rejected: 0,
        progress: expect.objectContaining({ percent: 100, part: null, rejected: 0 }),
        parts: [
          {
            part: 'Alpine',
            records: NAMES.length,
            rejected: 0,
            importedAt: expect.stringMatching(TIME),
            checkedAt: expect.stringMatching(TIME),
            lastError: null,
          },
        ],
      });
      const { parts, ageSeconds, ...osv } = feed.body;
      const feeds = await get('/v1/feeds');
      expect(feeds.body.nextCursor).toBeNull();
      expect(feeds.body.items.map(({ name }: { name: string }) => name)).toEqual([...FEED_NAMES].sort());
      expect(feeds.body.items).toContainEqual({ ...osv, ageSeconds: expect.any(Number) });
      const never = { status: 'idle', lastSuccessAt: null, lastAttemptAt: null, ageSeconds: null, records: 0 };
      expect(feeds.body.items).toContainEqual(expect.objectContaining({ name: 'endoflife', enabled: true, ...never }));
      expect(feeds.body.items).toContainEqual(
        expect.objectContaining({ name: 'alpine', enabled: false, source: 'https://secdb.alpinelinux.org', ...never }),
      );

      const { body } = await get('/v1/events?limit=1');
      expect(body).toEqual({ items: [expect.objectContaining({ position: '1' })], nextCursor: '1', hasMore: true });
      expect(Object.keys(body.items[0]).sort()).toEqual(
        ['actor', 'data', 'findingId', 'hash', 'position', 'scanId', 'subject', 'targetId', 'time', 'type'].sort(),
      );
    });

    it('takes a content type for a body that is not there', async () => {
      const sync = await service.request('POST', '/v1/feeds/osv/sync', '', { 'content-length': '0' });
      expect(sync.status).toBe(202);
      const scan = await service.request('POST', '/v1/scans', '', { 'content-length': '0' });
      expect(scan).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    });

    it('answers a sync with 202 and where to look', async () => {
      const { status, headers, body } = await service.request('POST', '/v1/feeds/osv/sync');
      expect({ status, location: headers.get('location'), feed: body.status }).toEqual({
        status: 202,
        location: '/v1/feeds/osv',
        feed: 'running',
      });
      await service.sync();
    });
  });

  describe('lists', () => {
    it.each([
      ['packages of a scan', () => `/v1/scans/${scan.id}/packages`],
      ['findings of a scan', () => `/v1/scans/${scan.id}/findings`],
      ['findings', () => '/v1/findings?severity=unknown,critical&kind=vulnerability&'],
    ])('give every one of the %s once, page by page', async (_what, path) => {
      const url = path();
      const seen: string[] = [];
      for (let cursor: string | null = '', first = true; cursor !== null; first = false) {
        const page = `${url.includes('?') ? url : `${url}?`}limit=2${first ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
        const { status, body } = await get(page);
        expect(status).toBe(200);
        expect(body.items.length).toBeLessThanOrEqual(2);
        seen.push(...body.items.map((item: { id?: string; purl: string }) => item.id ?? item.purl));
        cursor = body.nextCursor;
      }
      expect(seen).toHaveLength(NAMES.length);
      expect(new Set(seen).size).toBe(NAMES.length);
    });

    it('read the log to its end, and stay there', async () => {
      let after = '0';
      const positions: number[] = [];
      for (let more = true; more; ) {
        const { body } = await get(`/v1/events?after=${after}&limit=3`);
        positions.push(...body.items.map(({ position }: { position: string }) => Number(position)));
        ({ hasMore: more, nextCursor: after } = body);
      }
      expect(positions).toEqual(positions.map((_, i) => i + 1));
      const far = '999999999999';
      expect((await get(`/v1/events?after=${far}`)).body).toEqual({ items: [], nextCursor: far, hasMore: false });
    });

    it('filter by what was asked, repeated or with commas', async () => {
      const count = async (query: string) => (await get(`/v1/findings?${query}`)).body.items.length;
      expect(await count('severity=unknown')).toBe(NAMES.length);
      expect(await count('severity=critical&severity=high')).toBe(0);
      expect(await count('severity=critical,unknown')).toBe(NAMES.length);
      expect(await count('status=fixed')).toBe(0);
      expect(await count('status=fixed&status=open')).toBe(NAMES.length);
      expect(await count('ruleId=CVE-2024-0003')).toBe(1);
      expect(await count(`targetId=${UNKNOWN_ID}`)).toBe(0);
      expect((await get(`/v1/scans?status=succeeded&targetId=${scan.target.id}`)).body.items.length).toBeGreaterThan(0);
      expect((await get('/v1/scans?status=failed')).body.items).toEqual([]);
      expect((await get('/v1/targets?kind=host')).body.items).toEqual([]);
    });

    it.each([
      ['limit=0', 'limit'],
      ['limit=501', 'limit'],
      ['limit=ten', 'limit'],
      ['limit=', 'limit'],
      ['limit=1e2', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['status=open,nonsense', 'status'],
      ['status=', 'status'],
      ['severity=CRITICAL', 'severity'],
      ['kind=virus', 'kind'],
      ['kind=vulnerability&kind=vulnerability', 'kind'],
      ['targetId=5', 'targetId'],
      ['ruleId=%00', 'ruleId'],
      ['cursor=a&cursor=b', 'cursor'],
      ['offset=3', 'offset'],
      ['__proto__=x', '__proto__'],
      ['constructor=x', 'constructor'],
    ])('refuse ?%s', async (query, path) => {
      const { status, headers, body } = await get(`/v1/findings?${query}`);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect({ status, code: body.code, paths: body.errors?.map((e: { path: string }) => e.path) }).toEqual({
        status: 400,
        code: 'invalid_request',
        paths: [path],
      });
    });

    it.each(['/v1/findings', '/v1/scans', '/v1/targets'])('refuse a cursor that nobody gave: %s', async (path) => {
      for (const cursor of ['x', 'e30', 'bnVsbA', `${'A'.repeat(400)}`]) {
        const { status, body } = await get(`${path}?cursor=${cursor}`);
        expect({ cursor, status, code: body.code }).toEqual({ cursor, status: 400, code: 'malformed_cursor' });
      }
    });

    it.each(['-1', '01', '1.5', 'x', '', '9999999999999999999'])('refuse the position %j', async (after) => {
      expect((await get(`/v1/events?after=${after}`)).status).toBe(400);
    });
  });

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
      [
        `{"target":{"kind":"image","reference":"x","labels":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
        'invalid_request',
      ],
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
      const again = await create(
        { target: { name: 'once', labels: null, reference, kind: 'image' }, options: {} },
        key,
      );
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

  it('is measured by route template', async () => {
    await get(`/v1/scans/${scan.id}`);
    const { status, headers, body } = await get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(body).toMatch(
      /plimsoll_http_request_duration_seconds_count\{method="GET",route="\/v1\/scans\/:id",status="200"\} \d+/,
    );
    expect(body).toContain('route="unmatched"');
    expect(body).toContain('process_cpu_seconds_total');
    expect(body).toMatch(/plimsoll_queue_jobs\{queue="\w+"\} \d+/);
    expect(body).not.toContain(scan.id);
  });

  it('is described for people and for machines', async () => {
    const page = await get('/docs');
    expect(page.body).toContain('swagger-ui');
    const { body } = await get('/docs-json');
    expect(body.openapi).toBe('3.1.0');
    const operations = Object.values(body.paths as Record<string, Record<string, Operation>>).flatMap((item) =>
      Object.values(item),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { operationId, summary, tags } of operations) {
      expect({ operationId, described: Boolean(summary), tags: tags?.length }).toEqual({
        operationId,
        described: true,
        tags: 1,
      });
    }
  });
});

interface Operation {
  operationId: string;
  summary?: string;
  tags?: string[];
}
