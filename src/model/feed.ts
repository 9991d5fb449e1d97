/** Advisories of distributions and languages. */
export const ADVISORY_FEED_NAMES = [
  'osv',
  'debian',
  'alpine',
  'wolfi',
  'chainguard',
  'redhat',
  'amazon',
  'oracle',
  'suse',
  'rocky',
  'almalinux',
] as const;
export type AdvisoryFeedName = (typeof ADVISORY_FEED_NAMES)[number];

/** Ratings of CVEs. */
export const SCORE_FEED_NAMES = ['nvd', 'kev', 'epss'] as const;
export type ScoreFeedName = (typeof SCORE_FEED_NAMES)[number];

/** `endoflife`: until when products are supported. */
export const FEED_NAMES = [...ADVISORY_FEED_NAMES, 'endoflife', ...SCORE_FEED_NAMES] as const;
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
