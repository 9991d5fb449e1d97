import type { CoverageItem } from '../model/coverage.js';
import type { Inventory } from '../model/inventory.js';
import type { StaleEcosystem } from '../store/advisory.store.js';

/** Where it is known how old advisories are. */
export interface StalenessLookup {
  /** Those of the ecosystems that every feed which has them was last confirmed for longer ago. */
  stale(ecosystems: readonly string[], maxAgeHours: number): Promise<StaleEcosystem[]>;
}

/**
 * Tells of the ecosystems of an inventory whose advisories are old: what became known since was not looked for.
 *
 * @param maxAgeHours 0: no advisories are old
 */
export async function staleAdvisories(
  { packages }: Pick<Inventory, 'packages'>,
  lookup: StalenessLookup,
  maxAgeHours: number,
): Promise<CoverageItem[]> {
  if (maxAgeHours === 0) return [];
  const ecosystems = new Set(packages.flatMap(({ ecosystem }) => ecosystem ?? []));
  const stale = await lookup.stale([...ecosystems].sort(), maxAgeHours);
  return stale.map(({ ecosystem, confirmedAt, feeds, lastError }) => {
    const failed = lastError === null ? '' : ` The last sync failed: ${lastError}`;
    return {
      code: 'advisories_stale',
      subject: ecosystem,
      message: `The advisories for ${ecosystem} were last confirmed at ${confirmedAt.toISOString()}, more than ${maxAgeHours} hours ago: what became known since was not looked for. Sync ${feeds.join(' or ')}, then scan again.${failed}`,
    };
  });
}
