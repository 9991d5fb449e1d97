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

export const RUN_COLUMNS =
  'id, reason, nominal_at, created_at, scans, skipped, status, error_code, error_message, tags';

interface RunCause {
  reason: ScheduleRunReason;
  /** Null for a run that somebody asked for. */
  nominalAt: Date | null;
  now: Date;
}

type Scope = Pick<Schedule, 'id' | 'targetId' | 'labels' | 'repository' | 'options'>;

/**
 * Registers a run and its scans, which the sweeper then delivers; of a repository the run alone, whose tags a worker
 * asks for. The caller holds the schedule's row.
 */
export async function registerRun(
  manager: EntityManager,
  p: Principal,
  schedule: Scope,
  { reason, nominalAt, now }: RunCause,
): Promise<ScheduleRun> {
  const id = uuidv7();
  const isListing = schedule.repository !== null;
  const asked = isListing
    ? NOTHING
    : await askForScans(manager, p, schedule, { id, targets: await targetsOf(manager, p, schedule) });
  const [row] = await manager.query(
    `INSERT INTO schedule_run (id, schedule_id, reason, nominal_at, created_at, scans, skipped, status)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${RUN_COLUMNS}`,
    [
      ...[id, schedule.id, reason, nominalAt, now],
      ...[jsonb(asked.scans), jsonb(asked.skipped), isListing ? 'listing' : 'done'],
    ],
  );
  return runOf(row);
}

const NOTHING: Pick<ScheduleRun, 'scans' | 'skipped'> = { scans: [], skipped: [] };

interface ScannedTarget {
  id: string;
  reference: string;
}

function targetsOf(manager: EntityManager, p: Principal, { targetId, labels }: Scope): Promise<ScannedTarget[]> {
  // Two schedules of one target run one after the other, so that the second sees the scan of the first.
  return manager.query(
    `SELECT id, reference FROM target
     WHERE project_id = $1 AND ($2::uuid IS NULL OR id = $2) AND ($3::jsonb IS NULL OR labels @> $3)
     ORDER BY id FOR NO KEY UPDATE`,
    [p.projectId, targetId, labels === null ? null : jsonb(labels)],
  );
}

/** Has targets scanned that are held, but for those that a run leaves out. */
export async function askForScans(
  manager: EntityManager,
  p: Principal,
  schedule: Pick<Schedule, 'id' | 'targetId' | 'options'>,
  { id, targets }: { id: string; targets: readonly ScannedTarget[] },
): Promise<Pick<ScheduleRun, 'scans' | 'skipped'>> {
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
      data: { runId: id, scans: scans.length, skipped: skipped.length },
    });
  }
  await appendToOutbox(manager, p.projectId, events);
  return { scans: scans.map(({ targetId, scanId }) => ({ targetId, scanId })), skipped };
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that RUN_COLUMNS gives it
export function runOf(row: any): ScheduleRun {
  const { id, reason, nominal_at: nominalAt, created_at: createdAt, status, tags, scans, skipped } = row;
  const error = row.error_code === null ? null : { code: row.error_code, message: row.error_message };
  return { id, reason, nominalAt, createdAt, status, error, tags, scans, skipped };
}
