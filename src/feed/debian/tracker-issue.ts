import { z } from 'zod';
import type { AffectedPackage } from '../../model/advisory.js';
import type { Judgement } from './judgement.js';
import { severityOfUrgency } from './urgency.js';

/** One issue in one package, as the tracker's JSON has it: `{"openssl": {"CVE-2023-0464": THIS}}`. */
export interface TrackerIssue {
  description: string;
  releases: ReleaseJudgements;
}

/** By codename, in the order of the file. */
export type ReleaseJudgements = readonly (readonly [codename: string, Judgement])[];

/** Reads the issues of one package. Those that one upload fixed were judged alike, so each judgement is kept once. */
export class IssueReader {
  private readonly judgements = new Map<string, Judgement>();
  private readonly lists = new Map<string, ReleaseJudgements>();

  /** @throws z.ZodError, Error when it does not have the form of the tracker; see `faultOf` */
  read(json: unknown): TrackerIssue {
    const { description, releases } = ISSUE.parse(json);
    return { description: oneLine(description ?? ''), releases: this.listOf(releases) };
  }

  private listOf(releases: Record<string, Release>): ReleaseJudgements {
    const list: [string, Judgement][] = [];
    let key = '';
    for (const [codename, release] of Object.entries(releases)) {
      const said = keyOf(release);
      let judgement = this.judgements.get(said);
      if (!judgement) {
        judgement = judgementOf(release);
        this.judgements.set(said, judgement);
      }
      list.push([codename, judgement]);
      key += `${codename}\0${said}\0`;
    }
    const known = this.lists.get(key);
    if (known) return known;
    this.lists.set(key, list);
    return list;
  }
}

/** As OSV's: far above what Debian has; longer ones could not be stored under an index. */
const MAX_VERSION = 1000;

const RELEASE = z.object({
  status: z.string(),
  repositories: z.unknown().optional(),
  fixed_version: z.string().max(MAX_VERSION).nullish(),
  urgency: z.string().nullish(),
  nodsa: z.string().nullish(),
  nodsa_reason: z.string().nullish(),
});
const REPOSITORIES = z.record(z.string(), z.string().max(MAX_VERSION));
const ISSUE = z.object({ description: z.string().nullish(), releases: z.record(z.string(), RELEASE) });

type Release = z.infer<typeof RELEASE>;

/** All that a judgement depends on. */
function keyOf(release: Release): string {
  const { status, fixed_version: fixed, urgency, nodsa, nodsa_reason: reason } = release;
  const key = `${status}\0${fixed ?? ''}\0${urgency ?? ''}\0${reason ?? (typeof nodsa === 'string' ? '' : '-')}`;
  return hasVersion(fixed) ? key : `${key}\0${JSON.stringify(release.repositories)}`;
}

function judgementOf(release: Release): Judgement {
  const severity = severityOfUrgency(release.urgency ?? '');
  switch (release.status) {
    case 'resolved':
      return resolved(release);
    case 'open':
      return { kind: 'open', severity, fixState: fixStateOf(release) };
    // A word that is not known here may mean anything, so it is not clean.
    default:
      return { kind: 'undetermined', severity };
  }
}

/** `0` is how the tracker writes `<not-affected>`. */
function resolved({ fixed_version: fixed, repositories, urgency }: Release): Judgement {
  if (fixed === '0') return { kind: 'not_affected' };
  const severity = severityOfUrgency(urgency ?? '');
  // Without one, the versions that the release has now are all that is known to be fixed.
  const versions = hasVersion(fixed) ? [fixed] : [...new Set(Object.values(REPOSITORIES.parse(repositories ?? {})))];
  const odd = versions.find((version) => !/^[\x21-\x7e]+$/.test(version));
  if (odd !== undefined) throw new Error(`expected a version, got ${JSON.stringify(odd.slice(0, 40))}`);
  return versions.length > 0 ? { kind: 'fixed', severity, versions } : { kind: 'undetermined', severity };
}

/** Where a note has no version, the field is absent, or has the word for it. */
function hasVersion(fixed: string | null | undefined): fixed is string {
  return typeof fixed === 'string' && fixed !== '' && fixed !== 'undetermined';
}

/**
 * The tracker's documentation, "Issues not warranting a security advisory": `ignored` gets no update, `postponed` one
 * together with others. What has neither is minor, and may be fixed by a point release.
 */
function fixStateOf({ urgency, nodsa, nodsa_reason: reason }: Release): AffectedPackage['fixState'] {
  if (urgency === 'end-of-life') return 'end_of_life';
  if (reason === 'ignored') return 'wont_fix';
  return typeof nodsa === 'string' || typeof reason === 'string' ? 'deferred' : undefined;
}

const MAX_DESCRIPTION = 300;

/** NVD's text, whose first sentences say what it is. */
function oneLine(text: string): string {
  const line = text
    .slice(0, 2 * MAX_DESCRIPTION)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (line.length <= MAX_DESCRIPTION) return line;
  const cut = line.lastIndexOf(' ', MAX_DESCRIPTION - 1);
  const kept = `${line.slice(0, cut > 0 ? cut : MAX_DESCRIPTION - 1)}…`;
  // A copy: a slice would keep the whole text in memory.
  return Buffer.from(kept).toString();
}
