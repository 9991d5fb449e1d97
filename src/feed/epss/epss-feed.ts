import { PlimsollError } from '../../model/error.js';
import { FEED_URLS } from '../../model/feed.js';
import { CVE_ID, DAY, entryName } from '../cve-id.js';
import type { ScoreFeedPlugin } from '../feed-plugin.js';
import type { ScoredRecord } from '../feed-record.js';
import { textOf } from '../file-content.js';
import { Pause } from '../pause.js';

const FILE = 'epss_scores-current.csv.gz';
/** Bytes; a day's scores have some 2 MB, and 10 uncompressed. */
const MAX_BYTES = 2 ** 28;

/**
 * FIRST's scores of one day: a comment `#model_version:…,score_date:…`, the names of the columns, and a line for each CVE.
 * https://www.first.org/epss/data_stats
 */
export const epssFeed: ScoreFeedPlugin = {
  name: 'epss',
  publicUrl: FEED_URLS.epss,
  files: async () => [{ part: 'scores', path: FILE, maxBytes: MAX_BYTES }],
  read: readEpss,
};

async function* readEpss(path: string, _part: string, signal: AbortSignal): AsyncGenerator<ScoredRecord> {
  const pause = new Pause();
  let date: string | null = null;
  let columns: Columns | null = null;
  let rest = '';
  let index = 0;
  for await (const text of textOf(path, { name: FILE, maxBytes: MAX_BYTES, signal })) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw invalid('a line has no end');
    for (const line of lines) {
      const row = line.trim();
      if (row === '') continue;
      if (row.startsWith('#')) {
        date ??= dateOf(row);
        continue;
      }
      if (columns === null) {
        columns = columnsOf(row);
        continue;
      }
      yield recordOf(row.split(','), columns, date ?? dateMissing(), index);
      index += 1;
    }
    await pause.whenDue();
  }
  if (columns === null) throw invalid('it has no line of columns');
  if (index === 0) throw invalid('it has no scores');
  // FIRST ends every line; a last one without its end was cut.
  if (rest.trim() !== '') throw invalid('it ends within a line');
}

const MAX_LINE = 10_000;

function dateOf(comment: string): string | null {
  const day = DAY.safeParse(/score_date:\s*([^,]+)/.exec(comment)?.[1]);
  return day.success ? day.data : null;
}

interface Columns {
  cve: number;
  epss: number;
  percentile: number;
}

function columnsOf(row: string): Columns {
  const names = row.split(',').map((name) => name.trim().toLowerCase());
  const columns = { cve: names.indexOf('cve'), epss: names.indexOf('epss'), percentile: names.indexOf('percentile') };
  if (Object.values(columns).includes(-1)) {
    throw invalid(`expected the columns cve, epss and percentile, got ${JSON.stringify(row.slice(0, 80))}`);
  }
  return columns;
}

function recordOf(row: string[], columns: Columns, date: string, index: number): ScoredRecord {
  const id = CVE_ID.safeParse(row[columns.cve] ?? '');
  const probability = share(row[columns.epss]);
  const percentile = share(row[columns.percentile]);
  if (!id.success || probability === null || percentile === null) {
    const reason = `expected a CVE and two numbers from 0 to 1, got ${JSON.stringify(row.join(',').slice(0, 80))}`;
    return { rejected: { entry: entryName(row[columns.cve], index), reason } };
  }
  return { scores: { id: id.data, epss: { probability, percentile, date } } };
}

/** From 0 to 1; null for anything else. */
function share(text: string | undefined): number | null {
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return number >= 0 && number <= 1 ? number : null;
}

function dateMissing(): never {
  throw invalid('it does not say of which day it is (score_date)');
}

function invalid(why: string): PlimsollError {
  return new PlimsollError(
    'feed_source_invalid',
    `${FILE} cannot be read: ${why}. Sync again; a mirror has to fetch it again first.`,
  );
}
