import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { SigningKeySeal } from '../../src/crypto/signing-key-seal.js';
import { eventHash, GENESIS_HASH } from '../../src/ledger/event-hash.js';
import { LogVerifier } from '../../src/ledger/log-verifier.js';
import { openCheckpoint } from '../../src/ledger/signed-checkpoint.js';
import type { Checkpoint } from '../../src/model/checkpoint.js';
import { CheckpointService } from '../../src/service/checkpoint.service.js';
import { appendToOutbox } from '../../src/store/outbox.js';
import { SigningKeyStore } from '../../src/store/signing-key.store.js';
import { openStores, PRINCIPAL, type Stores } from './stores.js';

const PROJECT = PRINCIPAL.projectId;

describe('a log that somebody edited in the database', () => {
  let stores: Stores;
  let checkpoints: CheckpointService;

  beforeEach(async () => {
    stores = await openStores();
    checkpoints = serviceWith(randomBytes(32));
    await write(10);
  });
  afterEach(() => stores.close());

  function serviceWith(encryptionKey: Buffer): CheckpointService {
    const seal = new SigningKeySeal({ ...loadConfig({}), encryptionKey });
    return new CheckpointService(stores.events, new SigningKeyStore(stores.database), seal);
  }

  async function write(count: number): Promise<void> {
    const event = { type: 'scan.created', actor: 'system', scanId: null, targetId: null, findingId: null } as const;
    const events = Array.from({ length: count }, (_, n) => ({
      ...event,
      subject: `scan/${n}`,
      data: { n, ü: '\u2028' },
    }));
    await stores.database.transaction((manager) => appendToOutbox(manager, PROJECT, events));
    while ((await stores.events.sequence(100)) > 0);
  }

  /** As whoever owns the tables can. */
  async function tamper(...statements: string[]): Promise<void> {
    for (const sql of [
      'ALTER TABLE event DISABLE TRIGGER USER',
      ...statements,
      'ALTER TABLE event ENABLE TRIGGER USER',
    ]) {
      await stores.database.query(sql);
    }
  }

  async function verify(...kept: Checkpoint[]) {
    const heads = kept.map((checkpoint) => {
      const opened = openCheckpoint(JSON.stringify(checkpoint), []);
      if ('fault' in opened) throw new Error(opened.fault);
      return opened.head;
    });
    const verifier = new LogVerifier(heads);
    for (const event of (await stores.events.list(PROJECT, '0', 500)).items) {
      const fault = verifier.add(JSON.parse(JSON.stringify(event)));
      if (fault) return { kind: fault.kind, position: fault.position };
    }
    const fault = verifier.end();
    return fault && { kind: fault.kind, position: fault.position };
  }

  it('verifies as long as nobody did', async () => {
    const early = await checkpoints.get(PRINCIPAL);
    await write(3);
    const now = await checkpoints.get(PRINCIPAL);
    expect(now).toMatchObject({ origin: `plimsoll/${PROJECT}`, size: '13' });
    expect(await verify(early, now)).toBeNull();
  });

  it.each([
    ['type', `'scan.failed'`],
    ['time', `time + interval '1 ms'`],
    ['actor', `'token:x'`],
    ['subject', `'scan/x'`],
    ['scan_id', 'gen_random_uuid()'],
    ['target_id', 'gen_random_uuid()'],
    ['finding_id', 'gen_random_uuid()'],
    ['data', `data || '{"n": 0}'`],
    ['hash', `repeat('a', 64)`],
  ])('names the entry whose %s was changed', async (column, value) => {
    await tamper(`UPDATE event SET ${column} = ${value} WHERE position = 4`);
    expect(await verify()).toEqual({ kind: 'hash', position: '4' });
  });

  it('names the entry that is gone', async () => {
    await tamper('DELETE FROM event WHERE position = 7');
    expect(await verify()).toEqual({ kind: 'gap', position: '7' });
  });

  it('names the first of entries that changed places', async () => {
    await tamper(
      'UPDATE event SET position = 99 WHERE position = 3',
      'UPDATE event SET position = 3 WHERE position = 5',
      'UPDATE event SET position = 5 WHERE position = 99',
    );
    expect(await verify()).toEqual({ kind: 'hash', position: '3' });
  });

  it('names the entry that was moved to another project', async () => {
    await stores.database.query(`INSERT INTO project (id, name) VALUES (gen_random_uuid(), 'other')`);
    await tamper(`UPDATE event SET project_id = (SELECT id FROM project WHERE name = 'other') WHERE position = 2`);
    expect(await verify()).toEqual({ kind: 'gap', position: '2' });
  });

  it('names the first entry that was cut off, even where the head was set back', async () => {
    const kept = await checkpoints.get(PRINCIPAL);
    await tamper(
      'DELETE FROM event WHERE position > 8',
      `UPDATE project SET head_position = 8, head_hash = (SELECT hash FROM event WHERE position = 8)`,
    );
    expect(await verify(await checkpoints.get(PRINCIPAL))).toBeNull();
    expect(await verify(kept)).toEqual({ kind: 'gap', position: '9' });
  });

  it('shows by a kept checkpoint that everything was rewritten', async () => {
    const kept = await checkpoints.get(PRINCIPAL);
    await write(2);
    let hash = GENESIS_HASH;
    await stores.database.query('ALTER TABLE event DISABLE TRIGGER USER');
    for (const { hash: _, ...event } of (await stores.events.list(PROJECT, '0', 500)).items) {
      const forged = { ...event, actor: event.position === '6' ? 'token:innocent' : event.actor };
      hash = eventHash(hash, forged);
      await stores.database.query('UPDATE event SET actor = $2, hash = $3 WHERE position = $1', [
        event.position,
        forged.actor,
        hash,
      ]);
    }
    await stores.database.query('UPDATE project SET head_hash = $1 WHERE id = $2', [hash, PROJECT]);
    expect(await verify(await checkpoints.get(PRINCIPAL))).toBeNull();
    expect(await verify(kept)).toEqual({ kind: 'fork', position: '10' });
  });

  it('is refused by the database, also where other triggers are switched off', async () => {
    const changes = ['UPDATE event SET actor = actor', 'DELETE FROM event WHERE position = 1', 'TRUNCATE event'];
    for (const sql of changes) {
      await expect(stores.database.query(sql)).rejects.toThrow('append-only');
      await expect(
        stores.database.transaction(async (manager) => {
          await manager.query(`SET LOCAL session_replication_role = replica`);
          await manager.query(sql);
        }),
      ).rejects.toThrow('append-only');
    }
  });

  it('loses its start by the way that is meant for it, and verifies behind a checkpoint that was kept', async () => {
    const kept = await checkpoints.get(PRINCIPAL);
    await write(5);
    expect(await stores.database.query('SELECT remove_events($1, 10) AS n', [PROJECT])).toEqual([{ n: '10' }]);
    await expect(stores.database.query('DELETE FROM event')).rejects.toThrow('append-only');
    expect(await verify()).toEqual({ kind: 'gap', position: '1' });
    expect(await verify(kept, await checkpoints.get(PRINCIPAL))).toBeNull();
    // The newest entry stays, whatever is asked.
    expect(await stores.database.query('SELECT remove_events($1, 999) AS n', [PROJECT])).toEqual([{ n: '4' }]);
  });

  it('cannot be signed for with a key that came from elsewhere', async () => {
    await checkpoints.get(PRINCIPAL);
    await expect(serviceWith(randomBytes(32)).get(PRINCIPAL)).rejects.toMatchObject({ code: 'signing_key_unreadable' });
  });

  it('has one key, whoever comes first', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => checkpoints.get(PRINCIPAL)));
    expect(new Set(made.map(({ keyId }) => keyId)).size).toBe(1);
    expect(await checkpoints.listKeys()).toMatchObject([{ id: made[0]?.keyId, current: true }]);
  });
});
