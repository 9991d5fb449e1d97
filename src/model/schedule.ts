import type { ScanOptions } from './scan.js';
import type { Recurrence } from './schedule-times.js';

/** Scans that are asked for again and again. */
export interface Schedule {
  id: string;
  name: string;
  /** Five fields; null where there is an interval. */
  cron: string | null;
  /** Counted from `anchorAt`; null where there is a cron expression. */
  intervalSeconds: number | null;
  /** Of the IANA database; what the cron expression's clock shows. */
  timeZone: string;
  /** Each run is later than said by up to this, each by another time. */
  jitterSeconds: number;
  /** What is scanned; null where labels say it. */
  targetId: string | null;
  /** Every target that has all of them when a run begins. */
  labels: Record<string, string> | null;
  /** Whose tags are scanned, those that come later too: `registry.example/team/app`. One of target, labels and this. */
  repository: string | null;
  /** A glob of the tags that are meant; null without a repository. */
  tagPattern: string | null;
  options: ScanOptions;
  paused: boolean;
  anchorAt: Date;
  /** Null when it is paused, or never runs again. */
  nextRunAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export const SCHEDULE_RUN_REASONS = ['due', 'missed', 'request'] as const;
/** `missed`: late, since no worker was there; however many were missed, one is made up for. */
export type ScheduleRunReason = (typeof SCHEDULE_RUN_REASONS)[number];

export const SKIP_REASONS = ['scan_unfinished', 'upload', 'limit'] as const;
/** Why a run left a target out: a scan of it waits or runs; it was uploaded, and cannot be read anew; it was one too many. */
export type SkipReason = (typeof SKIP_REASONS)[number];

export const SCHEDULE_RUN_STATUSES = ['listing', 'done', 'failed'] as const;
/** `listing`: the tags of its repository are being asked for. */
export type ScheduleRunStatus = (typeof SCHEDULE_RUN_STATUSES)[number];

/** What a run found in its repository. */
export interface RunTags {
  listed: number;
  matched: number;
  /** Whether the whole list could be read. */
  complete: boolean;
  /** New tags that matched and were one too many. */
  leftOutCount: number;
  /** The first 100 of them. */
  leftOut: string[];
}

/** What one run of a schedule did. */
export interface ScheduleRun {
  id: string;
  reason: ScheduleRunReason;
  /** When the schedule said; null for one that somebody asked for. */
  nominalAt: Date | null;
  createdAt: Date;
  status: ScheduleRunStatus;
  /** Why there are no scans. */
  error: { code: string; message: string } | null;
  /** Null unless a repository was listed. */
  tags: RunTags | null;
  scans: { targetId: string; scanId: string }[];
  skipped: { targetId: string; reason: SkipReason }[];
}

export function recurrenceOf({
  cron,
  intervalSeconds,
  timeZone,
  anchorAt,
}: Pick<Schedule, 'cron' | 'intervalSeconds' | 'timeZone' | 'anchorAt'>): Recurrence {
  if (cron !== null) return { kind: 'cron', expression: cron, timeZone };
  if (intervalSeconds !== null) return { kind: 'interval', seconds: intervalSeconds, anchor: anchorAt };
  throw new Error('a schedule has a cron expression or an interval');
}
