import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import { PlimsollError } from './error.js';

/** When a schedule runs: a cron expression on the clock of a time zone, or an interval. */
export type Recurrence =
  | { kind: 'cron'; expression: string; timeZone: string }
  /** Counted from `anchor`, so that runs do not drift. */
  | { kind: 'interval'; seconds: number; anchor: Date };

/** One run to come. */
export interface PlannedRun {
  /** What the recurrence says. */
  nominalAt: Date;
  /** That and the jitter. */
  runAt: Date;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** No clock was ever put back or forward by more, milliseconds. */
const LARGEST_CHANGE_MS = 3 * HOUR_MS;

/**
 * The next runs whose time is after `after`, in order; fewer than `count` when the expression names no more days.
 *
 * Where clocks change, as cron(8) has it: an expression with fixed hours runs once, a time that the clock leaves out as
 * much later as the clock was put forward, one that comes twice at its first. One whose hours begin with `*` follows
 * the time that passes: it runs at both, and at none that is left out.
 */
export function nominalTimes(recurrence: Recurrence, after: Date, count: number): Date[] {
  switch (recurrence.kind) {
    case 'cron':
      return cronTimes(recurrence.expression, recurrence.timeZone, after, count);
    case 'interval': {
      const step = recurrence.seconds * 1_000;
      const anchor = recurrence.anchor.getTime();
      const first = Math.max(1, Math.floor((after.getTime() - anchor) / step) + 1);
      return Array.from({ length: count }, (_, index) => new Date(anchor + (first + index) * step));
    }
  }
}

/**
 * @param scheduleId with the nominal time, what the jitter is drawn from: every replica draws the same
 * @param previous nominal time of the last run, null before the first
 * @returns null when it never runs again. What fell due before `now` is not made up for.
 */
export function nextRun(
  recurrence: Recurrence,
  { scheduleId, jitterSeconds }: { scheduleId: string; jitterSeconds: number },
  previous: Date | null,
  now: Date,
): PlannedRun | null {
  const earliest = Math.max(previous?.getTime() ?? 0, now.getTime() - jitterSeconds * 1_000);
  let after = new Date(previous === null ? now : earliest);
  for (;;) {
    const [nominalAt] = nominalTimes(recurrence, after, 1);
    if (nominalAt === undefined) return null;
    const runAt = new Date(nominalAt.getTime() + jitterOf(scheduleId, nominalAt, jitterSeconds));
    if (runAt > now) return { nominalAt, runAt };
    after = nominalAt;
  }
}

/** @returns milliseconds from 0 up to, not including, the most */
export function jitterOf(scheduleId: string, nominalAt: Date, jitterSeconds: number): number {
  if (jitterSeconds === 0) return 0;
  const hash = createHash('sha256').update(`${scheduleId}/${nominalAt.getTime()}`).digest();
  return hash.readUInt32BE(0) % (jitterSeconds * 1_000);
}

/** @throws PlimsollError `invalid_request` for what is no cron expression of five fields, or never comes */
export function checkCron(expression: string): void {
  try {
    if (clockOf(expression).nextRun(new Date()) !== null) return;
  } catch (cause) {
    throw invalid('cron', 'expected five fields, as "30 2 * * MON-FRI": minute, hour, day, month, weekday', cause);
  }
  throw invalid('cron', 'expected an expression that some day fulfils');
}

/** @throws PlimsollError `invalid_request` for what is no zone of the IANA database */
export function checkTimeZone(timeZone: string): void {
  // An offset as +02:00 is taken by Intl too, and has no clock changes: nobody means that.
  const message = 'expected a time zone of the IANA database, as Europe/Berlin or UTC';
  if (!/^[A-Za-z]/.test(timeZone)) throw invalid('timeZone', message);
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch (cause) {
    throw invalid('timeZone', message, cause);
  }
}

/** The library says what clocks show, in a zone without changes; what that means in time is worked out here. */
function cronTimes(expression: string, timeZone: string, after: Date, count: number): Date[] {
  const clock = clockOf(expression);
  const followsTime = expression.startsWith('@hourly') || /^\S+\s+\*/.test(expression.trim());
  const offsetAt = offsets(timeZone);
  const found = new Set<number>();
  let shown: Date | null = new Date(after.getTime() + offsetAt(after.getTime()) - LARGEST_CHANGE_MS);
  for (;;) {
    shown = clock.nextRun(shown);
    if (shown === null) break;
    const instants = instantsOf(shown.getTime(), offsetAt, followsTime);
    for (const instant of instants) if (instant > after.getTime()) found.add(instant);
    const settled = shown.getTime() - offsetAt(shown.getTime()) - 2 * LARGEST_CHANGE_MS;
    if ([...found].filter((instant) => instant < settled).length >= count || found.size > count + 1_000) break;
  }
  return [...found]
    .sort((a, b) => a - b)
    .slice(0, count)
    .map((instant) => new Date(instant));
}

/** When a clock shows this, given as if it were UTC. */
function instantsOf(shown: number, offsetAt: (instant: number) => number, followsTime: boolean): number[] {
  const [before, behind] = [shown - offsetAt(shown - DAY_MS), shown - offsetAt(shown + DAY_MS)];
  const real = [...new Set([before, behind])].filter((instant) => instant + offsetAt(instant) === shown);
  if (followsTime) return real;
  return [real.length === 0 ? before : Math.min(...real)];
}

function clockOf(expression: string): Cron {
  return new Cron(expression, { timezone: 'UTC', paused: true, mode: '5-part' });
}

/** What a zone's clock is ahead of UTC at a time, milliseconds. */
function offsets(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const whole = Math.floor(instant / 1_000) * 1_000;
    const part = Object.fromEntries(format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
  };
}

function invalid(path: string, message: string, cause?: unknown): PlimsollError {
  return new PlimsollError('invalid_request', `The request was not accepted: ${path}: ${message}.`, {
    cause,
    errors: [{ path, message }],
  });
}
