import type { CoverageItem } from '../model/coverage.js';

/** What a person reads, and what every answer about the scan carries: the first of many tell enough. */
const MAX_GAPS = 1_000;

/** Each gap once, and not more than can be read. */
export function boundedGaps(all: readonly CoverageItem[]): CoverageItem[] {
  const gaps = [...new Map(all.map((gap) => [`${gap.code}\0${gap.subject}\0${gap.message}`, gap])).values()];
  if (gaps.length <= MAX_GAPS) return gaps;
  const message = `${gaps.length - MAX_GAPS} more things could not be examined than are named one by one.`;
  return [...gaps.slice(0, MAX_GAPS), { code: 'limit_exceeded', subject: '/', message }];
}
