import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Advisory } from '../../src/model/advisory.js';
import type { FeedName } from '../../src/model/feed.js';
import type { LeftOut } from '../../src/store/advisory-import.js';
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

  it('forgets the packages of what is gone, and keeps the last of two records of one id, however far apart', async () => {
    // Some chunks of COPY.
    const long = 'x'.repeat(4000);
    const many = Array.from({ length: 3000 }, (_, i) => advisory(`L-${i}`, 'long', { summary: long }));
    const result = await stores.feeds.importPart(
      'osv',
      'Twice',
      { etag: null, digest: '1' },
      stream([advisory('L-1', 'early'), advisory('L-2', 'early'), ...many, advisory('L-1', 'late')]),
      () => 0,
    );
    expect(result).toMatchObject({ records: 3000, deleted: 0 });
    expect([await idsOf('early'), await idsOf('late')]).toEqual([[], ['L-1']]);
    const packages = () =>
      stores.database.query(
        `SELECT name, count(*)::int AS count FROM affected_package WHERE part = 'Twice' GROUP BY name ORDER BY name`,
      );
    expect(await packages()).toEqual([
      { name: 'late', count: 1 },
      { name: 'long', count: 2999 },
    ]);
    await stores.database.query(`DELETE FROM advisory WHERE part = 'Twice' AND id <> 'L-1'`);
    expect(await packages()).toEqual([{ name: 'late', count: 1 }]);
  });

  it('stores the same of a record in a part that is empty as in one that is not', async () => {
    const [entry] = advisory('', 'twice\0\\\t').affected;
    const affected = ['Debian:12', 'Debian:11', 'Debian:12'].map((ecosystem) => ({ ...entry, ecosystem }));
    const record = advisory('S\t1', 'same', { affected: affected as Advisory['affected'], upstream: ['CVE-2026-7'] });
    const stored = async (part: string) => ({
      advisory: await stores.database.query(
        `SELECT feed, id, digest, names, withdrawn, modified, record FROM advisory WHERE part = $1 AND id LIKE 'S%'`,
        [part],
      ),
      packages: await stores.database.query(
        'SELECT feed, advisory_id, ecosystem, name FROM affected_package WHERE part = $1 AND advisory_id LIKE $2 ORDER BY ecosystem',
        [part, 'S%'],
      ),
    });
    const importTo = (part: string, records: Advisory[], digest: string) =>
      stores.feeds.importPart('osv', part, { etag: null, digest }, stream(records), () => 0);
    await importTo('Empty', [record], '1');
    await importTo('Filled', [advisory('F', 'filled')], '1');
    await importTo('Filled', [advisory('F', 'filled'), record], '2');
    const straight = await stored('Empty');
    expect(straight.packages.map(({ ecosystem, name }) => [ecosystem, name])).toEqual([
      ['Debian:11', 'twice\uFFFD\\\t'],
      ['Debian:12', 'twice\uFFFD\\\t'],
    ]);
    expect(straight).toEqual(await stored('Filled'));
  });

  it('writes nothing of an import that breaks while a chunk of it is written', async () => {
    const long = 'x'.repeat(4000);
    const many = Array.from({ length: 3000 }, (_, i) => advisory(`N-${i}`, 'never', { summary: long }));
    await expect(load(many, '9', new Error('broken'))).rejects.toThrow('broken');
    expect(await idsOf('never')).toEqual([]);
    expect(await stores.database.query(`SELECT FROM affected_package WHERE name = 'never'`)).toEqual([]);
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

  describe('changes of a part', () => {
    const cursor = { etag: null, lastModified: null, digest: 'c', newest: '2026-01-02T00:00:00.000Z' };
    const version = { etag: '"2"', lastModified: null, digest: '2', cursor };
    const all = Array.from({ length: 20 }, (_, i) => advisory(`D-${i}`, 'delta'));
    const delta = (upserts: Advisory[], gone: string[], leftOut: LeftOut[] = []) =>
      stores.feeds.importDelta('osv', 'Debian', version, stream(upserts), gone, () => leftOut);

    beforeEach(async () => {
      await stores.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
      await load(all, '1');
    });

    it('leave the others as they are', async () => {
      const moved = advisory('D-0', 'moved', { modified: new Date('2026-01-02T00:00:00Z') });
      expect(await delta([moved, advisory('D-1', 'delta'), advisory('E-1', 'delta')], ['D-2', 'none'])).toEqual({
        records: 20,
        changed: 2,
        deleted: 1,
      });
      expect(await idsOf('moved')).toEqual(['D-0']);
      expect(await idsOf('delta')).toHaveLength(19);
      expect((await stores.feeds.parts('osv')).get('Debian')).toMatchObject({
        etag: '"2"',
        digest: '2',
        records: 20,
        cursor,
      });
    });

    it('remove what has no packages of the part any more, and keep what is rejected', async () => {
      const leftOut = [
        { id: 'D-3', modified: new Date('2026-01-02T00:00:00Z'), rejected: false },
        { id: 'D-4', modified: new Date('2026-01-02T00:00:00Z'), rejected: true },
      ];
      expect(await delta([], [], leftOut)).toEqual({ records: 19, changed: 0, deleted: 1 });
      expect((await stores.feeds.parts('osv')).get('Debian')).toMatchObject({ rejected: 1 });
      expect(await delta([advisory('D-4', 'delta')], [])).toMatchObject({ records: 19 });
      expect((await stores.feeds.parts('osv')).get('Debian')).toMatchObject({ rejected: 0 });
    });

    it('are refused when they take half of it away', async () => {
      await expect(
        delta(
          [],
          all.slice(10).map(({ id }) => id),
        ),
      ).rejects.toMatchObject({ code: 'feed_shrank' });
      expect(await idsOf('delta')).toHaveLength(20);
    });

    it('are what a list says otherwise than what is stored', async () => {
      const listed = all.slice(2).map(({ id, modified }) => ({ id, modified }));
      const newer = { id: 'D-5', modified: new Date('2026-01-03T00:00:00Z') };
      const list = async function* () {
        yield* [...listed, newer, { id: 'E-1', modified: newer.modified }];
      };
      expect(await stores.feeds.compareListing('osv', 'Debian', list(), 10)).toEqual({
        listed: 20,
        newest: newer.modified,
        isBehind: false,
        changed: expect.arrayContaining([newer, { id: 'E-1', modified: newer.modified }]),
        gone: expect.arrayContaining(['D-0', 'D-1']),
      });
      const old = async function* () {
        yield { id: 'D-5', modified: new Date('2025-01-01T00:00:00Z') };
      };
      expect(await stores.feeds.compareListing('osv', 'Debian', old(), 5)).toMatchObject({
        isBehind: true,
        changed: [],
      });
    });
  });

  it('keeps the old state of a record that is rejected now, and refuses records of another form', async () => {
    await stores.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    const all = Array.from({ length: 4 }, (_, i) => advisory(`R-${i}`, 'rejected'));
    await load(all, '1');
    const leftOut = [{ id: 'R-0', modified: null, rejected: true }];
    const next = (records: Advisory[], rejected: number) =>
      stores.feeds.importPart(
        'osv',
        'Debian',
        { etag: null, digest: '2' },
        stream(records),
        () => rejected,
        () => leftOut,
      );
    expect(await next(all.slice(1), 1)).toEqual({ records: 4, changed: 0, deleted: 0 });
    await expect(next(all.slice(2), 3)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    await expect(next([], 0)).rejects.toMatchObject({ code: 'feed_shrank' });
    expect(await idsOf('rejected')).toEqual(['R-0', 'R-1', 'R-2', 'R-3']);
  });

  it('tells which ecosystems were not confirmed for long: by the oldest part of the freshest feed', async () => {
    await stores.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    const aged = async (feed: FeedName, part: string, hours: number) => {
      await stores.feeds.importPart(feed, part, { etag: null, digest: '1' }, stream([advisory('S', 'x')]), () => 0);
      await stores.database.query(
        'UPDATE feed_part SET checked_at = now() - make_interval(hours => $3) WHERE feed = $1 AND part = $2',
        [feed, part, hours],
      );
    };
    const stale = async () => (await stores.advisories.stale(['Debian:12', 'npm'], 24)).map(({ feeds }) => feeds);
    await aged('debian', 'json', 1);
    await aged('debian', 'DSA', 30);
    expect(await stale()).toEqual([['debian']]);
    await aged('osv', 'Debian', 23);
    expect(await stale()).toEqual([]);
    await aged('osv', 'Debian', 25);
    expect(await stale()).toEqual([['debian', 'osv']]);
    await stores.feeds.failPart('osv', 'Debian', { code: 'feed_shrank', message: 'half is gone' });
    expect(await stores.advisories.stale(['Debian:12'], 24)).toMatchObject([{ lastError: 'half is gone' }]);
    await stores.feeds.confirmPart('osv', 'Debian');
    expect(await stale()).toEqual([]);
  });

  describe('what is due', () => {
    beforeEach(() => stores.database.query(`UPDATE feed SET status = 'idle', last_attempt_at = NULL`));
    const attempted = (name: FeedName, hours: number) =>
      stores.database.query('UPDATE feed SET last_attempt_at = now() - make_interval(hours => $2) WHERE name = $1', [
        name,
        hours,
      ]);

    it('is what was not tried for longer than the interval, the oldest first, one at a time', async () => {
      await attempted('osv', 8);
      await attempted('kev', 9);
      await attempted('epss', 5);
      expect(await stores.feeds.due(['osv', 'kev', 'epss'], [], 6)).toBe('kev');
      expect(await stores.feeds.due(['osv', 'epss'], [], 6)).toBe('osv');
      expect(await stores.feeds.due(['epss'], [], 6)).toBeNull();
      await stores.feeds.begin('epss');
      expect(await stores.feeds.due(['osv', 'kev'], [], 6)).toBeNull();
    });

    it('is what was never synced only where the operator named it', async () => {
      expect(await stores.feeds.due(['osv', 'kev'], [], 6)).toBeNull();
      expect(await stores.feeds.due(['osv', 'kev'], ['kev'], 6)).toBe('kev');
    });
  });

  it('writes an event of what runs by itself only when something is new', async () => {
    await stores.database.query(`UPDATE feed SET status = 'idle', last_error = NULL`);
    await stores.database.query(`DELETE FROM outbox`);
    const end = async (trigger: 'request' | 'schedule', outcome: 'ok' | 'new' | 'unreachable' | 'shrank') => {
      const run = { feed: 'kev' as const, run: (await stores.feeds.begin('kev', trigger)) ?? 0 };
      const progress = { percent: 100, part: null, imported: outcome === 'new' ? 1 : 0, rejected: 0, skipped: 0 };
      if (outcome === 'ok' || outcome === 'new') await stores.feeds.succeed(run, progress);
      else await stores.feeds.fail(run, { code: outcome, message: outcome });
    };
    const events = async () => {
      const rows = await stores.database.query('DELETE FROM outbox RETURNING id, type, data');
      return rows[0].map(({ type, data }: { type: string; data: { code?: string } }) => data.code ?? type);
    };
    for (const outcome of ['unreachable', 'unreachable', 'shrank', 'ok', 'ok', 'new'] as const)
      await end('schedule', outcome);
    expect(await events()).toEqual(['unreachable', 'shrank', 'feed.synced', 'feed.synced']);
    for (const outcome of ['unreachable', 'unreachable', 'ok', 'ok'] as const) await end('request', outcome);
    expect(await events()).toEqual(['unreachable', 'unreachable', 'feed.synced', 'feed.synced']);
  });
});
