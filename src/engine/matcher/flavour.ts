import type { VersionRange } from '../../model/advisory.js';

/** A build with versions of its own beside those of the plain package. */
export type Flavour = 'ksplice' | 'fips';

/**
 * The flavour that a version names: Oracle's `2.17-326.0.9.ksplice1.el7_9.3` and `3.6.16-4.0.1.el8_fips`, Ubuntu's
 * `1.1.1f-1ubuntu2.fips.22` and `2.0.1+fips1`.
 */
export function flavourOf(version: string): Flavour | null {
  if (!version.includes('ksplice') && !version.includes('fips')) return null;
  if (/\.ksplice\d+\./.test(version)) return 'ksplice';
  return /[._+~-]fips(?![a-z])/.test(version) ? 'fips' : null;
}

/** The flavour whose versions the ranges are of; null for plain ones. */
export function flavourOfRanges(ranges: readonly VersionRange[]): Flavour | null {
  for (const { events } of ranges) {
    for (const event of events) {
      const boundary = 'fixed' in event ? event.fixed : 'last_affected' in event ? event.last_affected : null;
      const flavour = boundary === null ? null : flavourOf(boundary);
      if (flavour !== null) return flavour;
    }
  }
  return null;
}
