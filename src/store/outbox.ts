import type { EntityManager } from 'typeorm';
import type { NewEvent } from '../model/event.js';
import { jsonb } from './jsonb.js';

/** Adds events to the outbox inside the caller's transaction; the sequencer gives them their place in the log. */
export async function appendToOutbox(
  manager: EntityManager,
  projectId: string,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await manager.query(
    `INSERT INTO outbox (project_id, type, actor, subject, scan_id, target_id, finding_id, data)
     SELECT $1, e.type, e.actor, e.subject, e."scanId", e."targetId", e."findingId", e.data
     FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS (type text, actor text, subject text, "scanId" uuid, "targetId" uuid,
       "findingId" uuid, data jsonb)) WITH ORDINALITY AS e(type, actor, subject, "scanId", "targetId", "findingId", data, n)
     ORDER BY e.n`,
    [projectId, jsonb(events)],
  );
}
