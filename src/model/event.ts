/** One entry of a project's append-only log. */
export interface Event {
  /** Gapless from 1 in each project; a decimal string, as it may pass 2^53. */
  position: string;
  type: EventType;
  time: Date;
  /** Who did it: `token:<id>`, or `system`. */
  actor: string;
  /** What it is about, as `scan/<id>` or `finding/<id>`. */
  subject: string;
  scanId: string | null;
  targetId: string | null;
  findingId: string | null;
  data: Record<string, unknown>;
  /** Hex SHA-256 over the previous entry's hash and this entry; see `docs/events.md`. */
  hash: string;
}

export const EVENT_TYPES = [
  'target.created',
  'scan.created',
  'scan.started',
  'scan.finished',
  'scan.retried',
  'scan.failed',
  'scan.cancelled',
  'finding.opened',
  'finding.fixed',
  'finding.reopened',
  'finding.changed',
  'finding.suppressed',
  'finding.unsuppressed',
  'feed.synced',
  'feed.failed',
  'advisories.rejudged',
  'vex.imported',
  'vex.deleted',
  'upload.created',
  'registry.created',
  'registry.updated',
  'registry.deleted',
  'schedule.created',
  'schedule.updated',
  'schedule.deleted',
  'schedule.run_skipped',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** An event that is not yet in the log: it has no position. */
export type NewEvent = Omit<Event, 'position' | 'hash' | 'time'>;

export interface EventPage {
  items: Event[];
  /** The position to ask after next: behind all that was looked at. */
  nextCursor: string;
  /** Whether there is more behind it; with a filter that may be entries of other types. */
  hasMore: boolean;
}

export const EVENT_FORMATS = ['json', 'ndjson', 'csv', 'cef'] as const;
export type EventFormat = (typeof EVENT_FORMATS)[number];
