import type { UnpatchedPackage } from '../engine/control/image/image-subject.js';
import type { CoverageItem } from '../model/coverage.js';
import type { Judgement } from '../model/finding.js';

/** Packages with a vulnerability for which there is a fix. */
export function unpatchedOf(judgements: readonly Judgement[]): UnpatchedPackage[] {
  return judgements.flatMap(({ package: entry, ruleId, fixedVersion, status }) =>
    entry && fixedVersion !== null && status === 'open' ? [{ purl: entry.purl, ruleId, fixedVersion }] : [],
  );
}

/** Why it is not known of some packages whether fixes are missing. */
export function unmatchedOf(gaps: readonly CoverageItem[]): string | null {
  const gap = gaps.find(({ code }) =>
    [
      'nothing_recognised',
      'distribution_unknown',
      'advisories_missing',
      'advisories_stale',
      'version_undetermined',
      'third_party_package',
      'name_undetermined',
    ].includes(code),
  );
  return gap?.message ?? null;
}
