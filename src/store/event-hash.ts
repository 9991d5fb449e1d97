import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Event } from '../model/event.js';

/** What the first event of a log is chained to. */
export const GENESIS_HASH = '0'.repeat(64);

/**
 * Hex SHA-256 of the previous hash followed by the event in RFC 8785 canonical JSON, times as RFC 3339 in UTC with
 * milliseconds: what a reader of the API can compute too.
 */
export function eventHash(previous: string, event: Omit<Event, 'hash'>): string {
  const { position, type, time, actor, subject, scanId, targetId, findingId, data } = event;
  const entry = { position, type, time: time.toISOString(), actor, subject, scanId, targetId, findingId, data };
  return createHash('sha256')
    .update(previous)
    .update(canonicalize(entry) ?? '')
    .digest('hex');
}
