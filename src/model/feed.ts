/** `osv`: advisories. `endoflife`: until when products are supported. */
export const FEED_NAMES = ['osv', 'endoflife'] as const;
export type FeedName = (typeof FEED_NAMES)[number];

export const FEED_STATUSES = ['idle', 'running', 'failed'] as const;
export type FeedStatus = (typeof FEED_STATUSES)[number];

/** Where advisories and dates come from, and how fresh they are. */
export interface Feed {
  name: FeedName;
  status: FeedStatus;
  lastSuccessAt: Date | null;
  lastError: { code: string; message: string } | null;
  /** How many records are stored. */
  records: number;
  /** Of the running or the last sync. */
  progress: FeedProgress;
}

export interface FeedProgress {
  /** 0 to 100. */
  percent: number;
  /** What is being read, `Debian`; null when idle. */
  part: string | null;
  imported: number;
  /** Records that did not have the form of the schema; the rest was kept. */
  rejected: number;
  /** Parts whose archive had not changed. */
  skipped: number;
}
