import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../model/principal.js';
import type { RunTags, Schedule } from '../model/schedule.js';
import { Database } from './database.js';
import { jsonb } from './jsonb.js';
import { appendToOutbox } from './outbox.js';
import { askForScans } from './schedule-run.js';
import { uuidv7 } from './uuid.js';

/** Targets that one run makes at most. */
const MAX_NEW = 50;

/** New tags that a run names of those it left out. */
const MAX_NAMED = 100;

/** A run whose repository a worker lists. Writes name the fence, and are refused once it is not the current one. */
export interface ListingClaim {
  runId: string;
  fence: number;
  projectId: string;
  schedule: Pick<Schedule, 'id' | 'targetId' | 'options'>;
  /** `registry.example/team/app` */
  repository: string;
  tagPattern: string;
}

/** What the registry told. */
export interface Listing {
  listed: number;
  complete: boolean;
  /** Those that are meant; where there are too many new ones, the first are taken. */
  matched: readonly string[];
}

/** A worker's hold on the runs of schedules whose repository is to be listed. */
@Injectable()
export class RepositoryRunStore {
  constructor(private readonly database: Database) {}

  /** @returns null when none waits */
  async claim(leaseSeconds: number): Promise<ListingClaim | null> {
    const [[row]] = (await this.database.query(
      `UPDATE schedule_run r SET fence = r.fence + 1, lease_expires_at = now() + make_interval(secs => $1)
       FROM schedule s WHERE s.id = r.schedule_id AND r.id = (
         SELECT id FROM schedule_run WHERE status = 'listing' AND (lease_expires_at IS NULL OR lease_expires_at < now())
         ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING r.id, r.fence, s.id AS schedule_id, s.project_id, s.options, s.repository, s.tag_pattern`,
      [leaseSeconds],
      // biome-ignore lint/suspicious/noExplicitAny: a row has the form that RETURNING gives it
    )) as unknown as [any[]];
    if (!row) return null;
    return {
      runId: row.id,
      fence: row.fence,
      projectId: row.project_id,
      schedule: { id: row.schedule_id, targetId: null, options: row.options },
      // Null when the schedule was given another scope meanwhile.
      repository: row.repository ?? '',
      tagPattern: row.tag_pattern ?? '*',
    };
  }

  /** Lets another worker begin at once. */
  async release({ runId, fence }: ListingClaim): Promise<void> {
    await this.database.query(
      `UPDATE schedule_run SET lease_expires_at = NULL, fence = fence - 1 WHERE id = $1 AND fence = $2 AND status = 'listing'`,
      [runId, fence],
    );
  }

  /**
   * Makes targets of new tags, and has all that match scanned; one transaction.
   *
   * @returns false when the claim is no longer the current one
   */
  complete(claim: ListingClaim, { listed, complete, matched }: Listing): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      if (!(await holds(manager, claim))) return false;
      const p = { projectId: claim.projectId, actor: 'system' };
      const references = new Map(matched.map((tag) => [`docker://${claim.repository}:${tag}`, tag]));
      const present = await this.present(manager, p, [...references.keys()]);
      const isPresent = new Set(present.map(({ reference }) => reference));
      const missing = [...references.keys()].filter((reference) => !isPresent.has(reference));
      const leftOut = missing.slice(MAX_NEW).flatMap((reference) => references.get(reference) ?? []);
      await makeTargets(manager, p, missing.slice(0, MAX_NEW));
      const wanted = [...isPresent, ...missing.slice(0, MAX_NEW)];
      const targets = await this.present(manager, p, wanted);
      const { scans, skipped } = await askForScans(manager, p, claim.schedule, { id: claim.runId, targets });
      const tags: RunTags = {
        listed,
        matched: matched.length,
        complete,
        leftOutCount: leftOut.length,
        leftOut: leftOut.slice(0, MAX_NAMED),
      };
      await manager.query(
        `UPDATE schedule_run SET status = 'done', lease_expires_at = NULL, scans = $2, skipped = $3, tags = $4 WHERE id = $1`,
        [claim.runId, jsonb(scans), jsonb(skipped), jsonb(tags)],
      );
      if (leftOut.length > 0 || !complete) {
        const data = { runId: claim.runId, scans: scans.length, tagsLeftOut: leftOut.length, complete };
        await tellOf(manager, p, claim, data);
      }
      return true;
    });
  }

  /** @returns false when the claim is no longer the current one */
  fail(claim: ListingClaim, error: { code: string; message: string }): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      if (!(await holds(manager, claim))) return false;
      await manager.query(
        `UPDATE schedule_run SET status = 'failed', lease_expires_at = NULL, error_code = $2, error_message = $3 WHERE id = $1`,
        [claim.runId, error.code, error.message.replaceAll('\0', '')],
      );
      const p = { projectId: claim.projectId, actor: 'system' };
      await tellOf(manager, p, claim, { runId: claim.runId, scans: 0, ...error });
      return true;
    });
  }

  /** Held, in the order in which every run holds targets. */
  private present(
    manager: EntityManager,
    p: Principal,
    references: readonly string[],
  ): Promise<{ id: string; reference: string }[]> {
    return manager.query(
      `SELECT id, identity AS reference FROM target
       WHERE project_id = $1 AND kind = 'image' AND identity = ANY($2) ORDER BY id FOR NO KEY UPDATE`,
      [p.projectId, references],
    );
  }
}

async function holds(manager: EntityManager, { runId, fence }: ListingClaim): Promise<boolean> {
  const rows = await manager.query(
    `SELECT FROM schedule_run WHERE id = $1 AND fence = $2 AND status = 'listing' FOR UPDATE`,
    [runId, fence],
  );
  return rows.length > 0;
}

/** One that somebody else made meanwhile stays as it is. */
async function makeTargets(manager: EntityManager, p: Principal, references: readonly string[]): Promise<void> {
  // Two runs that make the same targets come to them in the same order.
  const rows = references.toSorted().map((reference) => ({ id: uuidv7(), reference }));
  const made: { id: string; reference: string }[] = await manager.query(
    `INSERT INTO target (id, project_id, kind, identity, reference, name, labels)
     SELECT n.id, $1, 'image', n.reference, n.reference, NULL, '{}' FROM jsonb_to_recordset($2::jsonb) AS n(id uuid, reference text)
     ON CONFLICT ON CONSTRAINT target_identity_key DO NOTHING RETURNING id, reference`,
    [p.projectId, jsonb(rows)],
  );
  await appendToOutbox(
    manager,
    p.projectId,
    made.map(({ id, reference }) => ({
      type: 'target.created' as const,
      actor: p.actor,
      subject: `target/${id}`,
      scanId: null,
      targetId: id,
      findingId: null,
      data: { kind: 'image', reference, name: null },
    })),
  );
}

function tellOf(manager: EntityManager, p: Principal, claim: ListingClaim, data: object): Promise<void> {
  const about = { subject: `schedule/${claim.schedule.id}`, scanId: null, targetId: null, findingId: null };
  return appendToOutbox(manager, p.projectId, [
    { type: 'schedule.run_skipped', actor: p.actor, ...about, data: { ...data } },
  ]);
}
