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
 *   whatever others say. Of two copies of one such record, from OSV and from the distribution, the newer counts.
 * - Without one, the package is fixed as soon as one bulletin that lists the CVE is satisfied: a bulletin that corrects
 *   a regression (DSA-1-2) lists the CVEs of the first (DSA-1-1) again with a later version, though the first fixed them.
 *   So the smallest fixed version among the bulletins holds.
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
  const judgements = perCve.length < 2 ? perCve : newest(perCve);
  if (judgements.some(({ result }) => result.verdict !== 'undetermined')) return judgements;
  const satisfied = bulletins.some(({ result }) => result.verdict === 'not_affected' && result.isSettled);
  return satisfied ? others : [...judgements, ...bulletins, ...others];
}

/** Of each id the record that was modified last; all of those where several were. */
function newest(statements: readonly Statement[]): Statement[] {
  const last = new Map<string, number>();
  for (const { advisory } of statements) {
    last.set(advisory.id, Math.max(last.get(advisory.id) ?? 0, advisory.modified.getTime()));
  }
  return statements.filter(({ advisory }) => advisory.modified.getTime() === last.get(advisory.id));
}
