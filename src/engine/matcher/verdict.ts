import type { Advisory } from '../../model/advisory.js';
import type { FixState } from '../../model/finding.js';
import type { VersionScheme } from '../version/scheme.js';
import type { Claim } from './claim.js';
import type { Flavour } from './flavour.js';
import { combine, type RangeResult, smallest, type UndeterminedCause } from './range.js';

/** What one record says about one installed version. */
export interface Statement {
  advisory: Advisory;
  /** Never empty: a record whose entries are all about other builds says nothing. */
  claims: readonly Claim[];
  result: RangeResult;
}

/** What all records of one vulnerability say together. */
export type Verdict =
  | { status: 'affected'; says: Statement[]; fixedVersion: string | null; fixState: FixState }
  | { status: 'undetermined'; says: Statement[]; cause: UndeterminedCause; reason: string }
  | { status: 'not_affected' };

/** Affected if any claim says so; null where there is none. */
export function state(advisory: Advisory, claims: readonly Claim[], scheme: VersionScheme): Statement | null {
  if (claims.length === 0) return null;
  const results = claims.map(({ result }) => result);
  return { advisory, claims, result: combine(results, scheme) };
}

/**
 * Leaves of statements about one vulnerability what is about builds of a flavour: a fix with the version of a ksplice or
 * FIPS build is one for such builds alone, and where there is one, the plain fixes say nothing about them.
 */
export function ofFlavour(
  statements: readonly Statement[],
  flavour: Flavour | null,
  scheme: VersionScheme,
): readonly Statement[] {
  const isFlavoured = (wanted: Flavour | null) => (claim: Claim) => claim.flavour === wanted;
  const hasOwn = flavour !== null && statements.some(({ claims }) => claims.some(isFlavoured(flavour)));
  const kept = isFlavoured(hasOwn ? flavour : null);
  if (statements.every(({ claims }) => claims.every(kept))) return statements;
  return statements.flatMap(({ advisory, claims }) => state(advisory, claims.filter(kept), scheme) ?? []);
}

/**
 * Weighs the records about one vulnerability in one package.
 *
 * - A distribution's record of the CVE (`DEBIAN-CVE-…`) is its judgement of exactly that, so it beats bulletins and
 *   whatever others say. Of two copies of one such record, from OSV and from the distribution, its own counts.
 * - Without one, the package is fixed as soon as one bulletin that lists the CVE is satisfied: a bulletin that corrects
 *   a regression (DSA-1-2) lists the CVEs of the first (DSA-1-1) again with a later version, though the first fixed them.
 *   So the smallest fixed version among the bulletins holds. Not so across lines of versions; see `ofLine`.
 * - Of any other records, one that says affected is enough.
 */
export function weigh(statements: readonly Statement[], scheme: VersionScheme): Verdict {
  const deciding = decidingStatements(statements);
  const affected = deciding.filter(({ result }) => result.verdict === 'affected');
  if (affected.length > 0) {
    const results = affected.flatMap(({ result }) => (result.verdict === 'affected' ? [result] : []));
    const fixedVersion = smallest(
      results.map((result) => result.fixedVersion),
      scheme,
    );
    const unfixed = results.find(({ fixState }) => fixState !== null)?.fixState ?? 'not_fixed';
    return { status: 'affected', says: affected, fixedVersion, fixState: fixedVersion === null ? unfixed : 'fixed' };
  }
  const undetermined = deciding.filter(({ result }) => result.verdict === 'undetermined');
  for (const { result } of undetermined) {
    if (result.verdict !== 'undetermined') continue;
    return { status: 'undetermined', says: undetermined, cause: result.cause, reason: result.reason };
  }
  return { status: 'not_affected' };
}

/** A record of one CVE by the distribution itself. */
const PER_CVE = /^[A-Z]+-CVE-\d/;

function decidingStatements(statements: readonly Statement[]): Statement[] {
  const perCve: Statement[] = [];
  const bulletins: Statement[] = [];
  const others: Statement[] = [];
  for (const statement of statements) {
    if (PER_CVE.test(statement.advisory.id)) perCve.push(statement);
    else if (statement.advisory.upstream.length > 0) bulletins.push(statement);
    else others.push(statement);
  }
  const judgements = perCve.length < 2 ? perCve : withoutCopies(perCve);
  if (judgements.some(({ result }) => result.verdict !== 'undetermined')) return judgements;
  const counting = ofLine(bulletins);
  const isSatisfied = counting.some(({ result }) => result.verdict === 'not_affected' && result.isSettled);
  return isSatisfied ? [...counting.filter(isWithinLine), ...others] : [...judgements, ...counting, ...others];
}

/**
 * A distribution that reads its own tracker as it is today has no time for a record; OSV's copies have one, are later, and
 * leave out why there is no fix. Parts of one feed may share an id, and each is about other packages or products.
 */
function withoutCopies(statements: readonly Statement[]): Statement[] {
  const own = new Set(statements.filter(isUndated).map(({ advisory }) => advisory.id));
  return statements.filter((statement) => isUndated(statement) || !own.has(statement.advisory.id));
}

function isUndated({ advisory }: Statement): boolean {
  return advisory.modified.getTime() === 0;
}

/**
 * Of bulletins those about the line of versions that the package is of, where there are any; else all. Oracle has kernels
 * 4.14.35 and 5.4.17 under one name, and Amazon 4.14 and 5.10: that 5.4.17-1 is above a fix of 4.14.35 shows nothing.
 */
function ofLine(bulletins: readonly Statement[]): readonly Statement[] {
  if (bulletins.length < 2) return bulletins;
  const own = bulletins.filter((statement) => isWithinLine(statement) || hasFixOfLine(statement));
  return own.length > 0 ? own : bulletins;
}

/** It says from where on versions are affected, and the package's is one of them. */
function isWithinLine({ result }: Statement): boolean {
  return result.verdict === 'affected' && result.since !== null;
}

function hasFixOfLine({ claims }: Statement): boolean {
  return claims.some(({ version, result }) => {
    const fix =
      result.verdict === 'affected' ? result.fixedVersion : result.verdict === 'not_affected' ? result.fix : null;
    return fix !== null && upstreamOf(fix) === upstreamOf(version);
  });
}

/** `5.4.17` of `1:5.4.17-2136.330.7.1.el8uek`. */
function upstreamOf(version: string): string {
  const end = version.lastIndexOf('-');
  return version.slice(version.indexOf(':') + 1, end < 0 ? undefined : end);
}
