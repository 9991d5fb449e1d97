import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import { schemeOf } from '../version/scheme.js';
import type { AliasIndex, Concern, Vulnerability } from './alias.js';
import { claimsOf } from './claim.js';
import { ReleaseUploads } from './debian-suite.js';
import { type CvssScores, type Rating, rate } from './rating.js';
import type { Subject } from './subject.js';
import { ofFlavour, type Statement, state, type Verdict, weigh } from './verdict.js';

/** The records that name one package, with what they say about it. */
export type NamingRecords = ReadonlyMap<Advisory, readonly AffectedPackage[]>;

/** One vulnerability that affects one version of a package, or may: the same for every binary built from it. */
export interface Conclusion {
  vulnerability: Vulnerability;
  verdict: Exclude<Verdict, { status: 'not_affected' }>;
  /** Ids of the records that say so, sorted. */
  advisories: string[];
  /** What the other records say that name the package. */
  others: readonly Statement[];
  /** What a record says in a line; null where none does. */
  summary: string | null;
}

/** What the records about one vulnerability say of one version, whether or not it is affected. */
export interface Weighed {
  concern: Concern;
  statements: readonly Statement[];
  verdict: Verdict;
}

export function weighAll(subject: Subject, records: NamingRecords, concerns: readonly Concern[]): Weighed[] {
  const scheme = schemeOf(subject.package.type);
  const uploads = new ReleaseUploads(records, scheme);
  const stated = new Map<Advisory, Statement>();
  for (const [advisory, entries] of records) {
    const statement = state(advisory, claimsOf(subject, advisory, entries, scheme, uploads), scheme);
    if (statement) stated.set(advisory, statement);
  }
  return concerns.map((concern) => {
    const all = concern.naming.flatMap((advisory) => stated.get(advisory) ?? []);
    const statements = ofFlavour(all, subject.flavour, scheme);
    return { concern, statements, verdict: ofOrigin(weigh(statements, scheme), subject.origin) };
  });
}

/** Sorted by the vulnerability's id. */
export function conclude(weighed: readonly Weighed[], aliases: AliasIndex): Conclusion[] {
  const conclusions: Conclusion[] = [];
  for (const { concern, statements, verdict } of weighed) {
    if (verdict.status === 'not_affected') continue;
    const vulnerability = aliases.describe(concern);
    conclusions.push({
      vulnerability,
      verdict,
      advisories: [...new Set(verdict.says.map(({ advisory }) => advisory.id))].sort(),
      others: statements.filter((statement) => !verdict.says.includes(statement)),
      summary: summaryOf(concern.naming),
    });
  }
  return conclusions.sort((a, b) => (a.vulnerability.id < b.vulnerability.id ? -1 : 1));
}

/** How bad it is. It is asked apart, as what rates a vulnerability is looked up only of those that affect something. */
export function ratingOf({ verdict, others, vulnerability }: Conclusion, scores: CvssScores | null): Rating {
  return rate(verdict.says, others, vulnerability.linked, scores);
}

/** A distribution's fix says of another's build only that it may lack it. */
function ofOrigin(verdict: Verdict, origin: string | null): Verdict {
  if (origin === null || verdict.status !== 'affected') return verdict;
  const reason = `it is from ${origin}, and the advisory is about the distribution's own`;
  return { status: 'undetermined', says: verdict.says, cause: 'origin', reason };
}

/** A record about this vulnerability alone says best what it is; some databases repeat the id as summary. */
export function summaryOf(naming: readonly Advisory[]): string | null {
  const told = naming.filter((record) => record.summary !== '' && record.summary !== record.id);
  const [best] = told.sort((a, b) => a.upstream.length - b.upstream.length || (a.id < b.id ? -1 : 1));
  return best?.summary ?? null;
}
