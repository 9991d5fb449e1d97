import { Injectable } from '@nestjs/common';
import { eventHash } from '../ledger/event-hash.js';
import { PlimsollError } from '../model/error.js';
import type { Event } from '../model/event.js';
import { Database } from './database.js';
import { jsonb } from './jsonb.js';

@Injectable()
export class EventStore {
  constructor(private readonly database: Database) {}

  /** The project's log behind a position, in order. */
  async list(projectId: string, after: string, limit: number): Promise<{ items: Event[]; hasMore: boolean }> {
    if (!/^\d{1,18}$/.test(after)) {
      throw new PlimsollError(
        'malformed_cursor',
        `"${after.slice(0, 40)}" is no position: expected a decimal number, 0 for the start.`,
      );
    }
    const rows = await this.database.query(
      `SELECT position, type, time, actor, subject, scan_id, target_id, finding_id, data, hash FROM event
       WHERE project_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
      [projectId, after, limit + 1],
    );
    return {
      items: rows.slice(0, limit).map((row) => ({ ...eventOf(row), hash: row.hash })),
      hasMore: rows.length > limit,
    };
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
