import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Event } from '../model/event.js';

/** What the first event of a log is chained to. */
export const GENESIS_HASH = '0'.repeat(64);

/** An event as the API prints it, without its hash: every field is hashed, and none beside. */
export type HashedEntry = Omit<Event, 'hash' | 'time' | 'type'> & { time: string; type: string };

export function eventHash(previous: string, event: Omit<Event, 'hash'>): string {
  const { position, type, time, actor, subject, scanId, targetId, findingId, data } = event;
  return entryHash(previous, {
    position,
    type,
    time: time.toISOString(),
    actor,
    subject,
    scanId,
    targetId,
    findingId,
    data,
  });
}

/**
 * Hex SHA-256 of the previous hash, as its 64 hexadecimal digits, followed by the event in RFC 8785 canonical JSON, times
 * as RFC 3339 in UTC with milliseconds: docs/events.md.
 *
 * @throws Error for numbers that JSON cannot have
 */
export function entryHash(previous: string, entry: HashedEntry): string {
  return createHash('sha256')
    .update(previous)
    .update(canonicalize(entry) ?? '')
    .digest('hex');
}
