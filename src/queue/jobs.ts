import type { FeedName } from '../model/feed.js';
import type { ScanTrigger } from '../model/scan.js';

/** Every kind of job and its payload: ids only, the database has the rest. A job that is delivered twice does nothing twice. */
export interface JobPayloads {
  scan: { scanId: string };
  feed: { feed: FeedName; run: number };
  rejudge: { change: string };
}

export const JOB_NAMES = ['scan', 'feed', 'rejudge'] as const satisfies readonly (keyof JobPayloads)[];
export type JobName = (typeof JOB_NAMES)[number];

/**
 * A scan's job is named for the claim that it would be: a job that died with its worker does not stand in the way of
 * the one that replaces it.
 *
 * @param fence how often the scan was claimed so far
 */
export function scanJobId(scanId: string, fence: number): string {
  return `${scanId}.${fence}`;
}

/** 0 to 9 for what somebody waits for, 10 to 19 for what a schedule asked for: a thousand of those do not delay the former. */
export function scanJobPriority({ trigger, priority }: { trigger: ScanTrigger; priority: number }): number {
  return trigger === 'api' ? priority : priority + 10;
}

/** As for scans: each run of a feed is a job of its own. */
export function feedJobId(feed: FeedName, run: number): string {
  return `feed-${feed}.${run}`;
}

/** @param change the newest that waits: a pass that is under way may not see it any more */
export function rejudgeJobId(change: string): string {
  return `rejudge-${change}`;
}
