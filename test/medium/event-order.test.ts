import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { eventHash, GENESIS_HASH } from '../../src/ledger/event-hash.js';
import type { Event } from '../../src/model/event.js';
import { createDataSource, Database } from '../../src/store/database.js';
import { EventStore } from '../../src/store/event.store.js';
import { appendToOutbox } from '../../src/store/outbox.js';
import { openStores, PRINCIPAL, type Stores } from './stores.js';

const WRITERS = 16;
const READERS = 4;
const TRANSACTIONS = 12;
const MAX_KILLS = 30;
const PROJECT = PRINCIPAL.projectId;

let stores: Stores;
/** Of connections that nobody else uses: who is killed was at sequencing, or between two goes. */
let sequencing: Database;
beforeAll(async () => {
  stores = await openStores();
  const [{ name }] = await stores.database.query('SELECT current_database() AS name');
  const url = inject('postgresUrl').replace('/postgres?', `/${name}?`);
  sequencing = new Database(await createDataSource(url).initialize());
});
afterAll(async () => {
  await sequencing.onApplicationShutdown();
  await stores.close();
});

/** Draws that are the same in each run; the interleaving is not. */
function draws(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

it('every event is delivered, in order, once, whoever stalls, aborts, crashes or is killed', async () => {
  const committed = new Set<string>();
  let writing = true;
  const write = async (writer: number) => {
    const draw = draws(writer);
    for (let n = 0; n < TRANSACTIONS; n += 1) {
      const names = Array.from({ length: 1 + Math.floor(draw() * 4) }, (_, i) => `scan/${writer}-${n}-${i}`);
      const event = { type: 'scan.created', actor: 'system', scanId: null, targetId: null, findingId: null } as const;
      const aborts = draw() < 0.2;
      const stall = draw() < 0.3 ? draw() * 0.1 : 0;
      await stores.database
        .transaction(async (manager) => {
          for (const subject of names) await appendToOutbox(manager, PROJECT, [{ ...event, subject, data: {} }]);
          await manager.query('SELECT pg_sleep($1)', [stall]);
          if (aborts) throw new Error('aborted');
        })
        .then(
          () => {
            for (const name of names) committed.add(name);
          },
          (error) => expect(error.message).toBe('aborted'),
        );
    }
  };

  /** Ends by itself, or is killed by the server at whatever statement it is at. */
  let failed = 0;
  const sequence = async () => {
    const events = new EventStore(sequencing);
    while (writing) {
      await events.sequence(5).catch(() => {
        failed += 1;
      });
    }
  };
  let kills = 0;
  const kill = async () => {
    while (writing && kills < MAX_KILLS) {
      const killed = await stores.database.query(
        `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
           WHERE l.locktype = 'advisory' AND d.datname = current_database() AND l.pid <> pg_backend_pid()
             AND l.objid::bigint = (hashtext('plimsoll.sequencer')::bigint & 4294967295)`,
      );

      kills += killed.length;
      await stores.database.query('SELECT pg_sleep(0.02)');
    }
  };

  /** Keeps its place only behind each page, and loses what it has in hand now and then. */
  const read = async (reader: number, done: () => boolean): Promise<Event[]> => {
    const draw = draws(1_000 + reader);
    const kept: Event[] = [];
    let after = '0';
    for (;;) {
      const isLast = done();
      const page = await stores.events.list(PROJECT, after, 1 + Math.floor(draw() * 9));
      if (draw() < 0.2) continue;
      kept.push(...page.items);
      after = page.nextCursor;
      if (isLast && !page.hasMore) return kept;
    }
  };

  let drained = false;
  const readers = Array.from({ length: READERS }, (_, reader) => read(reader, () => !writing && drained));
  const machinery = [sequence(), sequence(), kill()];
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  while (kills === 0) await stores.database.query('SELECT pg_sleep(0.01)');
  writing = false;
  await Promise.all(machinery);
  while ((await stores.events.sequence(100)) > 0);
  drained = true;

  // Nothing else than being killed stops a sequencer.
  expect(failed).toBeLessThanOrEqual(kills);
  for (const log of await Promise.all(readers)) {
    expect(log.map(({ position }) => position)).toEqual(log.map((_, n) => String(n + 1)));
    expect(log.map(({ subject }) => subject).toSorted()).toEqual([...committed].toSorted());
    let previous = GENESIS_HASH;
    for (const { hash, ...event } of log) {
      expect(eventHash(previous, event)).toBe(hash);
      previous = hash;
    }
  }
}, 120_000);
