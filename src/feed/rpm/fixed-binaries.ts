import type { AffectedPackage } from '../../model/advisory.js';

/** A binary rpm that a bulletin lists as fixed. */
export interface FixedBinary {
  name: string;
  /** The first one that is fixed. */
  version: string;
  /** `x86_64`, `noarch`; several where a bulletin names them for a machine. */
  architectures: readonly string[];
  /** `nodejs:18`, of a module's packages. */
  module?: string | undefined;
  /** Where the line of versions starts that the fix is for; absent: every version below is affected. */
  introduced?: string | undefined;
}

/**
 * What a bulletin lists, package by package.
 *
 * A bulletin that fixes one version on every machine says so without architectures: then no build of the package is
 * missed, also of an architecture that the list, which a repository of one architecture has, leaves out. Only where
 * versions differ by architecture does each entry name its own. Two versions on the same one mean that both have to be
 * passed.
 *
 * @param exact the list is complete, so that a package that it has for one architecture only is not affected elsewhere
 */
export function affectedBinaries(ecosystem: string, fixed: readonly FixedBinary[], exact: boolean): AffectedPackage[] {
  const packages = new Map<string, FixedVersions>();
  for (const { name, version, architectures, module, introduced } of fixed) {
    const key = `${name}\0${module ?? ''}`;
    let entry = packages.get(key);
    if (!entry) {
      entry = { name, module, versions: new Map(), introduced };
      packages.set(key, entry);
    }
    let on = entry.versions.get(version);
    if (!on) {
      on = new Set();
      entry.versions.set(version, on);
    }
    for (const architecture of architectures) on.add(architecture);
  }
  return [...packages.values()].flatMap((entry) => entriesOf(ecosystem, entry, exact));
}

interface FixedVersions {
  name: string;
  module: string | undefined;
  /** By version: the architectures that have it. */
  versions: Map<string, Set<string>>;
  introduced: string | undefined;
}

function entriesOf(ecosystem: string, entry: FixedVersions, exact: boolean): AffectedPackage[] {
  const { name, module, versions, introduced } = entry;
  const sets = [...versions.values()].map((on) => [...on].sort().join(' '));
  const differ = exact || new Set(sets).size > 1;
  return [...versions].map(([version, on]) => {
    const affected: AffectedPackage = {
      ecosystem,
      name,
      named: 'binary',
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: introduced ?? '0' }, { fixed: version }] }],
      versions: [],
      severity: null,
      cvss: [],
    };
    if (module !== undefined) affected.module = module;
    // What is installed as `noarch`, because it became or was so, is compared with every entry.
    if (differ && on.size > 0 && !on.has('noarch')) affected.architectures = [...on].sort();
    return affected;
  });
}
