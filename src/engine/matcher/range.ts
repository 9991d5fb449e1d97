import type { AffectedPackage, RangeEvent, VersionRange } from '../../model/advisory.js';
import type { FixState } from '../../model/finding.js';
import type { VersionScheme } from '../version/scheme.js';

/** What one entry of an advisory says about one version. */
export type RangeResult =
  | {
      verdict: 'affected';
      /** The end of the interval that the version is in; null where it has none that is fixed. */
      fixedVersion: string | null;
      /** Why there is no fix, where that is known. */
      fixState: Exclude<FixState, 'fixed'> | null;
      /** Where the interval begins that the version is in; null for one without beginning. */
      since: string | null;
    }
  | {
      verdict: 'not_affected';
      /** Whether the version has the fix, or never lacked it; and is not merely outside of what was ever affected. */
      isSettled: boolean;
      /** The highest fix that the version is at or above; null where it is above none. */
      fix: string | null;
    }
  | Undetermined;

interface Undetermined {
  verdict: 'undetermined';
  cause: UndeterminedCause;
  /** As the end of a sentence. */
  reason: string;
}

export type UndeterminedCause =
  /** The versions cannot be ordered. */
  | 'order'
  /** Who maintains the package has not said yet. */
  | 'investigation'
  /** The package is of a stream of a module, unknown which. */
  | 'module'
  /** The version is of another suite of the distribution than the fix. */
  | 'suite'
  /** The package is not the distribution's that the advisory is of. */
  | 'origin';

/**
 * OSV schema, "Evaluation": a version is affected when `versions` lists it, or when one of the ranges holds it.
 * A range whose boundaries cannot be ordered against the version makes the answer undetermined, unless `versions` or
 * another range says affected. A judgement of every version takes the place of all that.
 */
export function evaluate(version: string, affected: AffectedPackage, scheme: VersionScheme): RangeResult {
  if (affected.status === 'not_affected') return { verdict: 'not_affected', isSettled: true, fix: null };
  if (affected.status === 'undetermined') {
    return { verdict: 'undetermined', cause: 'investigation', reason: 'who maintains it has not said yet' };
  }
  const results: RangeResult[] = [];
  if (affected.versions.includes(version))
    results.push({ verdict: 'affected', fixedVersion: null, fixState: null, since: null });
  for (const range of affected.ranges) results.push(evaluateRange(version, range, scheme));
  const result = combine(results, scheme);
  if (result.verdict !== 'affected') return result;
  if (result.fixedVersion === null) return { ...result, fixState: affected.fixState ?? null };
  return results.length < 2 ? result : { ...result, fixedVersion: fixOfAll(results, affected, scheme) };
}

/** Where several ranges hold a version, the lowest of their fixes that none of them holds; else the lowest. */
function fixOfAll(results: readonly RangeResult[], { ranges }: AffectedPackage, scheme: VersionScheme): string | null {
  const fixes = results.flatMap((result) => (result.verdict === 'affected' ? (result.fixedVersion ?? []) : []));
  const free = fixes.filter((fix) => ranges.every((range) => evaluateRange(fix, range, scheme).verdict !== 'affected'));
  return smallest(free, scheme) ?? smallest(fixes, scheme);
}

/** Of several results about one version: affected if any says so, with the smallest fix. */
export function combine(results: readonly RangeResult[], scheme: VersionScheme): RangeResult {
  const [only] = results;
  if (only && results.length === 1) return only;
  const affected = results.filter((result) => result.verdict === 'affected');
  if (affected.length > 0) {
    const fixedVersion = smallest(
      affected.map((result) => result.fixedVersion),
      scheme,
    );
    const fixState = affected.find((result) => result.fixState !== null)?.fixState ?? null;
    const sinces = affected.map((result) => result.since);
    const since = sinces.includes(null) ? null : smallest(sinces, scheme);
    return { verdict: 'affected', fixedVersion, fixState: fixedVersion === null ? fixState : null, since };
  }
  let isSettled = false;
  let fix: string | null = null;
  for (const result of results) {
    if (result.verdict === 'undetermined') return result;
    if (result.verdict !== 'not_affected') continue;
    isSettled ||= result.isSettled;
    if (result.fix !== null && (fix === null || (scheme.compare(result.fix, fix) ?? 0) > 0)) fix = result.fix;
  }
  return { verdict: 'not_affected', isSettled, fix };
}

/** The lowest version of those given; null for none. */
export function smallest(versions: readonly (string | null)[], scheme: VersionScheme): string | null {
  let lowest: string | null = null;
  for (const version of versions) {
    if (version !== null && (lowest === null || (scheme.compare(version, lowest) ?? 0) < 0)) lowest = version;
  }
  return lowest;
}

/** An event of a range, and where a version stands to it. */
interface Boundary {
  kind: 'introduced' | 'fixed' | 'last_affected' | 'limit';
  version: string;
  /** Of the installed version against this boundary: negative, 0 or positive. */
  position: number;
}

/** Where a version stands to an event: negative, 0 or positive; null where the two cannot be ordered. */
export function placeAt(version: string, event: RangeEvent, scheme: VersionScheme): MaybePlaced {
  // "0" stands before every version, "*" behind: neither needs an order.
  if ('introduced' in event) {
    const boundary = event.introduced;
    const position = boundary === '0' ? 1 : scheme.compare(version, boundary);
    return { kind: 'introduced', version: boundary, position };
  }
  if ('fixed' in event) return { kind: 'fixed', version: event.fixed, position: scheme.compare(version, event.fixed) };
  if ('last_affected' in event) {
    const boundary = event.last_affected;
    return { kind: 'last_affected', version: boundary, position: scheme.compare(version, boundary) };
  }
  const position = event.limit === '*' ? -1 : scheme.compare(version, event.limit);
  return { kind: 'limit', version: event.limit, position };
}

type MaybePlaced = Omit<Boundary, 'position'> & { position: number | null };

function isPlaced(boundary: MaybePlaced): boundary is Boundary {
  return boundary.position !== null;
}

function isLimit({ kind }: Boundary): boolean {
  return kind === 'limit';
}

export function evaluateRange(version: string, range: VersionRange, scheme: VersionScheme): RangeResult {
  const passed: Boundary[] = [];
  const ahead: Boundary[] = [];
  for (const event of range.events) {
    const boundary = placeAt(version, event, scheme);
    if (!isPlaced(boundary)) return unordered(version, boundary.version, scheme);
    if (boundary.position < 0) ahead.push(boundary);
    else passed.push(boundary);
  }
  if (passed.some(isLimit) && !ahead.some(isLimit)) return { verdict: 'not_affected', isSettled: false, fix: null };

  // Boundaries below and above the version only need an order among themselves: the sort is stable, so equal ones keep
  // the order in which the advisory gives them, and `[introduced 1, fixed 1]` stays empty.
  let affected = false;
  let since: string | null = null;
  let fix: string | null = null;
  for (const boundary of sorted(passed, scheme)) {
    if (boundary.kind === 'introduced') {
      affected = true;
      since = boundary.version === '0' ? null : boundary.version;
    } else if (boundary.kind === 'fixed') {
      affected = false;
      fix = boundary.version;
    } else if (boundary.kind === 'last_affected' && boundary.position > 0) affected = false;
  }
  if (!affected) return { verdict: 'not_affected', isSettled: fix !== null, fix };
  const next = sorted(ahead, scheme).find(({ kind }) => kind === 'fixed' || kind === 'last_affected');
  const onLast = passed.some(({ kind, position }) => kind === 'last_affected' && position === 0);
  const fixedVersion = next?.kind === 'fixed' && !onLast ? next.version : null;
  return { verdict: 'affected', fixedVersion, fixState: null, since };
}

/** Every boundary could be ordered against the installed version, so they can be among themselves. */
function sorted(boundaries: Boundary[], scheme: VersionScheme): Boundary[] {
  if (boundaries.length < 2) return boundaries;
  return boundaries.sort((a, b) => rank(a) - rank(b) || (scheme.compare(a.version, b.version) ?? 0));
}

function rank(boundary: Boundary): number {
  return boundary.kind === 'introduced' && boundary.version === '0' ? 0 : 1;
}

function unordered(version: string, boundary: string, scheme: VersionScheme): RangeResult {
  const culprit = scheme.compare(version, version) === null ? version : boundary;
  return {
    verdict: 'undetermined',
    cause: 'order',
    reason: `the version ${JSON.stringify(culprit)} cannot be ordered by the rules of ${scheme.name}`,
  };
}
