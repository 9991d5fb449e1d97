import { PlimsollError } from '../../model/error.js';
import type { ChangedDocument, ChangedDocuments, DocumentChanges, FeedFiles } from '../feed-plugin.js';
import { timeOf } from '../feed-text.js';
import { isMissing } from '../open-feed-source.js';
import { MAX_DOCUMENT_BYTES } from './vex-archive.js';

/** Of `changes.csv`, which has a line for each of some 300,000 documents. */
const MAX_LIST_BYTES = 2 ** 26;

/** changes.csv and deletions.csv, whose lines are `"2024/cve-2024-10041.json","2025-02-18T14:28:08+00:00"`. */
export const redhatChanges: DocumentChanges = {
  lists: ['changes.csv', 'deletions.csv'],
  maxBytes: MAX_DOCUMENT_BYTES,
  since: changesSince,
};

/** `2024/cve-2024-10041.json` → `REDHAT-CVE-2024-10041`; undefined for another name. */
export function idOfDocument(path: string): string | undefined {
  const cve = /(?:^|\/)(cve-\d{4}-\d{4,19})\.json$/.exec(path)?.[1];
  return cve && `REDHAT-${cve.toUpperCase()}`;
}

async function changesSince(source: FeedFiles, since: Date): Promise<ChangedDocuments> {
  const changed = parseList(await source.text('changes.csv', MAX_LIST_BYTES), 'changes.csv');
  const deleted = parseList(await deletions(source), 'deletions.csv');
  const isNew = ({ time }: ChangedDocument) => time >= since;
  // Oldest first, so that of a document that is listed twice the last is the newest.
  changed.sort((a, b) => a.time.getTime() - b.time.getTime());
  const published = new Map(changed.map((document) => [document.id, document]));
  // One that was published again after it had been taken away is in both.
  const takenAway = deleted.filter(({ id, time }) => time >= (published.get(id)?.time ?? new Date(0)));
  for (const { id } of takenAway) published.delete(id);
  return {
    changed: [...published.values()].filter(isNew).sort((a, b) => a.time.getTime() - b.time.getTime()),
    deleted: takenAway.filter(isNew).map(({ id }) => id),
    newest: changed.at(-1)?.time ?? null,
  };
}

/** A mirror without it keeps what was taken away until its next archive, which is the safe side. */
async function deletions(source: FeedFiles): Promise<string> {
  try {
    return await source.text('deletions.csv', MAX_LIST_BYTES);
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

/** @throws PlimsollError `feed_source_invalid` */
function parseList(text: string, name: string): ChangedDocument[] {
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const [, path, time] = /^"?(\d{4}\/cve-\d{4}-\d{4,19}\.json)"?,"?([\dT:.+Z-]+)"?\s*$/.exec(line) ?? [];
    const id = path && idOfDocument(path);
    if (path === undefined || time === undefined || id === undefined) {
      const message = `${name} cannot be used: expected a document and a time, got ${JSON.stringify(line.slice(0, 100))}.`;
      throw new PlimsollError('feed_source_invalid', message);
    }
    return [{ id, path, time: timeOf(time) }];
  });
}
