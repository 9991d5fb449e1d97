import type { Advisory } from '../../model/advisory.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedRecord } from '../feed-record.js';
import { summaryOf } from '../feed-text.js';
import { describeFault } from '../record-fault.js';
import { xmlRecords } from '../xml/xml-records.js';
import { parseUpdate, type Update } from './update.js';

/** Of updateinfo.xml, unpacked; Amazon Linux 2 has 60 MB. */
const MAX_BYTES = 2 ** 31;

/**
 * Reads updateinfo.xml, which package repositories carry their errata in. What is not about security is left out: an
 * update of another type that names no CVE.
 *
 * @param advisoryOf makes the advisory of an update; null leaves it out
 * @throws PlimsollError `feed_source_invalid`
 */
export async function* readUpdateinfo(
  path: string,
  part: string,
  signal: AbortSignal,
  advisoryOf: (update: Update) => Advisory | null,
): AsyncGenerator<FeedRecord> {
  const name = `updateinfo.xml of ${part}`;
  let updates = 0;
  for await (const record of xmlRecords(path, {
    name,
    maxBytes: MAX_BYTES,
    signal,
    root: 'updates',
    records: ['update'],
  })) {
    updates++;
    if ('oversized' in record) {
      yield { rejected: { entry: summaryOf(record.oversized) || `update ${updates}`, reason: 'it is too large' } };
      continue;
    }
    try {
      const update = parseUpdate(record.element);
      if (update.type !== 'security' && update.cves.length === 0) continue;
      const advisory = advisoryOf(update);
      if (advisory) yield { advisory };
    } catch (error) {
      const id = record.element.children.find((child) => child.name === 'id')?.text;
      yield { rejected: { entry: summaryOf(id) || `update ${updates}`, reason: describeFault(error) } };
    }
  }
  if (updates === 0) {
    throw new PlimsollError('feed_source_invalid', `${name} has no update: expected the errata of a repository.`);
  }
}
