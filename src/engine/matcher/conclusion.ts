import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { VersionScheme } from '../version/scheme.js';
import type { AliasIndex, Concern, Vulnerability } from './alias.js';
import { type Rating, rate } from './rating.js';
import { type Statement, state, type Verdict, weigh } from './verdict.js';

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

/** What the records about one vulnerability say of one version, whether or not it is affected. */
export interface Weighed {
  concern: Concern;
  statements: Statement[];
  verdict: Verdict;
}

export function weighAll(
  version: string,
  records: NamingRecords,
  concerns: readonly Concern[],
  scheme: VersionScheme,
): Weighed[] {
  const stated = new Map(
    [...records].map(([advisory, entries]) => [advisory, state(advisory, entries, version, scheme)]),
  );
  return concerns.map((concern) => {
    const statements = concern.naming.flatMap((advisory) => stated.get(advisory) ?? []);
    return { concern, statements, verdict: weigh(statements, scheme) };
  });
}

/** Sorted by the vulnerability's id. */
export function conclude(weighed: readonly Weighed[], aliases: AliasIndex): Conclusion[] {
  const conclusions: Conclusion[] = [];
  for (const { concern, statements, verdict } of weighed) {
    if (verdict.status === 'not_affected') continue;
    const vulnerability = aliases.describe(concern);
    const others = statements.filter((statement) => !verdict.says.includes(statement));
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
export function summaryOf(naming: readonly Advisory[]): string | null {
  const told = naming.filter((record) => record.summary !== '' && record.summary !== record.id);
  const [best] = told.sort((a, b) => a.upstream.length - b.upstream.length || (a.id < b.id ? -1 : 1));
  return best?.summary ?? null;
}
