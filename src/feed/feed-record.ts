import type { Advisory } from '../model/advisory.js';

/** What reading a feed yields for each of its records. */
export type FeedRecord = { advisory: Advisory } | { rejected: RejectedRecord };

/** A record that does not have the form of its feed. It is counted and named; the rest is kept. */
export interface RejectedRecord {
  /** As the feed calls it, made printable. */
  entry: string;
  reason: string;
}
