import type { RunTags, Schedule, ScheduleRun, SkipReason } from '../model/schedule.js';
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
  const { repository, tagPattern } = schedule;
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const details = [
    cron === null ? `every ${intervalSeconds} s` : `${cron} ${timeZone}`,
    ...(jitterSeconds === 0 ? [] : [`jitter ${jitterSeconds} s`]),
    ...(targetId === null ? [] : [`target ${targetId}`]),
    ...(labels === null ? [] : [`labels ${pairs.join(', ')}`]),
    ...(repository === null ? [] : [`repository ${repository}, tags ${tagPattern}`]),
    paused ? 'paused' : nextRunAt === null ? 'never runs again' : `next ${nextRunAt}`,
  ];
  return printable(`${name}: ${details.join('; ')}`);
}

/** A line, and one for each target that was left out. */
export function printableRun(run: Wire<ScheduleRun>): string[] {
  const { createdAt, reason, scans, skipped, status, error, tags } = run;
  const head = `${createdAt}  ${reason.padEnd('request'.length)}  ${scans.length} scans`;
  return [
    skipped.length === 0 ? head : `${head}, ${skipped.length} left out`,
    ...(status === 'listing' ? ['  the tags of the repository are being listed'] : []),
    ...(error === null ? [] : [printable(`  failed: ${error.message} (${error.code})`)]),
    ...(tags === null ? [] : [tagsLine(tags)]),
    ...scans.map(({ targetId, scanId }) => `  ${targetId}  scan ${scanId}`),
    ...skipped.map(({ targetId, reason }) => `  ${targetId}  left out: ${SKIPPED[reason]}`),
  ];
}

function tagsLine({ listed, matched, complete, leftOutCount, leftOut }: RunTags): string {
  const more = leftOutCount > leftOut.length ? ', …' : '';
  return printable(
    [
      `  ${matched} of ${listed} tags match`,
      ...(complete ? [] : ['not all could be listed']),
      ...(leftOutCount === 0 ? [] : [`${leftOutCount} new ones left to a later run: ${leftOut.join(', ')}${more}`]),
    ].join('; '),
  );
}
