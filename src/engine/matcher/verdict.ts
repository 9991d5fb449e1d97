import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { FixState } from '../../model/finding.js';
import type { VersionScheme } from '../version/scheme.js';
import { evaluate, type RangeResult, smallest } from './range.js';

/** What one record says about one installed version. */
export interface Statement {
  advisory: Advisory;
  /** The record's entries for the package. */
  entries: AffectedPackage[];
  result: RangeResult;
}

/** What all records of one vulnerability say together. */
export type Verdict =
  | { status: 'open'; says: Statement[]; fixedVersion: string | null; fixState: FixState }
  | { status: 'undetermined'; says: Statement[]; reason: string }
  | { status: 'not_affected' };

/** Evaluates every entry that a record has for the package: affected if any says so. */
export function state(
  advisory: Advisory,
  entries: AffectedPackage[],
  version: string,
  scheme: VersionScheme,
): Statement {
  const results = entries.map((entry) => evaluate(version, entry, scheme));
  return { advisory, entries, result: combine(results, scheme) };
}

/**
 * Weighs the records about one vulnerability in one package.
 *
 * - A distribution's record of the CVE (`DEBIAN-CVE-…`) is its judgement of exactly that, so it beats bulletins.
 * - Without one, the package is fixed as soon as one bulletin that lists the CVE is satisfied: a bulletin that corrects
 *   a regression (DSA-1-2) lists the CVEs of the first (DSA-1-1) again with a later version, though the first fixed them.
 *   So the smallest fixed version among the bulletins holds.
 * - Of any other records, one that says affected is enough.
 */
export function weigh(statements: readonly Statement[], scheme: VersionScheme): Verdict {
  const deciding = decidingStatements(statements);
  const affected = deciding.filter(({ result }) => result.verdict === 'affected');
  if (affected.length > 0) {
    const fixes = affected.map(({ result }) => (result.verdict === 'affected' ? result.fixedVersion : null));
    const fixedVersion = smallest(fixes, scheme);
    return { status: 'open', says: affected, fixedVersion, fixState: fixStateOf(fixedVersion, affected) };
  }
  const undetermined = deciding.filter(({ result }) => result.verdict === 'undetermined');
  for (const { result } of undetermined) {
    if (result.verdict === 'undetermined') return { status: 'undetermined', says: undetermined, reason: result.reason };
  }
  return { status: 'not_affected' };
}

function combine(results: readonly RangeResult[], scheme: VersionScheme): RangeResult {
  const [only] = results;
  if (only && results.length === 1) return only;
  const fixes: (string | null)[] = [];
  let undetermined: RangeResult | null = null;
  let pastFix = false;
  for (const result of results) {
    if (result.verdict === 'affected') fixes.push(result.fixedVersion);
    else if (result.verdict === 'undetermined') undetermined ??= result;
    else pastFix ||= result.pastFix;
  }
  if (fixes.length > 0) return { verdict: 'affected', fixedVersion: smallest(fixes, scheme) };
  return undetermined ?? { verdict: 'not_affected', pastFix };
}

/** A record of one CVE by the distribution itself. */
const PER_CVE = /^(?:DEBIAN|UBUNTU|ALPINE)-CVE-/;

function decidingStatements(statements: readonly Statement[]): Statement[] {
  const perCve: Statement[] = [];
  const bulletins: Statement[] = [];
  const others: Statement[] = [];
  for (const statement of statements) {
    if (PER_CVE.test(statement.advisory.id)) perCve.push(statement);
    else if (statement.advisory.upstream.length > 0) bulletins.push(statement);
    else others.push(statement);
  }
  if (perCve.some(({ result }) => result.verdict !== 'undetermined')) return [...perCve, ...others];
  const satisfied = bulletins.some(({ result }) => result.verdict === 'not_affected' && result.pastFix);
  return satisfied ? others : [...perCve, ...bulletins, ...others];
}

function fixStateOf(fixedVersion: string | null, says: readonly Statement[]): FixState {
  if (fixedVersion !== null) return 'fixed';
  for (const { entries } of says) for (const { fixState } of entries) if (fixState) return fixState;
  return 'not_fixed';
}
