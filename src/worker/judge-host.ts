import { reportsOf } from '../engine/benchmark/benchmarks.js';
import { ENGINE_PRODUCTS } from '../engine/control/host/docker/engine-version-control.js';
import { HOST_CONTROLS } from '../engine/control/host/host-controls.js';
import { judgeHostControls } from '../engine/control/host/judge-host-controls.js';
import { judgeEndOfLife } from '../engine/end-of-life/judge-end-of-life.js';
import { isWhole } from '../engine/host/host-inventory.js';
import { judgeExposure } from '../engine/isolation/judge-exposure.js';
import { judgeLogs } from '../engine/log-rule/judge-logs.js';
import { judge } from '../engine/matcher/match.js';
import type { FindingKind } from '../model/finding.js';
import type { Container } from '../model/host/engine.js';
import type { HostFacts } from '../model/host/host-facts.js';
import type { Inventory } from '../model/inventory.js';
import type { JudgeContext, Judged } from './judge-image.js';
import { unmatchedOf, unpatchedOf } from './patch-facts.js';
import { staleAdvisories } from './stale-advisories.js';
import { unsuppressed } from './unsuppressed.js';

/**
 * Judges a host by everything there is: advisories, dates of support, controls, benchmarks, who reaches whom, and logs.
 * Kinds of findings that rest on facts which are not known, or in part, are left open.
 */
export async function judgeHost(
  facts: HostFacts,
  inventory: Inventory,
  context: Omit<JudgeContext, 'reference' | 'maxImageAgeDays'>,
): Promise<Judged> {
  const { now, trustedRegistries, advisories, lifecycles, maxAdvisoryAgeHours } = context;
  const { packages, distribution, engine, logMatches } = facts;
  const vulnerabilities = await judge(inventory, advisories);
  const stale = await staleAdvisories(inventory, advisories, maxAdvisoryAgeHours);
  const isComplete = isWhole(packages) && isWhole(distribution);
  const endOfLife = await judgeEndOfLife(inventory, lifecycles, now, isComplete);
  const items = [...inventory.gaps, ...vulnerabilities.gaps, ...stale];
  const subject = {
    facts,
    now,
    trustedRegistries,
    support: endOfLife.support,
    engineLifecycles: await lifecycles.find(Object.values(ENGINE_PRODUCTS)),
    unpatched: unpatchedOf(await unsuppressed(vulnerabilities.judgements, inventory, context)),
    unmatched: unmatchedOf(items),
  };
  const controls = judgeHostControls(HOST_CONTROLS, subject, context.onFault);
  const exposure = judgeExposure(engine);
  // What happened in a container that is gone is over, though nobody could read its log.
  const resources = engine.known && isWhole(engine) ? { resources: engine.value.containers.map(resourceOf) } : {};
  const undecided: [FindingKind, boolean][] = [
    ['vulnerability', isComplete],
    ['exposure', exposure.isDecided],
  ];
  return {
    judgements: [
      ...vulnerabilities.judgements,
      ...endOfLife.judgements,
      ...controls.judgements,
      ...exposure.judgements,
      ...(logMatches.known ? judgeLogs(logMatches.value) : []),
    ],
    undecided: [
      ...vulnerabilities.undecided,
      ...undecided.flatMap(([kind, isDecided]) => (isDecided ? [] : [{ kind, ruleId: null }])),
      ...(isWhole(logMatches) ? [] : [{ kind: 'runtime' as const, ruleId: null, ...resources }]),
      ...controls.undecided,
      ...endOfLife.undecided.map((ruleId) => ({ kind: 'end_of_life' as const, ruleId })),
    ],
    controls: controls.results,
    benchmarks: reportsOf('host', controls.results),
    coverage: { complete: items.length === 0, items },
  };
}

function resourceOf({ name }: Container): string {
  return `container/${name}`;
}
