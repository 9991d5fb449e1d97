import type { AffectedPackage, RangeEvent, VersionRange } from '../../model/advisory.js';
import type { VersionScheme } from '../version/scheme.js';

/** What one entry of an advisory says about one version. */
export type RangeResult =
  | {
      verdict: 'affected';
      /** The end of the interval that the version is in; null where it has none that is fixed. */
      fixedVersion: string | null;
    }
  | {
      verdict: 'not_affected';
      /** Whether the version is at or above a fix, and not merely outside of what was ever affected. */
      pastFix: boolean;
    }
  | { verdict: 'undetermined'; reason: string };

/**
 * OSV schema, "Evaluation": a version is affected when `versions` lists it, or when one of the ranges holds it.
 * A range whose boundaries cannot be ordered against the version makes the answer undetermined, unless `versions` or
 * another range says affected.
 */
export function evaluate(version: string, affected: AffectedPackage, scheme: VersionScheme): RangeResult {
  const listed = affected.versions.includes(version);
  const fixes: (string | null)[] = [];
  let undetermined: RangeResult | null = null;
  let pastFix = false;
  for (const range of affected.ranges) {
    const result = evaluateRange(version, range, scheme);
    if (result.verdict === 'undetermined') undetermined ??= result;
    else if (result.verdict === 'affected') fixes.push(result.fixedVersion);
    else pastFix ||= result.pastFix;
  }
  if (fixes.length > 0 || listed) return { verdict: 'affected', fixedVersion: smallest(fixes, scheme) };
  return undetermined ?? { verdict: 'not_affected', pastFix };
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
export interface Boundary {
  kind: 'introduced' | 'fixed' | 'last_affected' | 'limit';
  version: string;
  /** Of the installed version against this boundary: negative, 0 or positive. */
  position: number;
}

/** Where a version stands to an event: negative, 0 or positive; null where the two cannot be ordered. */
export function placeAt(
  version: string,
  event: RangeEvent,
  scheme: VersionScheme,
): Omit<Boundary, 'position'> & { position: number | null } {
  const { kind, version: boundary } = readEvent(event);
  // "0" stands before every version, "*" behind: neither needs an order.
  if (kind === 'introduced' && boundary === '0') return { kind, version: boundary, position: 1 };
  if (kind === 'limit' && boundary === '*') return { kind, version: boundary, position: -1 };
  return { kind, version: boundary, position: scheme.compare(version, boundary) };
}

export function evaluateRange(version: string, range: VersionRange, scheme: VersionScheme): RangeResult {
  const boundaries: Boundary[] = [];
  for (const event of range.events) {
    const { kind, version: boundary, position } = placeAt(version, event, scheme);
    if (position === null) return unordered(version, boundary, scheme);
    boundaries.push({ kind, version: boundary, position });
  }
  const limits = boundaries.filter((boundary) => boundary.kind === 'limit');
  if (limits.length > 0 && limits.every((limit) => limit.position >= 0))
    return { verdict: 'not_affected', pastFix: false };

  // Boundaries below and above the version only need an order among themselves: the sort is stable, so equal ones keep
  // the order in which the advisory gives them, and `[introduced 1, fixed 1]` stays empty.
  let affected = false;
  let pastFix = false;
  for (const boundary of sorted(
    boundaries.filter(({ position }) => position >= 0),
    scheme,
  )) {
    if (boundary.kind === 'introduced') affected = true;
    else if (boundary.kind === 'fixed') {
      affected = false;
      pastFix = true;
    } else if (boundary.kind === 'last_affected' && boundary.position > 0) affected = false;
  }
  if (!affected) return { verdict: 'not_affected', pastFix };
  const next = sorted(
    boundaries.filter(({ position }) => position < 0),
    scheme,
  ).find(({ kind }) => kind === 'fixed' || kind === 'last_affected');
  const onLast = boundaries.some(({ kind, position }) => kind === 'last_affected' && position === 0);
  return { verdict: 'affected', fixedVersion: next?.kind === 'fixed' && !onLast ? next.version : null };
}

function readEvent(event: RangeEvent): { kind: Boundary['kind']; version: string } {
  if ('introduced' in event) return { kind: 'introduced', version: event.introduced };
  if ('fixed' in event) return { kind: 'fixed', version: event.fixed };
  if ('last_affected' in event) return { kind: 'last_affected', version: event.last_affected };
  return { kind: 'limit', version: event.limit };
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
    reason: `the version ${JSON.stringify(culprit)} cannot be ordered by the rules of ${scheme.name}`,
  };
}
