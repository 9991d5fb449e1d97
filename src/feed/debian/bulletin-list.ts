import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedRecord, RejectedRecord } from '../feed-record.js';
import { textOf } from '../file-content.js';
import { printable } from '../record-fault.js';
import { affectedOf, type Judgement } from './judgement.js';
import { ecosystemOfRelease } from './releases.js';
import { severityOfUrgency } from './urgency.js';

/**
 * Reads `data/DSA/list`, `data/DLA/list` or `data/DTSA/list` of the tracker's repository:
 *
 *     [21 Nov 2005] DSA-903-1 unzip - race condition
 *             {CVE-2005-2475}
 *             [woody] - unzip 5.50-1woody4
 *             [sarge] - unzip <not-affected> (Vulnerable code not present)
 *             NOTE: fixed in testing at time of DSA
 *
 * The format is that of the tracker's documentation, "The DSA list", and of its parsers. A bulletin that names no
 * package of a release, as one that announces the end of support, is none here.
 *
 * @throws PlimsollError `feed_source_invalid` when it is no such list
 */
export async function* readBulletinList(
  path: string,
  options: { name: string; maxBytes: number; signal: AbortSignal },
): AsyncGenerator<FeedRecord> {
  const bulletins = new Bulletins();
  let rest = '';
  for await (const text of textOf(path, options)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw invalid(options.name, 'it has lines without an end');
    for (const line of lines) bulletins.addLine(line);
  }
  bulletins.addLine(rest);
  if (bulletins.headers === 0) throw invalid(options.name, 'it has no line like [21 Nov 2005] DSA-903-1 unzip');
  for (const rejected of bulletins.rejected) yield { rejected };
  for (const advisory of bulletins.byId.values()) if (advisory.affected.length > 0) yield { advisory };
}

/** The longest that there is has some 4,000 characters of CVEs. */
const MAX_LINE = 1_000_000;

class Bulletins {
  readonly byId = new Map<string, Advisory>();
  readonly rejected: RejectedRecord[] = [];
  headers = 0;
  private current: Advisory | null = null;
  private lineNumber = 0;

  addLine(line: string): void {
    this.lineNumber++;
    const text = line.trim();
    if (text === '') return;
    if (!/^\s/.test(line)) this.addHeader(text);
    else if (this.current) this.addAnnotation(this.current, text);
    else this.reject(text, 'it belongs to no bulletin');
  }

  private addHeader(text: string): void {
    this.current = null;
    if (OUTSIDE.test(text)) return;
    const header = HEADER.exec(text)?.groups;
    const date = header && dateOf(header);
    if (!header?.id || !date) {
      this.reject(text, 'expected [21 Nov 2005] DSA-903-1 and what it is about');
      return;
    }
    this.headers++;
    const { id, about = '' } = header;
    // An id that comes twice is one bulletin: ids of a feed's part are unique.
    this.current = this.byId.get(id) ?? bulletin(id, date, about.slice(0, 300));
    this.byId.set(id, this.current);
  }

  private addAnnotation(advisory: Advisory, text: string): void {
    if (/^(?:NOTE|TODO):/.test(text)) return;
    if (text.startsWith('{')) {
      // Other cross references, as to another bulletin, name no vulnerability.
      const cves = text.match(/CVE-\d{4}-\d{4,15}(?!\d)/g) ?? [];
      advisory.upstream = [...new Set([...advisory.upstream, ...cves])];
      return;
    }
    const entry = packageOf(text);
    if (typeof entry === 'string') this.reject(`${advisory.id}: ${text}`, entry);
    else advisory.affected.push(entry);
  }

  private reject(text: string, reason: string): void {
    const entry = `line ${this.lineNumber}, ${printable(text)}`;
    this.rejected.push({ entry, reason });
  }
}

/** Marks of the people who edit the list. */
const OUTSIDE = /^(?:--|STOP:|begin claimed by |end claimed by )/;

/** `[21 Nov 2005] DSA-903-1 …`; DTSAs have `[August 26th, 2005]`. The first DSAs have no revision. */
const HEADER =
  /^\[(?:(?<day>\d{1,2}) (?<month>[A-Z][a-z]{2,8})|(?<monthFirst>[A-Z][a-z]{2,8}) (?<dayLater>\d{1,2})(?:st|nd|rd|th),) (?<year>\d{4})\] +(?<id>(?:DSA|DLA|DTSA)-\d{1,9}(?:-\d{1,9})?)(?: +(?<about>.*))?$/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function dateOf(header: Record<string, string | undefined>): Date | null {
  const month = MONTHS.indexOf((header.month ?? header.monthFirst ?? '').slice(0, 3).toLowerCase());
  const date = new Date(Date.UTC(Number(header.year), month, Number(header.day ?? header.dayLater)));
  return month < 0 || Number.isNaN(date.getTime()) ? null : date;
}

function bulletin(id: string, date: Date, summary: string): Advisory {
  const url = `https://security-tracker.debian.org/tracker/${id}`;
  const nothing = { aliases: [], severity: null, cvss: [], withdrawn: null };
  return { id, ...nothing, upstream: [], summary, url, modified: date, affected: [] };
}

/** `[sarge] - unzip 5.52-1sarge2 (bug #1; medium)`, or a word in place of the version. */
const PACKAGE =
  /^\[(?<release>[a-z]{1,40})\]\s+-\s+(?<name>[A-Za-z0-9:.+-]{1,250})(?:\s+(?:<(?<word>[a-z-]{1,40})>|(?<version>[A-Za-z0-9:.+~-]{1,250})))?(?:\s+\((?<notes>.*)\))?$/;

/** What is wrong, as text. */
function packageOf(text: string): AffectedPackage | string {
  const groups = PACKAGE.exec(text)?.groups;
  if (!groups?.release || !groups.name) return 'expected [release] - package and a version';
  const ecosystem = ecosystemOfRelease(groups.release);
  if (ecosystem === null) return `no number is known here for the release ${groups.release} of Debian`;
  const judgement = judgementOf(groups.word, groups.version, groups.notes ?? '');
  return typeof judgement === 'string' ? judgement : affectedOf(ecosystem, groups.name, judgement);
}

function judgementOf(word: string | undefined, version: string | undefined, notes: string): Judgement | string {
  const [severity = null] = notes.split(';').flatMap((note) => severityOfUrgency(note.trim()) ?? []);
  if (version !== undefined) return { kind: 'fixed', severity, versions: [version] };
  switch (word) {
    case 'not-affected':
      return { kind: 'not_affected' };
    case 'undetermined':
      return { kind: 'undetermined', severity };
    case 'end-of-life':
      return { kind: 'open', severity, fixState: 'end_of_life' };
    case 'ignored':
      return { kind: 'open', severity, fixState: 'wont_fix' };
    case 'no-dsa':
    case 'postponed':
      return { kind: 'open', severity, fixState: 'deferred' };
    // The tracker reads a line without a version so too; what was removed is still there where it is installed.
    case undefined:
    case 'unfixed':
    case 'removed':
      return { kind: 'open', severity, fixState: undefined };
    default:
      return `"<${word}>" is no word that the tracker's parsers know`;
  }
}

function invalid(name: string, why: string): PlimsollError {
  const message = `${name} is not a list of Debian's bulletins: ${why}. Check PLIMSOLL_DEBIAN_SOURCE.`;
  return new PlimsollError('feed_source_invalid', message);
}
