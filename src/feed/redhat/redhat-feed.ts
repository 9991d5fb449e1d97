import { PlimsollError } from '../../model/error.js';
import type { AdvisoryFeedPlugin, FeedFile, FeedFiles } from '../feed-plugin.js';
import type { FeedRecord } from '../feed-record.js';
import { summaryOf } from '../feed-text.js';
import { describeFault } from '../record-fault.js';
import { parseVex } from './redhat-advisory.js';
import { idOfDocument, redhatChanges } from './redhat-changes.js';
import { archivedDocuments } from './vex-archive.js';

const MAX_LATEST_BYTES = 4096;
const MAX_ARCHIVE_BYTES = 2 ** 32;

/** Red Hat's judgement of each CVE (CSAF VEX), of which Red Hat Enterprise Linux is kept. */
export const redhatFeed: AdvisoryFeedPlugin = {
  name: 'redhat',
  publicUrl: 'https://security.access.redhat.com/data/csaf/v2/vex/',

  async files(source: FeedFiles): Promise<FeedFile[]> {
    const latest = (await source.text('archive_latest.txt', MAX_LATEST_BYTES)).trim();
    if (!/^csaf_vex_[\d-]+\.tar(?:\.\w+)?$/.test(latest)) {
      const message = `archive_latest.txt names ${JSON.stringify(latest.slice(0, 100))}: expected csaf_vex_YYYY-MM-DD.tar.zst.`;
      throw new PlimsollError('feed_source_invalid', message);
    }
    return [{ part: 'vex', path: latest, maxBytes: MAX_ARCHIVE_BYTES, ...asOf(latest) }];
  },

  changes: redhatChanges,
  read: readVex,
};

/** Also reads a single document, `2024/cve-2024-10041.json`. */
async function* readVex(path: string, part: string, signal: AbortSignal): AsyncGenerator<FeedRecord> {
  const name = `The archive of Red Hat's VEX documents (${part})`;
  let documents = 0;
  for await (const document of archivedDocuments(path, name, signal)) {
    signal.throwIfAborted();
    documents++;
    const entry = summaryOf(document.name).slice(-100);
    const known = idOfDocument(document.name);
    const id = known === undefined ? {} : { id: known };
    if ('oversized' in document) {
      yield { rejected: { entry, reason: 'it is too large', ...id } };
      continue;
    }
    try {
      for (const advisory of parseVex(JSON.parse(document.text))) yield { advisory };
    } catch (error) {
      yield { rejected: { entry, reason: describeFault(error), ...id } };
    }
  }
  if (documents === 0) throw new PlimsollError('feed_source_invalid', `${name} holds no document.`);
}

/** It is made within the day that its name says. */
function asOf(archive: string): { asOf?: Date } {
  const [day] = /\d{4}-\d{2}-\d{2}/.exec(archive) ?? [];
  const time = day === undefined ? Number.NaN : Date.parse(day);
  return Number.isNaN(time) ? {} : { asOf: new Date(time) };
}
