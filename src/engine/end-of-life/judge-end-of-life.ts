import type { Judgement } from '../../model/finding.js';
import type { Inventory } from '../../model/inventory.js';
import { fingerprint, PackageIdentities } from '../matcher/fingerprint.js';
import { releaseOf } from './distributions.js';
import { runtimeOf } from './runtimes.js';
import { type DistributionSupport, distributionSupport, endText, type LifecycleFacts } from './support.js';
import { cycleSupport } from './support-end.js';

/** Where products and their dates are found. */
export interface LifecycleLookup {
  /** Those of the products that are known, by endoflife.date's names. */
  find(names: readonly string[]): Promise<LifecycleFacts>;
}

export interface EndOfLife {
  support: DistributionSupport;
  judgements: Judgement[];
  /** Rules about which nothing could be decided, so that their findings stay; null for all of the kind. */
  undecided: (string | null)[];
}

/**
 * Judges how long the distribution and the runtimes of an inventory are supported. What nobody knows gives no finding;
 * the control `distribution-supported` says so.
 *
 * @param isComplete whether all of the target was read: else a distribution that was not found may be there
 */
export async function judgeEndOfLife(
  { distribution, packages }: Pick<Inventory, 'distribution' | 'packages'>,
  lookup: LifecycleLookup,
  now: Date,
  isComplete: boolean,
): Promise<EndOfLife> {
  const release = distribution && releaseOf(distribution);
  const runtimes = packages.flatMap((entry) => {
    const runtime = runtimeOf(entry);
    return runtime ? [{ ...runtime, entry }] : [];
  });
  const names = new Set([...(release?.kind === 'release' ? [release.product] : []), ...runtimes.map((r) => r.product)]);
  const facts = await lookup.find([...names]);
  const support = distributionSupport(distribution, facts, now);
  const judgements = support.status === 'ended' ? [distributionJudgement(support)] : [];
  const { syncedAt } = facts;
  if (syncedAt === null) return { support, judgements, undecided: [null] };

  const undecided: (string | null)[] = isComplete ? [] : [null];
  if (support.status === 'unknown' && support.product !== null) undecided.push(ruleOf(support.product));
  const identities = new PackageIdentities(packages);
  for (const { product: name, cycle: wanted, entry } of runtimes) {
    const product = facts.products.find((one) => one.name === name);
    const cycle = product?.cycles.find((one) => one.name === wanted);
    const verdict = product && cycle && cycleSupport(product, cycle, false, syncedAt, now);
    if (!verdict || verdict.status === 'stale') undecided.push(ruleOf(name));
    else if (verdict.status === 'ended') {
      const ruleId = ruleOf(name);
      const [location] = entry.locations;
      judgements.push({
        ...COMMON,
        fingerprint: fingerprint('end_of_life', ruleId, identities.of(entry)),
        ruleId,
        advisories: [`endoflife.date/${name}/${wanted}`],
        title: endText(`${product.label} ${cycle.name}`, verdict.on, verdict.label),
        severity: 'medium',
        package: { purl: entry.purl, name: entry.name, version: entry.version, source: entry.source },
        location: location ? { path: location.path, line: null, layer: location.layer, resource: null } : null,
      });
    }
  }
  return { support, judgements, undecided };
}

const COMMON = {
  kind: 'end_of_life',
  aliases: [],
  severitySource: 'plimsoll',
  cvss: null,
  ratings: [],
  status: 'open',
  fixedVersion: null,
  fixState: 'end_of_life',
} as const satisfies Partial<Judgement>;

/** The release is not part of the rule: moving to another one that is not supported either is the same finding. */
function distributionJudgement(support: DistributionSupport): Judgement {
  const ruleId = ruleOf(support.product ?? '');
  return {
    ...COMMON,
    aliases: [],
    fingerprint: fingerprint('end_of_life', ruleId, 'distribution'),
    ruleId,
    advisories: [`endoflife.date/${support.product}/${support.cycle}`],
    title: support.reason.replace(/\.$/, ''),
    severity: support.canBeBought ? 'medium' : 'high',
    package: null,
    location: { path: '/etc/os-release', line: null, layer: null, resource: support.release },
  };
}

function ruleOf(product: string): string {
  return `end-of-life/${product}`;
}
