import { z } from 'zod';
import { PlimsollError } from '../../model/error.js';
import { FEED_URLS } from '../../model/feed.js';
import { CVE_ID, DAY, entryName } from '../cve-id.js';
import type { ScoreFeedPlugin } from '../feed-plugin.js';
import type { ScoredRecord } from '../feed-record.js';
import { readJsonItems } from '../json-items.js';
import { describeFault } from '../record-fault.js';

const FILE = 'known_exploited_vulnerabilities.json';
/** Bytes; the catalog has some 2 MB. */
const MAX_BYTES = 2 ** 28;

/** CISA's catalog of Known Exploited Vulnerabilities, by its JSON schema. */
export const kevFeed: ScoreFeedPlugin = {
  name: 'kev',
  publicUrl: FEED_URLS.kev,
  files: async () => [{ part: 'catalog', path: FILE, maxBytes: MAX_BYTES }],
  read: readKev,
};

async function* readKev(path: string, _part: string, signal: AbortSignal): AsyncGenerator<ScoredRecord> {
  let index = 0;
  for await (const { value } of readJsonItems(path, ['$.vulnerabilities.*'], {
    name: FILE,
    maxBytes: MAX_BYTES,
    signal,
  })) {
    yield recordOf(value, index);
    index += 1;
  }
  if (index === 0) {
    throw new PlimsollError('feed_source_invalid', `${FILE} holds no "vulnerabilities" of CISA's catalog.`);
  }
}

const RECORD = z.object({
  cveID: CVE_ID,
  dateAdded: DAY,
  dueDate: z.union([z.literal('').transform(() => null), DAY]).nullish(),
  knownRansomwareCampaignUse: z.string().nullish(),
});

function recordOf(value: unknown, index: number): ScoredRecord {
  const parsed = RECORD.safeParse(value);
  if (!parsed.success) {
    const id = z.object({ cveID: z.string() }).safeParse(value).data?.cveID;
    return { rejected: { entry: entryName(id, index), reason: describeFault(parsed.error) } };
  }
  const { cveID, dateAdded, dueDate, knownRansomwareCampaignUse } = parsed.data;
  const ransomware = knownRansomwareCampaignUse?.trim().toLowerCase() === 'known';
  return { scores: { id: cveID, kev: { dateAdded, dueDate: dueDate ?? null, ransomware } } };
}
