import { PlimsollError } from '../../model/error.js';
import { FEED_URLS } from '../../model/feed.js';
import type { FeedFile, ScoreFeedPlugin } from '../feed-plugin.js';
import type { ScoredRecord } from '../feed-record.js';
import { readJsonItems } from '../json-items.js';
import { readNvdRecord } from './nvd-record.js';

/** As fetched; a year has some 20 MB. */
const MAX_FILE_BYTES = 2 ** 30;
/** Uncompressed; a year has some 200 MB. */
const MAX_BYTES = 2 ** 32;

/** NVD has no file for the years before: they are in this one. */
const FIRST_YEAR = 2002;

/** NVD's yearly files of version 2.0, `nvdcve-2.0-2024.json.gz`: how a mirror holds its data. */
export const nvdFiles: ScoreFeedPlugin = {
  name: 'nvd',
  publicUrl: FEED_URLS.nvd,
  files: async () => yearly(new Date().getUTCFullYear()),
  read: readNvd,
};

function yearly(lastYear: number): FeedFile[] {
  return Array.from({ length: lastYear - FIRST_YEAR + 1 }, (_, index) => {
    const part = String(FIRST_YEAR + index);
    return { part, path: `nvdcve-2.0-${part}.json.gz`, maxBytes: MAX_FILE_BYTES, optional: true };
  });
}

async function* readNvd(path: string, part: string, signal: AbortSignal): AsyncGenerator<ScoredRecord> {
  const name = `nvdcve-2.0-${part}.json.gz`;
  let index = 0;
  for await (const { value } of readJsonItems(path, ['$.vulnerabilities.*'], { name, maxBytes: MAX_BYTES, signal })) {
    yield readNvdRecord(value, index);
    index += 1;
  }
  if (index === 0)
    throw new PlimsollError('feed_source_invalid', `${name} holds no "vulnerabilities" of NVD's version 2.0.`);
}
