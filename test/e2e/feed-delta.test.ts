import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, FeedServer } from '../support/feed-server.js';
import { startTestApp, type TestApp } from './app.js';

/** A record of OSV in its third state at the most: each change has a later time. */
function record(id: string, state: 1 | 2 | 3 = 1, more: object = {}) {
  return {
    id,
    modified: `2026-01-0${state}T00:00:00.${String(state).padStart(6, '0')}Z`,
    summary: `state ${state}`,
    affected: [
      {
        package: { ecosystem: 'npm', name: `lib-${id.toLowerCase()}` },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: `${state}.0.0` }] }],
      },
    ],
    ...more,
  };
}

const many = Array.from({ length: 60 }, (_, i) => record(`A-${i}`));

describe('changes of OSV’s export', () => {
  let server: FeedServer;
  let service: TestApp;
  /** Imports everything from the archives alone: what the other has to agree with. */
  let whole: TestApp;
  beforeAll(async () => {
    server = await FeedServer.start();
    service = await startTestApp({ osvSource: server.url });
    whole = await startTestApp({ osvSource: server.url });
  });
  afterAll(async () => {
    await Promise.all([service.close(), whole.close()]);
    await server.close();
  });

  const stored = async ({ database }: TestApp) => ({
    advisories: await database.query('SELECT id, digest, names, withdrawn, modified, record FROM advisory ORDER BY id'),
    packages: await database.query(
      'SELECT advisory_id, ecosystem, name FROM affected_package ORDER BY advisory_id, name',
    ),
    parts: await database.query('SELECT part, records, rejected FROM feed_part ORDER BY part'),
  });

  /** Syncs both, one of them as if for the first time. @returns what the other asked the server for */
  async function sync(): Promise<string[]> {
    await whole.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    expect(await whole.sync()).toMatchObject({ status: 'idle' });
    server.asked.length = 0;
    expect(await service.sync()).toMatchObject({ status: 'idle', lastError: null });
    const asked = server.asked.splice(0).filter((request) => request !== 'GET /ecosystems.txt');
    expect(await stored(service)).toEqual(await stored(whole));
    return asked;
  }

  beforeEach(async () => {
    await service.database.query('TRUNCATE advisory, affected_package, feed_part CASCADE');
    server.osv({ npm: many });
    expect(await sync()).toEqual(['GET /npm/all.zip']);
  });

  it('are fetched record by record, to what the whole archive gives', async () => {
    const [first, , third, ...rest] = many;
    const withdrawn = record('A-2', 2, { withdrawn: '2026-01-02T00:00:00Z' });
    server.osv({ npm: [record('A-0', 2), withdrawn, ...rest, record('B-1', 2)] });
    const asked = await sync();
    expect(asked.filter((request) => request.includes('GET'))).toEqual([
      'GET /npm/modified_id.csv',
      'GET /npm/A-1.json',
      ...['A-0', 'A-2', 'B-1'].map((id) => expect.stringMatching(`GET /npm/(${id}|A-0|A-2|B-1)\\.json`)),
    ]);
    expect(asked).toHaveLength(6);
    expect([first?.id, third?.id]).toEqual(['A-0', 'A-2']);
    const { progress } = await service.sync();
    expect(progress).toMatchObject({ imported: 0, skipped: 1 });
    expect(server.asked.splice(0)).toEqual(['GET /ecosystems.txt', 'GET /npm/modified_id.csv', 'HEAD /npm/all.zip']);
  });

  it('follow one another', async () => {
    server.osv({ npm: [record('A-0', 2), ...many.slice(1)] });
    await sync();
    server.osv({ npm: [record('A-0', 3), record('A-1', 3), ...many.slice(2, -1)] });
    const asked = await sync();
    expect(asked).not.toContain('GET /npm/all.zip');
    const [{ record: advisory }] = await service.database.query("SELECT record FROM advisory WHERE id = 'A-0'");
    expect(advisory.summary).toBe('state 3');
  });

  it('leave out and reject the records that the archive leaves out and rejects, and ask for them once', async () => {
    const elsewhere = { ...record('X-1', 2), affected: [{ package: { ecosystem: 'PyPI', name: 'x' } }] };
    const broken = { id: 'X-2', modified: '2026-01-02T00:00:00Z', affected: 'none' };
    const moved = { ...record('A-5', 2), affected: [{ package: { ecosystem: 'Go', name: 'x' } }] };
    server.osv({ npm: [...many.filter(({ id }) => id !== 'A-5'), moved, elsewhere, broken] });
    expect(await sync()).toContain('GET /npm/X-2.json');
    server.osv({
      npm: [record('A-0', 3), ...many.filter(({ id }) => !['A-5', 'A-0'].includes(id)), moved, elsewhere, broken],
    });
    expect((await sync()).filter((request) => request.endsWith('.json'))).toEqual(['GET /npm/A-0.json']);
  });

  it('keep what was known of a record that is broken now', async () => {
    server.osv({ npm: [...many.slice(1), { id: 'A-0', modified: '2026-01-02T00:00:00Z', affected: 5 } as never] });
    expect(await service.sync()).toMatchObject({ status: 'idle', records: 60, rejected: 1 });
    expect(
      await service.database.query("SELECT record ->> 'summary' AS summary FROM advisory WHERE id = 'A-0'"),
    ).toEqual([{ summary: 'state 1' }]);
  });

  it.each([
    ['there is no list', () => server.files.delete('/npm/modified_id.csv')],
    ['the list is a page', () => server.files.set('/npm/modified_id.csv', '<!DOCTYPE html><html></html>')],
    ['the list is cut', () => server.files.set('/npm/modified_id.csv', '2026-01-01T00:00:00Z,A-0\n2026-01-0')],
    ['the list is empty', () => server.files.set('/npm/modified_id.csv', '')],
    ['the list is an old one', () => server.files.set('/npm/modified_id.csv', '2020-01-01T00:00:00Z,A-0\n')],
    ['a listed record is not there', () => server.files.delete('/npm/A-0.json')],
    [
      'a record is not listed though it is there',
      () => server.files.set('/npm/A-1.json', JSON.stringify(record('A-1'))),
    ],
  ])('are read from the archive when %s', async (_, breaking) => {
    server.osv({ npm: [record('A-0', 2), ...many.slice(2)] });
    breaking();
    expect(await sync()).toContain('GET /npm/all.zip');
  });

  it('are read from the archive when they are many', async () => {
    server.osv({ npm: [...many, ...Array.from({ length: 101 }, (_, i) => record(`C-${i}`, 2))] });
    const asked = await sync();
    expect(asked.filter((request) => request.startsWith('GET'))).toEqual([
      'GET /npm/modified_id.csv',
      'GET /npm/all.zip',
    ]);
  });

  it('are read from an archive that is new beside a list that is not', async () => {
    server.osv({ npm: [record('A-0', 2), ...many.slice(1)] });
    await sync();
    const list = server.files.get('/npm/modified_id.csv') as string;
    server.osv({ npm: [record('A-0', 3), ...many.slice(1)] });
    server.files.set('/npm/modified_id.csv', list);
    expect(await sync()).toContain('GET /npm/all.zip');
  });

  it('are not trusted for longer than a week', async () => {
    server.osv({ npm: [record('A-0', 2), ...many.slice(1)] });
    await sync();
    await service.database.query(`UPDATE feed_part SET whole_at = now() - interval '8 days'`);
    // Changed, and its time is not.
    server.osv({ npm: [{ ...record('A-0', 2), summary: 'silently' }, ...many.slice(1)] });
    expect(await sync()).toEqual(['GET /npm/all.zip']);
  });

  it('cannot be half of a part', async () => {
    server.osv({ npm: many.slice(30) });
    expect(await service.sync()).toMatchObject({ status: 'failed', lastError: { code: 'feed_shrank' }, records: 60 });
  });

  it('stay what they were when the server breaks in the middle', async () => {
    server.osv({ npm: [record('A-0', 2), record('A-1', 2), ...many.slice(2)] });
    const hangUp: Answer = (request) => request.socket.destroy();
    server.files.set('/npm/A-1.json', hangUp);
    const before = await stored(service);
    expect(await service.sync()).toMatchObject({ status: 'failed', lastError: { code: 'feed_source_unreachable' } });
    expect(await stored(service)).toEqual(before);
  }, 30_000);
});
