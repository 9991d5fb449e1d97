import type { Schedule } from '../model/schedule.js';

export const SCHEDULE_COLUMNS = `id, project_id, name, cron, interval_seconds, time_zone, jitter_seconds, target_id, labels, options, paused,
  anchor_at, nominal_at, run_at, created_at, updated_at, repository, tag_pattern`;

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that SCHEDULE_COLUMNS gives it
export function scheduleOf(row: any): Schedule {
  return {
    id: row.id,
    name: row.name,
    cron: row.cron,
    intervalSeconds: row.interval_seconds,
    timeZone: row.time_zone,
    jitterSeconds: row.jitter_seconds,
    targetId: row.target_id,
    labels: row.labels,
    repository: row.repository,
    tagPattern: row.tag_pattern,
    options: row.options,
    paused: row.paused,
    anchorAt: row.anchor_at,
    nextRunAt: row.run_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
