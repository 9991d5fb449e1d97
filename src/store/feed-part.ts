import type { FeedPart } from '../model/feed.js';

/** Which state of its source a part is. */
export interface PartVersion {
  etag: string | null;
  lastModified?: string | null;
  digest: string;
}

export interface StoredPart extends FeedPart {
  etag: string | null;
  lastModified: string | null;
  digest: string;
  /** How far changes were followed since the part last came in whole; null: it is as it came in. */
  cursor: PartCursor | null;
  /** When it last came in whole. */
  wholeAt: Date;
}

/** The state of the source's list of changes that a part agrees with. */
export interface PartCursor {
  etag: string | null;
  lastModified: string | null;
  digest: string;
  /** The newest time in the list. */
  newest: string;
}

/** What a source's list of records says beside what is stored. */
export interface ComparedListing {
  listed: number;
  newest: Date | null;
  isBehind: boolean;
  changed: { id: string; modified: Date }[];
  gone: string[];
}

export interface ImportResult {
  records: number;
  changed: number;
  deleted: number;
}
