import { describe, expect, it } from 'vitest';
import { FEED_NAMES } from '../../src/model/feed.js';
import { create, get, NAMES, prepareScan, reference, scan, service, TIME, UUID } from './scanned-alpine.js';

prepareScan();

describe('the REST API', () => {
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
        ratings: [],
        status: 'open',
        vex: null,
        risk: {
          score: expect.any(Number),
          epss: null,
          kev: null,
          parts: expect.any(Object),
        },
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

  it('is measured by route template', async () => {
    await get(`/v1/scans/${scan.id}`);
    await get('/v1/no-such-route');
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
