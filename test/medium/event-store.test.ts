import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventHash, GENESIS_HASH } from '../../src/ledger/event-hash.js';
import { appendToOutbox } from '../../src/store/outbox.js';
import { openStores, PRINCIPAL, type Stores } from './stores.js';

const OTHER_PROJECT = '01900000-0000-7000-8000-000000000002';

describe('the event log', () => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await openStores();
    await stores.database.query(`INSERT INTO project (id, name) VALUES ($1, 'other')`, [OTHER_PROJECT]);
  });
  afterAll(() => stores.close());

  const write = (projectId: string, n: number, pauseMs: number) =>
    stores.database.transaction(async (manager) => {
      await appendToOutbox(manager, projectId, [
        {
          type: 'scan.created',
          actor: 'system',
          subject: `scan/${n}`,
          scanId: null,
          targetId: null,
          findingId: null,
          data: { n },
        },
      ]);
      // A long transaction commits after ones that began later.
      await manager.query('SELECT pg_sleep($1)', [pauseMs / 1_000]);
    });

  it('loses nothing and leaves no gap when transactions overlap and sequencers race', async () => {
    let writing = true;
    const sequencers = [0, 1].map(async () => {
      while (writing) await stores.events.sequence(7);
    });
    const jobs = Array.from({ length: 60 }, (_, n) =>
      write(n % 3 === 0 ? OTHER_PROJECT : PRINCIPAL.projectId, n, (n * 37) % 90),
    );
    const read: string[] = [];
    let after = '0';
    const reader = (async () => {
      while (writing) {
        const { items } = await stores.events.list(PRINCIPAL.projectId, after, 5);
        read.push(...items.map(({ position }) => position));
        after = items.at(-1)?.position ?? after;
      }
    })();
    await Promise.all(jobs);
    writing = false;
    await Promise.all([...sequencers, reader]);
    while ((await stores.events.sequence(100)) > 0);

    const log = (await stores.events.list(PRINCIPAL.projectId, '0', 500)).items;
    expect(log.map(({ position }) => position)).toEqual(Array.from({ length: 40 }, (_, i) => String(i + 1)));
    expect(new Set(log.map(({ data }) => data.n)).size).toBe(40);
    // Whoever read along by position saw the same, without a hole.
    expect(read).toEqual(log.slice(0, read.length).map(({ position }) => position));
    expect((await stores.events.list(OTHER_PROJECT, '0', 500)).items).toHaveLength(20);
  });

  it('is chained: a reader can recompute every hash', async () => {
    let previous = GENESIS_HASH;
    for (const { hash, ...event } of (await stores.events.list(PRINCIPAL.projectId, '0', 500)).items) {
      expect(eventHash(previous, event)).toBe(hash);
      previous = hash;
    }
  });

  it('refuses to be changed', async () => {
    for (const sql of [`UPDATE event SET actor = 'x'`, 'DELETE FROM event', 'TRUNCATE event']) {
      await expect(stores.database.query(sql)).rejects.toThrow('append-only');
    }
  });

  it('refuses a position that is none', async () => {
    for (const after of ['-1', 'x', '', '1.5', '9'.repeat(30)]) {
      await expect(stores.events.list(PRINCIPAL.projectId, after, 5)).rejects.toMatchObject({
        code: 'malformed_cursor',
      });
    }
  });
});
