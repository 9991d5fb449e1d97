import { reportsOf } from '../engine/benchmark/benchmarks.js';
import { judgeControls, mayHidePackages } from '../engine/control/control.js';
import { findingsOfFailures } from '../engine/control/failure-finding.js';
import { IMAGE_CONTROLS } from '../engine/control/image/image-controls.js';
import { imageNameOf } from '../engine/control/image/image-name.js';
import { judgeEndOfLife, type LifecycleLookup } from '../engine/end-of-life/judge-end-of-life.js';
import { type AdvisoryLookup, judge } from '../engine/matcher/match.js';
import { judgeSecrets } from '../engine/secret/judge-secrets.js';
import type { Inventory } from '../model/inventory.js';
import type { ScanResult } from '../store/scan-result.store.js';
import { unmatchedOf, unpatchedOf } from './patch-facts.js';
import { type StalenessLookup, staleAdvisories } from './stale-advisories.js';
import { type StatementLookup, unsuppressed } from './unsuppressed.js';

export interface JudgeContext extends StatementLookup {
  advisories: AdvisoryLookup & StalenessLookup;
  /** Advisories that were not confirmed for longer count as old; 0: none do. */
  maxAdvisoryAgeHours: number;
  lifecycles: LifecycleLookup;
  /** As the scan asked for the target. */
  reference: string;
  now: Date;
  trustedRegistries: readonly string[] | null;
  maxImageAgeDays: number;
  /** Told of a control that threw. */
  onFault(control: string, error: unknown): void;
}

/** What was judged of a target, of whatever kind. */
export type Judged = Pick<ScanResult, 'judgements' | 'undecided' | 'controls' | 'benchmarks' | 'coverage'>;

/** Judges an image by everything there is: advisories, secrets, dates of support, controls, and benchmarks. */
export async function judgeImage(inventory: Inventory, context: JudgeContext): Promise<Judged> {
  const { now, reference, trustedRegistries, maxImageAgeDays } = context;
  const vulnerabilities = await judge(inventory, context.advisories);
  const stale = await staleAdvisories(inventory, context.advisories, context.maxAdvisoryAgeHours);
  const isComplete = !mayHidePackages(inventory.gaps);
  const endOfLife = await judgeEndOfLife(inventory, context.lifecycles, now, isComplete);
  const subject = {
    inventory,
    name: imageNameOf(reference),
    now,
    trustedRegistries,
    maxAgeDays: maxImageAgeDays,
    support: endOfLife.support,
    unpatched: unpatchedOf(await unsuppressed(vulnerabilities.judgements, inventory, context)),
    unmatched: unmatchedOf([...inventory.gaps, ...vulnerabilities.gaps, ...stale]),
  };
  const controls = judgeControls(IMAGE_CONTROLS, subject, inventory.gaps, context.onFault);
  const failures = findingsOfFailures(IMAGE_CONTROLS, controls);
  const secrets = inventory.image?.secrets ?? null;
  const items = [...inventory.gaps, ...vulnerabilities.gaps, ...stale];
  return {
    judgements: [
      ...vulnerabilities.judgements,
      ...judgeSecrets(secrets ?? []),
      ...endOfLife.judgements,
      ...failures.judgements,
    ],
    undecided: [
      ...vulnerabilities.undecided,
      // Who does not look for secrets does not find them gone.
      ...(secrets === null ? [{ kind: 'secret' as const, ruleId: null }] : []),
      // Nor does who has no files find what is wrong with them.
      ...(inventory.image === null ? [{ kind: 'misconfiguration' as const, ruleId: null }] : []),
      ...failures.undecided,
      ...endOfLife.undecided.map((ruleId) => ({ kind: 'end_of_life' as const, ruleId })),
    ],
    controls,
    benchmarks: reportsOf('image', controls),
    coverage: { complete: items.length === 0, items },
  };
}
