import { Injectable } from '@nestjs/common';
import { eventHash } from '../ledger/event-hash.js';
import { PlimsollError } from '../model/error.js';
import type { Event, EventPage, EventType } from '../model/event.js';
import { Database } from './database.js';
import { jsonb } from './jsonb.js';

/** Where a page ends, bytes of what entries bring with them; one entry may be longer. */
const MAX_PAGE_BYTES = 4 * 1_048_576;
/** Entries that are looked at for a page that is filtered. */
const LOOKED_AT = 50_000n;
/** PostgreSQL's bigint. */
const MAX_POSITION = 2n ** 63n - 1n;

@Injectable()
export class EventStore {
  constructor(private readonly database: Database) {}

  /**
   * The project's log behind a position, in order. A page ends at the limit, at some megabytes, or, with types, when many
   * entries were looked at; `nextCursor` is behind all that were.
   *
   * @param types null for all
   */
  async list(
    projectId: string,
    after: string,
    limit: number,
    types: readonly EventType[] | null = null,
  ): Promise<EventPage> {
    if (!/^\d{1,18}$/.test(after)) {
      throw new PlimsollError(
        'malformed_cursor',
        `"${after.slice(0, 40)}" is no position: expected a decimal number, 0 for the start.`,
      );
    }
    const start = BigInt(after);
    const end = types === null ? MAX_POSITION : start + LOOKED_AT;
    // Before the entries: what is there up to the head is then seen below.
    const head = BigInt((await this.head(projectId)).position);
    const rows = await this.database.query(
      `SELECT * FROM (
         SELECT page.*, sum(bytes) OVER (ORDER BY position) - bytes AS before, count(*) OVER ()::int AS found FROM (
           SELECT position, type, time, actor, subject, scan_id, target_id, finding_id, data, hash,
             octet_length(data::text) + octet_length(subject) AS bytes
           FROM event WHERE project_id = $1 AND position > $2 AND position <= $3 AND ($4::text[] IS NULL OR type = ANY ($4))
           ORDER BY position LIMIT $5) page) bounded
       WHERE before < $6 ORDER BY position`,
      [projectId, after, String(end), types, limit + 1, MAX_PAGE_BYTES],
    );
    const items: Event[] = rows.slice(0, limit).map((row) => ({ ...eventOf(row), hash: row.hash }));
    const last = BigInt(items.at(-1)?.position ?? after);
    const isCut = rows.length > 0 && rows[0].found > items.length;
    const next = isCut ? last : largest(last, start, smallest(head, end));
    return { items, nextCursor: String(next), hasMore: isCut || next < head };
  }

  /** The end of the project's log: its last position and hash. */
  async head(projectId: string): Promise<{ position: string; hash: string }> {
    const [row] = await this.database.query<{ position: string; hash: string }>(
      'SELECT head_position::text AS position, head_hash AS hash FROM project WHERE id = $1',
      [projectId],
    );
    if (!row) throw new Error(`there is no project ${projectId}`);
    return row;
  }

  /**
   * Moves rows from the outbox to the log, oldest first, and answers how many. A row that is not committed yet is moved
   * by a later pass, and gets a later position: positions follow commits, not sequences.
   */
  sequence(limit: number): Promise<number> {
    return this.database.transaction(async (manager) => {
      const [{ mine }] = await manager.query(
        `SELECT pg_try_advisory_xact_lock(hashtext('plimsoll.sequencer')) AS mine`,
      );
      if (!mine) return 0;
      // biome-ignore lint/suspicious/noExplicitAny: rows of the outbox
      const rows: any[] = await manager.query(
        `WITH batch AS (SELECT id FROM outbox ORDER BY id LIMIT $1), moved AS (
           DELETE FROM outbox USING batch WHERE outbox.id = batch.id RETURNING outbox.*)
         SELECT * FROM moved ORDER BY id`,
        [limit],
      );
      const byProject = Map.groupBy(rows, (row) => row.project_id as string);
      for (const [projectId, events] of byProject) {
        const [head] = await manager.query('SELECT head_position, head_hash FROM project WHERE id = $1 FOR UPDATE', [
          projectId,
        ]);
        let position = BigInt(head.head_position);
        let hash: string = head.head_hash;
        const placed = events.map((row) => {
          position += 1n;
          const event = eventOf({ ...row, position: String(position) });
          hash = eventHash(hash, event);
          return { ...event, hash };
        });
        await manager.query(
          `INSERT INTO event (project_id, position, type, time, actor, subject, scan_id, target_id, finding_id, data, hash)
           SELECT $1, e.position, e.type, e.time, e.actor, e.subject, e."scanId", e."targetId", e."findingId", e.data, e.hash
           FROM jsonb_to_recordset($2::jsonb) AS e(position bigint, type text, time timestamptz, actor text, subject text,
             "scanId" uuid, "targetId" uuid, "findingId" uuid, data jsonb, hash text)`,
          [projectId, jsonb(placed)],
        );
        await manager.query('UPDATE project SET head_position = $2, head_hash = $3 WHERE id = $1', [
          projectId,
          String(position),
          hash,
        ]);
      }
      return rows.length;
    });
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a row of event or outbox
function eventOf(row: any): Omit<Event, 'hash'> {
  return {
    position: String(row.position),
    type: row.type,
    time: row.time,
    actor: row.actor,
    subject: row.subject,
    scanId: row.scan_id,
    targetId: row.target_id,
    findingId: row.finding_id,
    data: row.data,
  };
}

function largest(...values: bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most));
}

function smallest(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
