import { reportsOf } from '../engine/benchmark/benchmarks.js';
import { judgeControls, mayHidePackages } from '../engine/control/control.js';
import { findingsOfFailures } from '../engine/control/failure-finding.js';
import { IMAGE_CONTROLS } from '../engine/control/image/image-controls.js';
import { imageNameOf } from '../engine/control/image/image-name.js';
import type { UnpatchedPackage } from '../engine/control/image/image-subject.js';
import { judgeEndOfLife, type LifecycleLookup } from '../engine/end-of-life/judge-end-of-life.js';
import { type AdvisoryLookup, judge } from '../engine/matcher/match.js';
import { judgeSecrets } from '../engine/secret/judge-secrets.js';
import { decideVex } from '../engine/vex/applies.js';
import type { CoverageItem } from '../model/coverage.js';
import type { Judgement } from '../model/finding.js';
import type { Inventory } from '../model/inventory.js';
import type { NamedImage, SourcedStatement } from '../model/vex.js';
import type { ScanResult } from '../store/scan-result.store.js';
import { type StalenessLookup, staleAdvisories } from './stale-advisories.js';

export interface JudgeContext {
  advisories: AdvisoryLookup & StalenessLookup;
  /** Advisories that were not confirmed for longer count as old; 0: none do. */
  maxAdvisoryAgeHours: number;
  lifecycles: LifecycleLookup;
  /** What vendors and operators say of vulnerabilities, by their names. */
  statements(names: readonly string[]): Promise<readonly SourcedStatement[]>;
  /** The target as statements may name it; asked for only where there are any. */
  image(): Promise<NamedImage>;
  /** As the scan asked for the target. */
  reference: string;
  now: Date;
  trustedRegistries: readonly string[] | null;
  maxImageAgeDays: number;
  /** Told of a control that threw. */
  onFault(control: string, error: unknown): void;
}

/** Judges an image by everything there is: advisories, secrets, dates of support, controls, and benchmarks. */
export async function judgeImage(
  inventory: Inventory,
  context: JudgeContext,
): Promise<
  Omit<
    ScanResult,
    'inventory' | 'inventoryDigest' | 'identities' | 'advisoryNames' | 'imageDigest' | 'isPassedOver' | 'decideVex'
  >
> {
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

/** Without those of which somebody says that they need no more attention. */
async function unsuppressed(
  judgements: Judgement[],
  { distribution }: Inventory,
  context: JudgeContext,
): Promise<Judgement[]> {
  const said = await context.statements(judgements.flatMap(({ ruleId, aliases }) => [ruleId, ...aliases]));
  if (said.length === 0) return judgements;
  const image = await context.image();
  return judgements.filter(({ ruleId, aliases, package: entry }) => {
    if (entry === null) return true;
    const subject = { vulnerabilities: [ruleId, ...aliases], package: entry, distribution, image };
    return !decideVex(subject, said)?.suppresses;
  });
}

function unpatchedOf(judgements: readonly Judgement[]): UnpatchedPackage[] {
  return judgements.flatMap(({ package: entry, ruleId, fixedVersion, status }) =>
    entry && fixedVersion !== null && status === 'open' ? [{ purl: entry.purl, ruleId, fixedVersion }] : [],
  );
}

/** Why it is not known of some packages whether fixes are missing. */
function unmatchedOf(gaps: readonly CoverageItem[]): string | null {
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
