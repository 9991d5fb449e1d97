import { isMissing } from '../../feed/open-feed-source.js';
import { type ErrorCode, PlimsollError } from '../../model/error.js';
import type { FeedName } from '../../model/feed.js';
import type { FeedStore } from '../../store/feed.store.js';
import type { SyncRun } from './feed-sync.js';

/** These say nothing about the other parts, which are imported all the same: they hold what is new elsewhere. */
const FAULTS_OF_A_PART: ReadonlySet<ErrorCode> = new Set([
  'feed_source_invalid',
  'feed_source_unreachable',
  'feed_shrank',
  'limit_exceeded',
]);

/**
 * So many parts in a row that cannot be reached are the server's, and each of them costs a minute. One that the source does
 * not have costs nothing.
 */
const UNREACHABLE_IN_A_ROW = 2;

/**
 * Syncs the parts of a feed one after the other. What failed is kept beside each part, and thrown together at the end.
 *
 * @param sync brings one part up to date; `within` takes how far it is, from 0 to 1
 * @throws PlimsollError of the first part that failed
 */
export async function syncParts(
  feed: FeedName,
  parts: readonly string[],
  { progress, signal }: SyncRun,
  feeds: FeedStore,
  sync: (part: string, within: (share: number) => void) => Promise<void>,
): Promise<void> {
  const failures: PlimsollError[] = [];
  let unreachable = 0;
  for (const [index, part] of parts.entries()) {
    signal.throwIfAborted();
    progress.part = part;
    const within = (share: number) => {
      progress.percent = Math.floor(((index + share) / parts.length) * 100);
    };
    within(0);
    try {
      await sync(part, within);
      unreachable = 0;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PlimsollError) || !FAULTS_OF_A_PART.has(error.code)) throw error;
      await feeds.failPart(feed, part, { code: error.code, message: error.message });
      failures.push(error);
      unreachable = error.code === 'feed_source_unreachable' && !isMissing(error) ? unreachable + 1 : 0;
      if (unreachable === UNREACHABLE_IN_A_ROW) break;
    }
  }
  const [first, ...more] = failures;
  if (!first) return;
  if (more.length === 0) throw first;
  const message = `${failures.length} of ${parts.length} parts could not be imported. ${failures.map((e) => e.message).join(' ')}`;
  throw new PlimsollError(first.code, message.slice(0, MAX_MESSAGE), { cause: first });
}

const MAX_MESSAGE = 4_000;
