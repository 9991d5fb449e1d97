import { schemeOf } from '../../engine/version/scheme.js';
import type { RangeEvent } from '../../model/advisory.js';

/**
 * The affected versions of a package that was fixed in several minor releases of the main stream.
 *
 * While 9.2 was current, curl was fixed as 7.76.1-23.el9_2.4; 9.3 came with 7.76.1-26.el9, which has not got the fix, and
 * was fixed as 7.76.1-26.el9_3.2. So the last fix is what a package has to reach, apart from the builds of an earlier
 * minor release that are at or above its own fix: from 7.76.1-23.el9_2.4 to below 7.76.1-23.el9_3. A fix that does not say
 * which minor release it was built for (`.el9`) spares nothing but itself and what is above it.
 */
export function affectedVersions(fixes: readonly string[]): RangeEvent[] {
  const { compare } = schemeOf('rpm');
  const order = (a: string, b: string) => compare(a, b) ?? 0;
  const sorted = [...new Set(fixes)].sort(order);
  const last = sorted.pop();
  if (last === undefined) return [{ introduced: '0' }];
  const events: RangeEvent[] = [{ introduced: '0' }];
  for (const [index, fix] of sorted.entries()) {
    const end = endOfMinor(fix);
    const next = sorted[index + 1] ?? last;
    // What is still below the next fix of the same minor release has the first only.
    if (end === null || order(end, next) > 0) continue;
    events.push({ fixed: fix }, { introduced: end });
  }
  events.push({ fixed: last });
  return events;
}

/** `7.76.1-23.el9_2.4` → `7.76.1-23.el9_3`; null for a release that names no minor one. */
function endOfMinor(version: string): string | null {
  const [, start, minor] = /^(.*\.el\d+_)(\d{1,3})(?:\.[\w.]*)?$/s.exec(version) ?? [];
  return start === undefined ? null : `${start}${Number(minor) + 1}`;
}
