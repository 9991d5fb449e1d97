import type { Advisory } from '../model/advisory.js';
import type { VulnerabilityScores } from '../model/score.js';

/** What reading a feed yields for each of its records. */
export type FeedRecord = { advisory: Advisory } | { rejected: RejectedRecord };

/** A record that does not have the form of its feed. It is counted and named; the rest is kept. */
export interface RejectedRecord {
  /** As the feed calls it, made printable. */
  entry: string;
  reason: string;
  /** Of the record that it would be, where that can be told and is not `entry`: what was known of it stays. */
  id?: string;
}

/** What reading a feed of scores yields for each of its records. */
export type ScoredRecord = { scores: ScoreRecord } | { rejected: RejectedRecord };

/** What a feed says of one CVE: its own kind of score alone. No rating of any kind: the CVE has none any more. */
export type ScoreRecord = { id: string } & Partial<VulnerabilityScores>;
