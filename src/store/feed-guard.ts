import { PlimsollError } from '../model/error.js';

/** Below so many records, losing half of them can be good news. Losing all of them never is. */
const SMALL = 10;

/**
 * An export that lost half of its records is broken, not good news, and what it leaves out must not read as "no
 * vulnerabilities".
 *
 * @param what shrank, as the message calls it
 * @throws PlimsollError `feed_shrank`
 */
export function refuseLoss(what: string, before: number, after: number): void {
  const isLost = after === 0 ? before > 0 : before >= SMALL && after <= before / 2;
  if (!isLost) return;
  throw new PlimsollError(
    'feed_shrank',
    `${what} has ${after} records now and had ${before}: the old ones are kept. Check the source; docs/feeds.md says what to do when the loss is real.`,
  );
}

/**
 * A source whose records cannot be read for the most part has another form now.
 *
 * @throws PlimsollError `feed_source_invalid`
 */
export function refuseForm(what: string, accepted: number, rejected: number): void {
  if (rejected <= accepted) return;
  throw new PlimsollError(
    'feed_source_invalid',
    `${rejected} of ${accepted + rejected} records of ${what} do not have the form of the feed: the old ones are kept. The log names the first of them.`,
  );
}
