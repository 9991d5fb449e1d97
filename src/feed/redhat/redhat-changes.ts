import { PlimsollError } from '../../model/error.js';
import type { FeedFiles } from '../feed-plugin.js';
import { timeOf } from '../feed-text.js';

/** What Red Hat published since a time, document by document. */
export interface RedHatChanges {
  /** Relative to the source, oldest change first: `2024/cve-2024-10041.json`. */
  changed: { path: string; time: Date }[];
  /** Ids of records whose document was taken away since: `REDHAT-CVE-2024-10041`. */
  deleted: string[];
}

/** Of `changes.csv`, which has a line for each of some 300,000 documents. */
const MAX_LIST_BYTES = 2 ** 26;

/**
 * Asks changes.csv and deletions.csv, whose lines are `"2024/cve-2024-10041.json","2025-02-18T14:28:08+00:00"`.
 *
 * @throws PlimsollError
 */
export async function changesSince(source: FeedFiles, since: Date): Promise<RedHatChanges> {
  const changed = parseList(await source.text('changes.csv', MAX_LIST_BYTES), 'changes.csv');
  const deleted = parseList(await source.text('deletions.csv', MAX_LIST_BYTES), 'deletions.csv');
  const isNew = ({ time }: { time: Date }) => time > since;
  // One that was published again after it had been taken away is in both.
  const published = new Map(changed.map(({ path, time }) => [path, time]));
  return {
    changed: changed.filter(isNew).sort((a, b) => a.time.getTime() - b.time.getTime()),
    deleted: deleted
      .filter(isNew)
      .filter(({ path, time }) => time >= (published.get(path) ?? new Date(0)))
      .map(({ path }) => `REDHAT-${/([^/]+)\.json$/.exec(path)?.[1]?.toUpperCase()}`),
  };
}

/** @throws PlimsollError `feed_source_invalid` */
function parseList(text: string, name: string): { path: string; time: Date }[] {
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const [, path, time] = /^"?(\d{4}\/cve-\d{4}-\d{4,19}\.json)"?,"?([\dT:.+Z-]+)"?\s*$/.exec(line) ?? [];
    if (path === undefined || time === undefined) {
      const message = `${name} cannot be used: expected a document and a time, got ${JSON.stringify(line.slice(0, 100))}.`;
      throw new PlimsollError('feed_source_invalid', message);
    }
    return [{ path, time: timeOf(time) }];
  });
}
