import type { EntityManager } from 'typeorm';
import type { NewEvent } from '../model/event.js';
import type { Principal } from '../model/principal.js';
import type { Schedule, ScheduleRun, ScheduleRunReason, SkipReason } from '../model/schedule.js';
import { jsonb } from './jsonb.js';
import { appendToOutbox } from './outbox.js';
import { uuidv7 } from './uuid.js';

/** Targets that one run scans at most. */
const MAX_TARGETS = 10_000;

/** 0 (first) to 9 (last), among the scans of schedules. */
const PRIORITY = 5;

export const RUN_COLUMNS = 'id, reason, nominal_at, created_at, scans, skipped';

/**
 * Registers a run and its scans, which the sweeper then delivers. The caller holds the schedule's row.
 *
 * @param nominalAt null for a run that somebody asked for
 */
export async function registerRun(
  manager: EntityManager,
  p: Principal,
  schedule: Pick<Schedule, 'id' | 'targetId' | 'labels' | 'options'>,
  { reason, nominalAt, now }: { reason: ScheduleRunReason; nominalAt: Date | null; now: Date },
): Promise<ScheduleRun> {
  // Two schedules of one target run one after the other, so that the second sees the scan of the first.
  const targets: { id: string; reference: string }[] = await manager.query(
    `SELECT id, reference FROM target
     WHERE project_id = $1 AND ($2::uuid IS NULL OR id = $2) AND ($3::jsonb IS NULL OR labels @> $3)
     ORDER BY id FOR NO KEY UPDATE`,
    [p.projectId, schedule.targetId, schedule.labels === null ? null : jsonb(schedule.labels)],
  );
  const busy: { target_id: string }[] = await manager.query(
    `SELECT DISTINCT target_id FROM scan WHERE status IN ('queued', 'running') AND target_id = ANY($1::uuid[])`,
    [targets.map(({ id }) => id)],
  );
  const isBusy = new Set(busy.map((row) => row.target_id));
  const scans: { targetId: string; scanId: string; reference: string }[] = [];
  const skipped: ScheduleRun['skipped'] = [];
  for (const { id: targetId, reference } of targets) {
    const skip: SkipReason | null = reference.startsWith('upload:')
      ? 'upload'
      : isBusy.has(targetId)
        ? 'scan_unfinished'
        : scans.length === MAX_TARGETS
          ? 'limit'
          : null;
    if (skip === null) scans.push({ targetId, scanId: uuidv7(), reference });
    else skipped.push({ targetId, reason: skip });
  }
  await manager.query(
    `INSERT INTO scan (id, project_id, target_id, reference, trigger, options, priority, created_at)
     SELECT n."scanId", $1, n."targetId", n.reference, 'schedule', $3, $4, date_trunc('milliseconds', now())
     FROM jsonb_to_recordset($2::jsonb) AS n("scanId" uuid, "targetId" uuid, reference text)`,
    [p.projectId, jsonb(scans), jsonb(schedule.options), PRIORITY],
  );
  const run: ScheduleRun = {
    id: uuidv7(),
    reason,
    nominalAt,
    createdAt: now,
    scans: scans.map(({ targetId, scanId }) => ({ targetId, scanId })),
    skipped,
  };
  await manager.query(
    `INSERT INTO schedule_run (id, schedule_id, reason, nominal_at, created_at, scans, skipped)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [run.id, schedule.id, reason, nominalAt, now, jsonb(run.scans), jsonb(skipped)],
  );
  const events: NewEvent[] = scans.map(({ targetId, scanId, reference }) => ({
    type: 'scan.created',
    actor: p.actor,
    subject: `scan/${scanId}`,
    scanId,
    targetId,
    findingId: null,
    data: { reference, trigger: 'schedule', scheduleId: schedule.id },
  }));
  if (skipped.length > 0) {
    events.push({
      type: 'schedule.run_skipped',
      actor: p.actor,
      subject: `schedule/${schedule.id}`,
      scanId: null,
      targetId: schedule.targetId,
      findingId: null,
      data: { runId: run.id, scans: scans.length, skipped: skipped.length },
    });
  }
  await appendToOutbox(manager, p.projectId, events);
  return run;
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that RUN_COLUMNS gives it
export function runOf(row: any): ScheduleRun {
  const { id, reason, nominal_at: nominalAt, created_at: createdAt, scans, skipped } = row;
  return { id, reason, nominalAt, createdAt, scans, skipped };
}
