import type { Schedule, ScheduleRun, SkipReason } from '../model/schedule.js';
import { printable } from './table.js';
import type { Wire } from './wire.js';

const SKIPPED: Record<SkipReason, string> = {
  scan_unfinished: 'a scan of it waits or runs',
  upload: 'it was uploaded, and cannot be read anew',
  limit: 'it is one too many for one run',
};

/** `nightly: 30 2 * * * Europe/Berlin; jitter 600 s; labels team=payments; next 2026-01-01T01:30:00.000Z` */
export function printableSchedule(schedule: Wire<Schedule>): string {
  const { name, cron, intervalSeconds, timeZone, jitterSeconds, targetId, labels, paused, nextRunAt } = schedule;
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const details = [
    cron === null ? `every ${intervalSeconds} s` : `${cron} ${timeZone}`,
    ...(jitterSeconds === 0 ? [] : [`jitter ${jitterSeconds} s`]),
    targetId === null ? `labels ${pairs.join(', ')}` : `target ${targetId}`,
    paused ? 'paused' : nextRunAt === null ? 'never runs again' : `next ${nextRunAt}`,
  ];
  return printable(`${name}: ${details.join('; ')}`);
}

/** A line, and one for each target that was left out. */
export function printableRun({ createdAt, reason, scans, skipped }: Wire<ScheduleRun>): string[] {
  const head = `${createdAt}  ${reason.padEnd('request'.length)}  ${scans.length} scans`;
  return [
    skipped.length === 0 ? head : `${head}, ${skipped.length} left out`,
    ...scans.map(({ targetId, scanId }) => `  ${targetId}  scan ${scanId}`),
    ...skipped.map(({ targetId, reason }) => `  ${targetId}  left out: ${SKIPPED[reason]}`),
  ];
}
