import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Advisory } from '../../src/model/advisory.js';
import { openStores, type Stores } from './stores.js';

function advisory(id: string, name: string, more: Partial<Advisory> = {}): Advisory {
  return {
    id,
    aliases: [],
    upstream: [],
    summary: 'tab\tnewline\nbackslash\\ and nul\0',
    severity: null,
    cvss: [],
    modified: new Date('2026-01-01T00:00:00Z'),
    withdrawn: null,
    affected: [{ ecosystem: 'Debian:12', name, ranges: [], versions: [], severity: null, cvss: [] }],
    ...more,
  };
}

async function* stream(records: Advisory[], failure?: Error): AsyncGenerator<Advisory> {
  yield* records;
  if (failure) throw failure;
}

describe('the feed store', () => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await openStores();
  });
  afterAll(() => stores.close());

  const load = (records: Advisory[], digest: string, failure?: Error) =>
    stores.feeds.importPart('osv', 'Debian', { etag: null, digest }, stream(records, failure), () => 0);
  const idsOf = async (name: string) =>
    (await stores.advisories.find([{ ecosystem: 'Debian:12', name }])).map(({ id }) => id).sort();

  it('makes a part what the export says: new, changed, gone and withdrawn records', async () => {
    expect(await load([advisory('A', 'bash'), advisory('B', 'bash'), advisory('C', 'zsh')], '1')).toEqual({
      records: 3,
      changed: 3,
      deleted: 0,
    });
    expect(await idsOf('bash')).toEqual(['A', 'B']);
    const second = [advisory('A', 'bash'), advisory('B', 'dash'), advisory('D', 'bash', { withdrawn: new Date() })];
    expect(await load(second, '2')).toEqual({ records: 3, changed: 2, deleted: 1 });
    expect([await idsOf('bash'), await idsOf('dash'), await idsOf('zsh')]).toEqual([['A'], ['B'], []]);
    const [found] = await stores.advisories.find([{ ecosystem: 'Debian:12', name: 'dash' }]);
    expect(found).toMatchObject({
      summary: 'tab\tnewline\nbackslash\\ and nul\uFFFD',
      modified: new Date('2026-01-01T00:00:00Z'),
    });
    expect((await stores.feeds.parts('osv')).get('Debian')).toMatchObject({ digest: '2', records: 3 });
  });

  it('keeps everything as it was when the source breaks in the middle', async () => {
    await expect(load([advisory('X', 'bash')], '3', new Error('broken'))).rejects.toThrow('broken');
    expect(await idsOf('bash')).toEqual(['A']);
    expect((await stores.feeds.parts('osv')).get('Debian')?.digest).toBe('2');
  });

  it('does not believe an export that lost half of its records', async () => {
    const many = Array.from({ length: 300 }, (_, i) => advisory(`M-${i}`, 'many'));
    await load(many, '4');
    await expect(load(many.slice(0, 100), '5')).rejects.toMatchObject({ code: 'feed_shrank' });
    expect(await idsOf('many')).toHaveLength(300);
  });

  it('finds records that are linked by a shared alias, and knows which ecosystems it has', async () => {
    await stores.feeds.importPart(
      'osv',
      'npm',
      { etag: null, digest: '1' },
      stream(
        [
          advisory('GHSA-1', 'left', { aliases: ['CVE-1'] }),
          advisory('PYSEC-1', 'other', { aliases: ['GHSA-1'] }),
          advisory('NOT-1', 'other', { aliases: ['CVE-9'], upstream: ['GHSA-1', 'CVE-8'] }),
        ].map((a) => ({ ...a, affected: a.affected.map((p) => ({ ...p, ecosystem: 'npm' })) })),
      ),
      () => 0,
    );
    const found = await stores.advisories.find([{ ecosystem: 'npm', name: 'left' }]);
    expect(found.map(({ id }) => id).sort()).toEqual(['GHSA-1', 'PYSEC-1']);
    expect(await stores.advisories.known(['npm', 'Debian:12', 'Debian:13'])).toEqual(new Set(['npm', 'Debian:12']));
  });

  it('finds the projects of Maven by their artifact alone', async () => {
    const names = ['org.acme:thing', 'x:thing', 'x:thing-core', 'x:some:thing', 'thing'];
    const records = names.map((name, i) => advisory(`GHSA-${i}`, name));
    await stores.feeds.importPart(
      'osv',
      'Maven',
      { etag: null, digest: '1' },
      stream(records.map((a) => ({ ...a, affected: a.affected.map((p) => ({ ...p, ecosystem: 'Maven' })) }))),
      () => 0,
    );
    const found = await stores.advisories.mavenProjects(['thing', 'none']);
    expect(found.filter((name) => name.includes(':')).sort()).toEqual(['org.acme:thing', 'x:thing']);
  });

  it('runs one sync at a time, and lets another take over one whose worker is silent', async () => {
    const progress = { percent: 100, part: null, imported: 3, rejected: 0, skipped: 0 };
    const first = { feed: 'osv' as const, run: (await stores.feeds.begin('osv')) ?? 0 };
    expect(await stores.feeds.begin('osv')).toBeNull();
    expect((await stores.feeds.get('osv')).status).toBe('running');
    expect(await stores.feeds.takeOver()).toEqual([]);
    await stores.feeds.suspend(first);
    const second = { feed: 'osv' as const, run: first.run + 1 };
    expect(await stores.feeds.takeOver()).toEqual([second]);
    expect([await stores.feeds.progress(first, progress), await stores.feeds.progress(second, progress)]).toEqual([
      false,
      true,
    ]);
    await stores.feeds.fail(first, { code: 'internal_error', message: 'too late' });
    expect((await stores.feeds.get('osv')).status).toBe('running');
    await stores.feeds.fail(second, { code: 'feed_source_unreachable', message: 'gone' });
    expect(await stores.feeds.get('osv')).toMatchObject({
      status: 'failed',
      lastError: { code: 'feed_source_unreachable' },
    });
    const third = { feed: 'osv' as const, run: (await stores.feeds.begin('osv')) ?? 0 };
    await stores.feeds.succeed(third, progress);
    expect(await stores.feeds.get('osv')).toMatchObject({
      status: 'idle',
      lastError: null,
      records: expect.any(Number),
    });
  });
});
