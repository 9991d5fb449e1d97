import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import { AliasIndex, type Concern } from './alias.js';
import { type Conclusion, conclude, type NamingRecords, type ScoreLookup } from './conclusion.js';
import { askedOf, kindsOf, type MatchedPackage, type NamedKind, type Subject, subjectOf } from './subject.js';

/**
 * What a set of records says about packages, one by one and whatever inventory they are of: a pure function of the
 * records and of what `MatchedPackage` has. The order of the records does not matter.
 *
 * It concludes once for each name and version, however many packages were built from it.
 */
export class PackageConclusions {
  private readonly named: ReadonlyMap<string, Map<Advisory, AffectedPackage[]>>;
  private readonly aliases: AliasIndex;
  private readonly groups = new Map<string, RecordGroup>();
  private readonly conclusions = new Map<string, Conclusion[]>();

  /**
   * @param advisories that name the packages, as `askedOf` asks for them, and those that share an alias with these
   * @param scores what rates the vulnerabilities; nothing, where it is left out
   */
  constructor(
    advisories: readonly Advisory[],
    private readonly scores: ScoreLookup = () => null,
  ) {
    const inOrder = advisories.toSorted(byIdThenTime);
    this.named = indexByName(inOrder);
    this.aliases = new AliasIndex(inOrder);
  }

  /** The vulnerabilities that affect a package, or may, sorted by id. */
  of(entry: MatchedPackage): readonly Conclusion[] {
    const subject = subjectOf(entry);
    const group = subject && this.groupOf(subject);
    if (!group) return NONE;
    const key = `${group.key}\0${versionKey(subject, group)}`;
    let conclusions = this.conclusions.get(key);
    if (!conclusions) {
      const { records, concerns } = group;
      conclusions = conclude(subject, records, concerns, this.aliases, this.scores);
      this.conclusions.set(key, conclusions);
    }
    return conclusions;
  }

  /** The records that name a package, under either name. */
  private groupOf(subject: Subject): RecordGroup | null {
    const keys = askedOf(subject)
      .map(keyOf)
      .filter((key) => this.named.has(key));
    if (keys.length === 0) return null;
    const key = keys.join('\0\0');
    let group = this.groups.get(key);
    if (!group) {
      group = this.gather(key, keys);
      this.groups.set(key, group);
    }
    return group;
  }

  private gather(key: string, keys: readonly string[]): RecordGroup {
    const [only = ''] = keys;
    const records = keys.length === 1 ? this.named.get(only) : merged(keys.flatMap((k) => this.named.get(k) ?? []));
    const found: NamingRecords = records ?? new Map();
    const entries = [...found.values()].flat();
    const kinds = new Set(entries.flatMap(kindsOf));
    return {
      key,
      records: found,
      concerns: this.aliases.sort([...found.keys()]),
      kinds: KINDS.filter((kind) => kinds.has(kind)),
      hasArchitectures: entries.some(({ architectures }) => architectures !== undefined),
    };
  }
}

/** Records that are found together, and what of a package they look at. */
interface RecordGroup {
  key: string;
  records: NamingRecords;
  concerns: readonly Concern[];
  kinds: readonly NamedKind[];
  hasArchitectures: boolean;
}

const KINDS: readonly NamedKind[] = ['source', 'binary'];
const NONE: readonly Conclusion[] = [];

/** All that the conclusions about a package rest on, beside the records. */
function versionKey(subject: Subject, { kinds, hasArchitectures }: RecordGroup): string {
  const { type, version, module, architecture } = subject.package;
  // What a build is of is told by the version of the binary, which mostly is that of the source.
  const parts = [type, subject.ecosystem, version, module ?? ''];
  for (const kind of kinds) parts.push(subject[kind].name, subject[kind].version);
  if (hasArchitectures) parts.push(architecture ?? '');
  return parts.join('\0');
}

function indexByName(advisories: readonly Advisory[]): Map<string, Map<Advisory, AffectedPackage[]>> {
  const index = new Map<string, Map<Advisory, AffectedPackage[]>>();
  for (const advisory of advisories) {
    for (const entry of advisory.affected) {
      const key = keyOf(entry);
      let records = index.get(key);
      if (!records) {
        records = new Map();
        index.set(key, records);
      }
      const entries = records.get(advisory);
      if (entries) entries.push(entry);
      else records.set(advisory, [entry]);
    }
  }
  return index;
}

function keyOf({ ecosystem, name }: { ecosystem: string; name: string }): string {
  return `${ecosystem}\0${name}`;
}

function merged(all: readonly ReadonlyMap<Advisory, AffectedPackage[]>[]): Map<Advisory, AffectedPackage[]> {
  const result = new Map<Advisory, AffectedPackage[]>();
  for (const records of all) {
    for (const [advisory, entries] of records) {
      const known = result.get(advisory);
      result.set(advisory, known ? [...known, ...entries] : entries);
    }
  }
  return result;
}

function byIdThenTime(a: Advisory, b: Advisory): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.modified.getTime() - b.modified.getTime();
}
