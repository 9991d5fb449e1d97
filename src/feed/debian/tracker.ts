import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedRecord, RejectedRecord } from '../feed-record.js';
import { readJsonItems } from '../json-items.js';
import { Pause } from '../pause.js';
import { describeFault, printable } from '../record-fault.js';
import { affectedOf, ofTestingAndUnstable } from './judgement.js';
import { ecosystemOfRelease, orderOfRelease } from './releases.js';
import { IssueReader, type ReleaseJudgements, type TrackerIssue } from './tracker-issue.js';

/**
 * Reads the tracker's JSON, `{"openssl": {"CVE-2023-0464": {"releases": {"bookworm": {…}}}}}`: one advisory for each
 * issue, with an entry for each package and release that the tracker judged. The file is by package, so all of it is
 * held, without what is not needed, before the first record comes.
 *
 * Measured on a file of the size of the public one (61 MB, 63,000 pairs of package and issue in five releases each) on 2
 * busy cores: 20,000 pairs/s of processor time at a resident size of 255 MB; four times as much takes 445 MB.
 *
 * @throws PlimsollError `feed_source_invalid` when it is not the tracker's JSON, or not whole
 */
export async function* readTracker(
  path: string,
  options: { name: string; maxBytes: number; signal: AbortSignal },
): AsyncGenerator<FeedRecord> {
  const issues = new Issues();
  const pause = new Pause();
  let first: RejectedRecord | null = null;
  for await (const { keys, value } of readJsonItems(path, ['$.*.*'], options)) {
    await pause.whenDue();
    const rejected = issues.add(String(keys[0]), String(keys[1]), value);
    if (rejected) yield { rejected };
    first ??= rejected;
    if (issues.pairs > MAX_PAIRS) throw tooMany(options.name);
  }
  if (issues.pairs === 0) throw invalid(options.name, first);
  for (const codename of issues.unknownReleases()) yield { rejected: releaseUnknown(codename) };
  for (const advisory of issues.advisories()) {
    await pause.whenDue();
    yield { advisory };
  }
}

/** Of package and issue: some ten times what there is. */
const MAX_PAIRS = 1_000_000;

/** What was judged of one issue, by package. */
interface Issue {
  description: string;
  packages: { name: string; releases: ReleaseJudgements }[];
}

class Issues {
  /** Of package and issue. */
  pairs = 0;
  private readonly byId = new Map<string, Issue>();
  private readonly codenames = new Set<string>();
  private package = '';
  private reader = new IssueReader();

  /** @returns why the issue was left out; null when it was not */
  add(name: string, id: string, value: unknown): RejectedRecord | null {
    if (name !== this.package) {
      this.package = name;
      this.reader = new IssueReader();
    }
    try {
      if (!isName(name)) throw new Error('expected the name of a package');
      if (!ISSUE_ID.test(id)) throw new Error('expected the id of an issue, CVE-2024-1234 or TEMP-0000000-ABCDEF');
      this.keep(id, this.reader.read(value));
      return null;
    } catch (error) {
      const entry = printable(`${name} ${id}`);
      return { entry, reason: describeFault(error), ...(ISSUE_ID.test(id) && { id: `DEBIAN-${id}` }) };
    }
  }

  /** Codenames that stand for no release known here, so that what is said of them is lost. */
  unknownReleases(): string[] {
    return [...this.codenames].filter((name) => !UNNUMBERED.has(name) && orderOfRelease(name) < 0);
  }

  *advisories(): Generator<Advisory> {
    const testing = this.testing();
    for (const [id, { description, packages }] of this.byId) {
      const affected = packages.flatMap(({ name, releases }) => entriesOf(name, releases, testing));
      yield {
        id: `DEBIAN-${id}`,
        aliases: [],
        upstream: [id],
        summary: description,
        severity: null,
        cvss: [],
        url: `https://security-tracker.debian.org/tracker/${encodeURIComponent(id)}`,
        // The tracker does not say when it changed what.
        modified: new Date(0),
        withdrawn: null,
        affected,
      };
    }
  }

  private keep(id: string, { description, releases }: TrackerIssue): void {
    this.pairs++;
    for (const [codename] of releases) this.codenames.add(codename);
    const judged = { name: this.package, releases };
    const issue = this.byId.get(id);
    if (issue) issue.packages.push(judged);
    else this.byId.set(id, { description, packages: [judged] });
  }

  /**
   * The newest release that the tracker names is testing, since it follows that and unstable always. Not so while it
   * names one that is not known here.
   */
  private testing(): string | null {
    if (this.unknownReleases().length > 0) return null;
    let newest: string | null = null;
    for (const codename of this.codenames) {
      if (orderOfRelease(codename) > (newest === null ? -1 : orderOfRelease(newest))) newest = codename;
    }
    return newest;
  }
}

const UNSTABLE = 'sid';
/** No image is of experimental, which has single packages only. */
const UNNUMBERED: ReadonlySet<string> = new Set([UNSTABLE, 'experimental']);

const ISSUE_ID = /^(?:CVE-\d{4}-\d{4,15}|TEMP-\d{1,15}-[0-9A-Za-z]{1,40})$/;

function entriesOf(name: string, releases: ReleaseJudgements, testing: string | null): AffectedPackage[] {
  const unstable = releases.find(([codename]) => codename === UNSTABLE)?.[1];
  const entries: AffectedPackage[] = [];
  let hasTesting = false;
  for (const [codename, judgement] of releases) {
    const ecosystem = ecosystemOfRelease(codename);
    if (ecosystem === null) continue;
    const isTesting = codename === testing;
    hasTesting ||= isTesting;
    const held = isTesting && unstable ? ofTestingAndUnstable(judgement, unstable) : judgement;
    entries.push(affectedOf(ecosystem, name, held));
  }
  const ecosystem = testing === null ? null : ecosystemOfRelease(testing);
  if (unstable && !hasTesting && ecosystem !== null) entries.push(affectedOf(ecosystem, name, unstable));
  return entries;
}

/** Far above what Debian has. */
function isName(name: string): boolean {
  return name.length > 0 && name.length <= 250 && !/[\s\p{Cc}]/u.test(name);
}

function releaseUnknown(codename: string): RejectedRecord {
  const reason = 'no number is known here for this release of Debian, so what is said of it was left out';
  return { entry: printable(`release ${codename}`), reason };
}

function invalid(name: string, first: RejectedRecord | null): PlimsollError {
  const why = first ? `${first.entry}: ${first.reason}` : 'it names no issue';
  const message = `${name} is not the JSON of Debian's security tracker: ${why}. Check PLIMSOLL_DEBIAN_SOURCE.`;
  return new PlimsollError('feed_source_invalid', message);
}

function tooMany(name: string): PlimsollError {
  const message = `${name} has over ${MAX_PAIRS} pairs of package and issue, which is more than Debian's tracker can have.`;
  return new PlimsollError('limit_exceeded', message);
}
