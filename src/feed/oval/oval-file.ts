import { PlimsollError } from '../../model/error.js';
import type { FeedRecord } from '../feed-record.js';
import { summaryOf } from '../feed-text.js';
import { describeFault } from '../record-fault.js';
import { childrenOf, type XmlElement, xmlRecords } from '../xml/xml-records.js';
import { OvalTests } from './oval-tests.js';

/** Of a file, unpacked; SUSE's largest has some 700 MB. */
const MAX_BYTES = 2 ** 32;

/**
 * Reads the definitions of an OVAL file (OVAL language 5.x, `oval_definitions`). They name tests that stand behind them,
 * so the file is read twice: what tests compare is kept, definitions are read one by one.
 *
 * @param recordOf makes what is yielded of a definition, by throwing an Error for one that cannot be expressed
 * @param idOf of the record of a definition with that title
 * @throws PlimsollError `feed_source_invalid`
 */
export async function* readOval(
  path: string,
  name: string,
  signal: AbortSignal,
  recordOf: (definition: XmlElement, tests: OvalTests) => FeedRecord | null,
  idOf: (title: string) => string | undefined,
): AsyncGenerator<FeedRecord> {
  const options = { name, maxBytes: MAX_BYTES, signal, root: 'oval_definitions' };
  const tests = new OvalTests(name);
  for await (const record of xmlRecords(path, { ...options, records: OvalTests.ELEMENTS })) {
    if ('element' in record) tests.add(record.element);
  }
  let definitions = 0;
  for await (const record of xmlRecords(path, { ...options, records: ['definition'] })) {
    definitions++;
    if ('oversized' in record) {
      yield {
        rejected: { entry: summaryOf(record.oversized) || `definition ${definitions}`, reason: 'it is too large' },
      };
      continue;
    }
    try {
      const made = recordOf(record.element, tests);
      if (made) yield made;
    } catch (error) {
      const title = titleOf(record.element);
      const entry = summaryOf(title || record.element.attributes.id) || `definition ${definitions}`;
      const id = idOf(title.trim());
      const known = id === undefined ? {} : { id };
      yield { rejected: { entry: entry.slice(0, 100), reason: describeFault(error), ...known } };
    }
  }
  if (definitions === 0) {
    throw new PlimsollError('feed_source_invalid', `${name} has no definition: expected the advisories of a vendor.`);
  }
}

function titleOf(definition: XmlElement): string {
  return childrenOf(definition, 'metadata').flatMap((metadata) => childrenOf(metadata, 'title'))[0]?.text ?? '';
}
