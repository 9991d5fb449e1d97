import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { VersionScheme } from '../version/scheme.js';
import type { AliasIndex, Concern, Vulnerability } from './alias.js';
import { type Rating, rate } from './rating.js';
import { state, type Verdict, weigh } from './verdict.js';

/** The records that name one package, with what they say about it. */
type NamingRecords = ReadonlyMap<Advisory, AffectedPackage[]>;

/** One vulnerability that affects one version of a package, or may: the same for every binary built from it. */
export interface Conclusion {
  vulnerability: Vulnerability;
  verdict: Exclude<Verdict, { status: 'not_affected' }>;
  /** Ids of the records that say so, sorted. */
  advisories: string[];
  rating: Rating;
  /** What a record says in a line; null where none does. */
  summary: string | null;
}

/** Sorted by the vulnerability's id. */
export function conclude(
  version: string,
  records: NamingRecords,
  concerns: readonly Concern[],
  aliases: AliasIndex,
  scheme: VersionScheme,
): Conclusion[] {
  const statements = new Map(
    [...records].map(([advisory, entries]) => [advisory, state(advisory, entries, version, scheme)]),
  );
  const conclusions: Conclusion[] = [];
  for (const concern of concerns) {
    const about = concern.naming.flatMap((advisory) => statements.get(advisory) ?? []);
    const verdict = weigh(about, scheme);
    if (verdict.status === 'not_affected') continue;
    const vulnerability = aliases.describe(concern);
    const others = about.filter((statement) => !verdict.says.includes(statement));
    conclusions.push({
      vulnerability,
      verdict,
      advisories: verdict.says.map(({ advisory }) => advisory.id).sort(),
      rating: rate(verdict.says, others, vulnerability.linked),
      summary: summaryOf(concern.naming),
    });
  }
  return conclusions.sort((a, b) => (a.vulnerability.id < b.vulnerability.id ? -1 : 1));
}

/** A record about this vulnerability alone says best what it is; some databases repeat the id as summary. */
function summaryOf(naming: readonly Advisory[]): string | null {
  const told = naming.filter((record) => record.summary !== '' && record.summary !== record.id);
  const [best] = told.sort((a, b) => a.upstream.length - b.upstream.length || (a.id < b.id ? -1 : 1));
  return best?.summary ?? null;
}
