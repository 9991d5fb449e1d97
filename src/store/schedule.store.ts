import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PlimsollError } from '../model/error.js';
import type { EventType } from '../model/event.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { recurrenceOf, type Schedule, type ScheduleRun } from '../model/schedule.js';
import { nextRun, type PlannedRun } from '../model/schedule-times.js';
import { decodeCursor, pageOf } from './cursor.js';
import { Database } from './database.js';
import { jsonb } from './jsonb.js';
import { appendToOutbox } from './outbox.js';
import { SCHEDULE_COLUMNS as COLUMNS, scheduleOf } from './schedule-row.js';
import { RUN_COLUMNS, registerRun, runOf } from './schedule-run.js';

/** What a client decides on. */
export type ScheduleSettings = Omit<Schedule, 'id' | 'anchorAt' | 'nextRunAt' | 'createdAt' | 'updatedAt'>;

const MAX_SCHEDULES = 1_000;

/** A run that is later than this was missed, milliseconds. */
const MISSED_AFTER_MS = 60_000;

@Injectable()
export class ScheduleStore {
  constructor(private readonly database: Database) {}

  /** @throws PlimsollError `conflict` for a name that is taken, `not_found` for a target that is not there */
  create(p: Principal, id: string, settings: ScheduleSettings, now: Date): Promise<Schedule> {
    return this.database.transaction(async (manager) => {
      await manager.query('SELECT FROM project WHERE id = $1 FOR UPDATE', [p.projectId]);
      const [{ count }] = await manager.query('SELECT count(*)::int FROM schedule WHERE project_id = $1', [
        p.projectId,
      ]);
      if (count >= MAX_SCHEDULES) {
        throw new PlimsollError('conflict', `There are ${count} schedules already, which is the most: delete one.`);
      }
      await checkTarget(manager, p, settings.targetId);
      const { name, cron, intervalSeconds, timeZone, jitterSeconds, targetId, labels, options, paused } = settings;
      const planned = paused ? null : plan(id, { ...settings, anchorAt: now }, null, now);
      const [row] = await manager.query(
        `INSERT INTO schedule (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $12, $12, $15, $16)
         ON CONFLICT ON CONSTRAINT schedule_name_key DO NOTHING RETURNING ${COLUMNS}`,
        [
          ...[id, p.projectId, name, cron, intervalSeconds, timeZone, jitterSeconds, targetId],
          ...[labels === null ? null : jsonb(labels), jsonb(options), paused, now],
          ...[planned?.nominalAt ?? null, planned?.runAt ?? null, settings.repository, settings.tagPattern],
        ],
      );
      if (!row) throw nameTaken(name);
      await tell(manager, p, id, 'schedule.created', {
        name,
        cron,
        intervalSeconds,
        timeZone,
        targetId,
        labels,
        repository: settings.repository,
      });
      return scheduleOf(row);
    });
  }

  /** Newest first. */
  async list(projectId: string, page: PageRequest): Promise<Page<Schedule>> {
    const [before = null] = page.cursor ? decodeCursor(page.cursor, ['uuid']) : [];
    const rows = await this.database.query(
      `SELECT ${COLUMNS} FROM schedule WHERE project_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [projectId, before, page.limit + 1],
    );
    return pageOf(rows, page.limit, scheduleOf, (row) => [row.id]);
  }

  /** @throws PlimsollError `not_found` */
  async get(projectId: string, id: string): Promise<Schedule> {
    const [row] = await this.database.query(`SELECT ${COLUMNS} FROM schedule WHERE project_id = $1 AND id = $2`, [
      projectId,
      id,
    ]);
    if (!row) throw noSchedule(id);
    return scheduleOf(row);
  }

  /**
   * The next run is planned anew, from now: what fell due while it was paused is not made up for.
   *
   * @throws PlimsollError `not_found`, `conflict`, and what `change` throws
   */
  update(p: Principal, id: string, change: (present: Schedule) => ScheduleSettings, now: Date): Promise<Schedule> {
    return this.database.transaction(async (manager) => {
      const present = await this.hold(manager, p.projectId, id);
      const next = change(present);
      await checkTarget(manager, p, next.targetId);
      const { name, cron, intervalSeconds, timeZone, jitterSeconds, targetId, labels, options, paused } = next;
      const taken = await manager.query('SELECT FROM schedule WHERE project_id = $1 AND name = $2 AND id <> $3', [
        p.projectId,
        name,
        id,
      ]);
      if (taken.length > 0) throw nameTaken(name);
      // Renaming a schedule, or changing what it scans, must not lose a run that is due.
      const sameTimes =
        cron === present.cron &&
        intervalSeconds === present.intervalSeconds &&
        timeZone === present.timeZone &&
        jitterSeconds === present.jitterSeconds &&
        paused === present.paused;
      const planned = sameTimes || paused ? null : plan(id, { ...next, anchorAt: present.anchorAt }, null, now);
      const [[row]] = await manager.query(
        `UPDATE schedule SET name = $2, cron = $3, interval_seconds = $4, time_zone = $5, jitter_seconds = $6, target_id = $7,
           labels = $8, options = $9, paused = $10, updated_at = $11, repository = $15, tag_pattern = $16,
           nominal_at = CASE WHEN $14 THEN nominal_at ELSE $12 END, run_at = CASE WHEN $14 THEN run_at ELSE $13 END
         WHERE id = $1 RETURNING ${COLUMNS}`,
        [
          ...[id, name, cron, intervalSeconds, timeZone, jitterSeconds, targetId],
          ...[labels === null ? null : jsonb(labels), jsonb(options), paused, now],
          ...[planned?.nominalAt ?? null, planned?.runAt ?? null, sameTimes, next.repository, next.tagPattern],
        ],
      );
      await tell(manager, p, id, 'schedule.updated', {
        name,
        cron,
        intervalSeconds,
        timeZone,
        targetId,
        labels,
        repository: next.repository,
        paused,
      });
      return scheduleOf(row);
    });
  }

  /** With its runs; its scans stay. @throws PlimsollError `not_found` */
  delete(p: Principal, id: string): Promise<void> {
    return this.database.transaction(async (manager) => {
      const { name } = await this.hold(manager, p.projectId, id);
      await manager.query('DELETE FROM schedule WHERE id = $1', [id]);
      await tell(manager, p, id, 'schedule.deleted', { name });
    });
  }

  /** Newest first. @throws PlimsollError `not_found` */
  async runs(projectId: string, id: string, page: PageRequest): Promise<Page<ScheduleRun>> {
    await this.get(projectId, id);
    const [before = null] = page.cursor ? decodeCursor(page.cursor, ['uuid']) : [];
    const rows = await this.database.query(
      `SELECT ${RUN_COLUMNS} FROM schedule_run WHERE schedule_id = $1 AND ($2::uuid IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3`,
      [id, before, page.limit + 1],
    );
    return pageOf(rows, page.limit, runOf, (row) => [row.id]);
  }

  /** Also of a paused schedule; the next run stays as it is. One whose repository is still listed is the answer.
   * @throws PlimsollError `not_found` */
  runNow(p: Principal, id: string, now: Date): Promise<ScheduleRun> {
    return this.database.transaction(async (manager) => {
      const schedule = await this.hold(manager, p.projectId, id);
      const [listing] = await manager.query(
        `SELECT ${RUN_COLUMNS} FROM schedule_run WHERE schedule_id = $1 AND status = 'listing'`,
        [id],
      );
      if (listing) return runOf(listing);
      return registerRun(manager, p, schedule, { reason: 'request', nominalAt: null, now });
    });
  }

  /**
   * Runs one schedule that is due and that no other worker runs. The run, its scans and the next time are one
   * transaction: a worker that dies in between has done nothing.
   *
   * @returns null when none is due
   */
  runDue(now: Date): Promise<{ scheduleId: string; run: ScheduleRun } | null> {
    return this.database.transaction(async (manager) => {
      const [row] = await manager.query(
        `SELECT ${COLUMNS} FROM schedule WHERE run_at <= $1 AND NOT paused
           AND NOT EXISTS (SELECT FROM schedule_run r WHERE r.schedule_id = schedule.id AND r.status = 'listing')
         ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
        [now],
      );
      if (!row) return null;
      const schedule = scheduleOf(row);
      const nominalAt: Date = row.nominal_at;
      const reason = now.getTime() - row.run_at.getTime() > MISSED_AFTER_MS ? 'missed' : 'due';
      const principal = { projectId: row.project_id, actor: 'system' };
      const run = await registerRun(manager, principal, schedule, { reason, nominalAt, now });
      const planned = plan(schedule.id, schedule, nominalAt, now);
      await manager.query('UPDATE schedule SET nominal_at = $2, run_at = $3 WHERE id = $1', [
        schedule.id,
        planned?.nominalAt ?? null,
        planned?.runAt ?? null,
      ]);
      return { scheduleId: schedule.id, run };
    });
  }

  private async hold(manager: EntityManager, projectId: string, id: string): Promise<Schedule> {
    const [row] = await manager.query(`SELECT ${COLUMNS} FROM schedule WHERE project_id = $1 AND id = $2 FOR UPDATE`, [
      projectId,
      id,
    ]);
    if (!row) throw noSchedule(id);
    return scheduleOf(row);
  }
}

function plan(
  scheduleId: string,
  schedule: Pick<Schedule, 'cron' | 'intervalSeconds' | 'timeZone' | 'jitterSeconds' | 'anchorAt'>,
  previous: Date | null,
  now: Date,
): PlannedRun | null {
  return nextRun(recurrenceOf(schedule), { scheduleId, jitterSeconds: schedule.jitterSeconds }, previous, now);
}

async function checkTarget(manager: EntityManager, p: Principal, id: string | null): Promise<void> {
  if (id === null) return;
  const [target] = await manager.query('SELECT id FROM target WHERE project_id = $1 AND id = $2', [p.projectId, id]);
  if (!target) throw new PlimsollError('not_found', `There is no target ${id}: scan it once, then schedule it.`);
}

function tell(
  manager: EntityManager,
  p: Principal,
  id: string,
  type: EventType,
  data: Record<string, unknown>,
): Promise<void> {
  const about = { subject: `schedule/${id}`, scanId: null, targetId: null, findingId: null };
  return appendToOutbox(manager, p.projectId, [{ type, actor: p.actor, ...about, data }]);
}

function nameTaken(name: string): PlimsollError {
  return new PlimsollError('conflict', `There is a schedule "${name}" already: change it, or take another name.`);
}

function noSchedule(id: string): PlimsollError {
  return new PlimsollError('not_found', `There is no schedule ${id}.`);
}
