import type { Distribution } from '../../model/distribution.js';
import type { PackageType } from '../../model/package.js';
import { ecosystemOf } from '../ecosystem.js';
import { canMean } from './distro.js';

/** What one package says of its distribution. */
export interface NamedDistribution {
  type: PackageType;
  /** Null where it does not say. */
  distribution: Distribution | null;
  /** The qualifier of its purl as written. */
  distro: string | null;
}

/** The document's own word, or else the distribution that most of its packages name with a release. */
export function mainDistribution(
  documents: Distribution | null,
  named: readonly NamedDistribution[],
): Distribution | null {
  if (documents) return documents;
  const counts = new Map<string, { distribution: Distribution; count: number }>();
  for (const { distribution } of named) {
    if (!distribution) continue;
    const key = JSON.stringify([distribution.id, distribution.versionId]);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { distribution, count: 1 });
  }
  const all = [...counts.values()].map(({ distribution }) => distribution);
  const rank = ({ id, versionId }: Distribution) => counts.get(JSON.stringify([id, versionId]))?.count ?? 0;
  const [first] = all.sort(
    (a, b) =>
      Number(b.versionId !== null) - Number(a.versionId !== null) || rank(b) - rank(a) || (a.id < b.id ? -1 : 1),
  );
  return first ?? null;
}

/**
 * The distribution of a system's package: the document's, unless the package is of another. What a package of another
 * distribution is judged by is its own word, also if that is not enough to find advisories.
 */
export function belongsTo(
  { type, distribution, distro }: NamedDistribution,
  main: Distribution | null,
): Distribution | null {
  if (!distribution || !main) return distribution ?? main;
  if (distro === [main.id, main.versionId].filter(Boolean).join('-')) return main;
  const own = ecosystemOf(distribution, type);
  // Tools write the same release in more or less detail: `debian-12`, `debian-12.5`.
  if (own !== null) return own === ecosystemOf(main, type) ? main : distribution;
  if (distribution.versionId === null) return canMean(distribution.id, main) ? main : distribution;
  return distribution.id === main.id && majorOf(distribution) === majorOf(main) ? main : distribution;
}

function majorOf({ versionId }: Distribution): string {
  return versionId?.split('.', 1)[0] ?? '';
}
