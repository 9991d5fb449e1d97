import type { Distribution } from '../../model/distribution.js';
import type { ProductLifecycle, SupportEnd } from '../../model/lifecycle.js';
import { releaseOf } from './distributions.js';
import { cycleSupport } from './support-end.js';

/** Whether a distribution's release still gets fixes. */
export interface DistributionSupport {
  status: 'supported' | 'ended' | 'rolling' | 'unknown';
  /** For people: `Debian 10 (Buster)`. */
  release: string;
  /** The product of endoflife.date; null where it is none. */
  product: string | null;
  /** The cycle of the product; null where it is not known. */
  cycle: string | null;
  /** Where it ended: the last day; null where that is not known. */
  endedOn: string | null;
  /** Where it ended: another support goes on for those who buy it. */
  canBeBought: boolean;
  /** One or more sentences, which name the dates that were taken. */
  reason: string;
}

/** What is known of products, and since when. */
export interface LifecycleFacts {
  /** Null: the feed never came in. */
  syncedAt: Date | null;
  products: readonly ProductLifecycle[];
}

export function distributionSupport(
  distribution: Distribution | null,
  { syncedAt, products }: LifecycleFacts,
  now: Date,
): DistributionSupport {
  const nameless = 'The distribution';
  if (distribution === null) return undecided(nameless, 'No /etc/os-release says which distribution this is.');
  const named = nameOf(distribution);
  const found = releaseOf(distribution);
  if (found.kind === 'rolling') {
    return { ...undecided(named, `${named} has no releases that end: it moves on.`), status: 'rolling' };
  }
  if (found.kind === 'unknown') return undecided(named, `Nobody says how long ${named} is supported.`);
  if (syncedAt === null) {
    return undecided(named, 'The feed endoflife has not come in yet: sync it to know how long releases are supported.');
  }
  const product = products.find(({ name }) => name === found.product);
  const cycle = product && firstOf(found.cycles, (name) => product.cycles.find((one) => one.name === name));
  if (!product || !cycle) {
    return { ...undecided(named, `endoflife.date does not know ${named}.`), product: found.product };
  }
  const release = `${product.label} ${cycle.name}${cycle.codename === null ? '' : ` (${cycle.codename})`}`;
  const known = { release, product: product.name, cycle: cycle.name, endedOn: null, canBeBought: false };
  const support = cycleSupport(product, cycle, found.extendedForAll, syncedAt, now);
  switch (support.status) {
    case 'supported':
      return {
        ...known,
        status: 'supported',
        reason: `${release} is supported${until(support.until, support.label)}.`,
      };
    case 'stale':
      return {
        ...known,
        status: 'unknown',
        reason: `${release} was supported when the feed endoflife last came in, but that was long ago: sync it.`,
      };
    case 'ended': {
      const { on, label, boughtUntil } = support;
      const more = boughtUntil === null ? '' : ` ${boughtText(product, boughtUntil)}`;
      return {
        ...known,
        status: 'ended',
        endedOn: on,
        canBeBought: boughtUntil !== null,
        reason: `${endText(release, on, label)}.${more}`,
      };
    }
  }
}

/** `Debian 10 (Buster) has had no support since 2024-06-30 (Debian LTS)`. */
export function endText(release: string, on: string | null, label: string | null): string {
  return `${release} ${on === null ? 'has no support any more' : `has had no support since ${on}`}${label === null ? '' : ` (${label})`}`;
}

function until(on: string | null, label: string | null): string {
  const day = on === null ? ', without an end that is known' : ` until ${on}`;
  return `${day}${label === null ? '' : ` (${label})`}`;
}

function boughtText({ extendedLabel }: ProductLifecycle, { on }: SupportEnd): string {
  const name = extendedLabel ?? 'extended support';
  return `Who has bought ${name} gets fixes${on === null ? '' : ` until ${on}`}.`;
}

function nameOf({ id, versionId, prettyName }: Distribution): string {
  return prettyName ?? `${id} ${versionId ?? ''}`.trim();
}

function undecided(release: string, reason: string): DistributionSupport {
  return { status: 'unknown', release, product: null, cycle: null, endedOn: null, canBeBought: false, reason };
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
