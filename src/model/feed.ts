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

/** Those that are kept up to date where the operator names no others: OSV has most distributions already. */
export const DEFAULT_FEEDS: readonly FeedName[] = ['osv', 'endoflife', 'kev', 'epss'];

/** Where the vendor publishes each. */
export const FEED_URLS: Readonly<Record<FeedName, string>> = {
  osv: 'https://osv-vulnerabilities.storage.googleapis.com',
  debian: 'https://security-tracker.debian.org/tracker',
  alpine: 'https://secdb.alpinelinux.org',
  wolfi: 'https://packages.wolfi.dev/os',
  chainguard: 'https://packages.cgr.dev/chainguard',
  redhat: 'https://security.access.redhat.com/data/csaf/v2/vex',
  amazon: 'https://cdn.amazonlinux.com',
  oracle: 'https://linux.oracle.com/security/oval',
  suse: 'https://ftp.suse.com/pub/projects/security/oval',
  rocky: 'https://dl.rockylinux.org/pub/rocky',
  almalinux: 'https://errata.almalinux.org',
  endoflife: 'https://endoflife.date',
  nvd: 'https://services.nvd.nist.gov/rest/json/cves/2.0',
  kev: 'https://www.cisa.gov/sites/default/files/feeds',
  epss: 'https://epss.empiricalsecurity.com',
};

export const FEED_STATUSES = ['idle', 'running', 'failed'] as const;
export type FeedStatus = (typeof FEED_STATUSES)[number];

/** What began a sync. */
export type FeedTrigger = 'request' | 'schedule';

/** Where advisories, dates and scores come from, and how fresh they are. */
export interface Feed {
  name: FeedName;
  /** Whether it is kept up to date by itself. One that is not can still be synced by hand. */
  enabled: boolean;
  /** A URL without credentials, or a folder. */
  source: string;
  status: FeedStatus;
  /** When it last came in whole. */
  lastSuccessAt: Date | null;
  /** When the last sync began. */
  lastAttemptAt: Date | null;
  /** Since it last came in whole; null for never. */
  ageSeconds: number | null;
  lastError: FeedFault | null;
  /** How many records are stored. */
  records: number;
  /** How many of the source's records did not have the form of the feed. */
  rejected: number;
  /** Of the running or the last sync. */
  progress: FeedProgress;
}

export interface FeedFault {
  code: string;
  message: string;
}

/** A piece of a feed that is imported in one transaction. */
export interface FeedPart {
  /** `Debian`, `v3.19/main`. */
  part: string;
  records: number;
  rejected: number;
  /** When it was last written. */
  importedAt: Date;
  /** When it was last found to be what the source says. */
  checkedAt: Date;
  /** Why the last sync of it failed; null when it did not. */
  lastError: FeedFault | null;
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
