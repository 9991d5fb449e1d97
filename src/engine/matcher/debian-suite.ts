import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { VersionScheme } from '../version/scheme.js';
import { evaluate, type RangeResult } from './range.js';
import { kindsOf, type NamedKind } from './subject.js';

/** The records that name a package, each with its entries about it. */
type NamingRecords = ReadonlyMap<Advisory, readonly AffectedPackage[]>;

/** What was compared: an installed package under one of its names, and where an advisory's fix for its release is. */
interface Compared {
  ecosystem: string;
  named: NamedKind;
  name: string;
  version: string;
}

/**
 * What a record says of a version that is above the fix of its release, where that does not show that it has the fix.
 *
 * The security team fixes a stable release under versions that name it: `1.0-1+deb12u1`. A package of testing, of
 * unstable or from backports has a higher version than that, whether or not it has the fix of its own suite: 1.2-3 lacks
 * what unstable fixed in 1.2-4. So a version that does not name the release is compared with the fixes of later ones,
 * but for packages that a release gets new versions of without its name.
 *
 * @param fix the fix of the release that the version is at or above
 * @returns null where being above the fix says enough
 */
export function ofOtherSuite(
  compared: Compared,
  fix: string,
  advisory: Advisory,
  uploads: ReleaseUploads,
): RangeResult | null {
  const release = releaseOf(compared.ecosystem);
  const fixedIn = release === null ? null : namedRelease(fix);
  if (release === null || fixedIn === null) return null;
  const installedIn = namedRelease(compared.version);
  if (installedIn !== null && installedIn <= release) return null;
  if (compared.version === fix || (installedIn === null && uploads.reach(compared))) return null;
  return judge(compared, release, installedIn, advisory, uploads.scheme) ?? unsaid(compared, fix);
}

/**
 * Versions without the name of a release that the release got all the same: a new upstream version of the kernel is 4.19.235-1
 * in Debian 10 too. What is not above such a fix is one of them, and has what was fixed below it.
 */
export class ReleaseUploads {
  private readonly newest = new Map<string, string | null>();

  /** @param records all that name the package */
  constructor(
    private readonly records: NamingRecords,
    readonly scheme: VersionScheme,
  ) {}

  /** Backports and what was rebuilt are never uploaded to the release itself. */
  reach({ ecosystem, name, version }: Compared): boolean {
    if (version.includes('~bpo')) return false;
    const key = `${ecosystem}\0${name}`;
    let newest = this.newest.get(key);
    if (newest === undefined) {
      newest = this.newestFix(ecosystem, name);
      this.newest.set(key, newest);
    }
    const order = newest === null ? null : this.scheme.compare(version, newest);
    return order !== null && order <= 0;
  }

  private newestFix(ecosystem: string, name: string): string | null {
    let newest: string | null = null;
    for (const entries of this.records.values()) {
      for (const entry of entries) {
        if (entry.ecosystem !== ecosystem || entry.name !== name) continue;
        for (const event of entry.ranges.flatMap(({ events }) => events)) {
          if (!('fixed' in event) || namedRelease(event.fixed) !== null) continue;
          if (newest === null || (this.scheme.compare(event.fixed, newest) ?? 0) > 0) newest = event.fixed;
        }
      }
    }
    return newest;
  }
}

function judge(
  { named, name, version }: Compared,
  release: number,
  installedIn: number | null,
  advisory: Advisory,
  scheme: VersionScheme,
): RangeResult | null {
  // A backport is the version of testing, rebuilt: 1.2-3~bpo12+1 has what 1.2-3 has.
  const own = version.replace(/~bpo\d+\+\d+$/, '');
  let worst: RangeResult | null = null;
  for (const entry of advisory.affected) {
    const other = releaseOf(entry.ecosystem);
    if (other === null || other <= release || entry.name !== name || !kindsOf(entry).includes(named)) continue;
    const said = evaluate(own, entry, scheme);
    if (other === installedIn) return said;
    // Above what that release got under its own name it says as little as above the fix of this one.
    if (said.verdict === 'not_affected' && said.fix !== null && said.fix !== own && namedRelease(said.fix) === other)
      continue;
    if (worst === null || URGENCY[said.verdict] < URGENCY[worst.verdict]) worst = said;
  }
  return worst;
}

const URGENCY = { affected: 0, undetermined: 1, not_affected: 2 };

function unsaid({ version }: Compared, fix: string): RangeResult {
  const reason = `${version} is of another suite of Debian than the fix ${fix}, and no record says where that suite has it`;
  return { verdict: 'undetermined', cause: 'suite', reason };
}

function releaseOf(ecosystem: string): number | null {
  const release = /^Debian:(\d+)$/.exec(ecosystem)?.[1];
  return release === undefined ? null : Number(release);
}

/**
 * 12 of `1.0-1+deb12u1`, `1.0.5-1~deb12u2` and `1.0.5-1~deb12+1`: the stable release that a version was made for; the last
 * of several, as what was made for one was built again for an older one, `1.0-1+deb10u5~deb9u1`.
 */
function namedRelease(version: string): number | null {
  const named = [...version.matchAll(/(?<![a-z])(?:deb(\d+)[u+]\d|(sarge|etch|lenny|squeeze|wheezy)\d)/g)];
  const [, release, codename] = named.at(-1) ?? [];
  return release === undefined ? (CODENAMES.get(codename ?? '') ?? null) : Number(release);
}

/** Before Debian 7 was out, versions named the release by its name: `3.0.4-3+wheezy6`. */
const CODENAMES: ReadonlyMap<string, number> = new Map([
  ['sarge', 3],
  ['etch', 4],
  ['lenny', 5],
  ['squeeze', 6],
  ['wheezy', 7],
]);
