import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import { AliasIndex, type Concern } from './alias.js';
import { type Conclusion, conclude, type NamingRecords, type Weighed, weighAll } from './conclusion.js';
import { askedOf, kindsOf, type MatchedPackage, type NamedKind, type Subject, subjectOf } from './subject.js';

/**
 * What a set of records says about packages, one by one and whatever inventory they are of: a pure function of the
 * records and of what `MatchedPackage` has. The order of the records does not matter.
 *
 * It concludes once for each name and version, however many packages were built from it.
 */
export class PackageConclusions {
  private readonly named: NameIndex;
  readonly aliases: AliasIndex;
  private readonly groups = new Map<string, RecordGroup>();
  private readonly conclusions = new Map<string, Conclusion[]>();

  /**
   * @param advisories that name the packages, as `advisoryNamesOf` asks for them, and those that share an alias with these
   */
  constructor(advisories: readonly Advisory[]) {
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
      conclusions = conclude(weighAll(subject, group.records, group.concerns), this.aliases);
      this.conclusions.set(key, conclusions);
    }
    return conclusions;
  }

  /** Whether any advisory names a package, whatever it says of the version. */
  has(entry: MatchedPackage): boolean {
    const subject = subjectOf(entry);
    return subject !== null && this.groupOf(subject) !== null;
  }

  /** Of every vulnerability that a record names the package for, also those that do not affect it. */
  weighed(subject: Subject): Weighed[] {
    const group = this.groupOf(subject);
    return group ? weighAll(subject, group.records, group.concerns) : [];
  }

  /** The records that name a package, wherever and under whichever name. */
  private groupOf(subject: Subject): RecordGroup | null {
    let key = '';
    const found: Records[] = [];
    for (const { ecosystem, name } of askedOf(subject)) {
      const records = this.named.get(ecosystem)?.get(name);
      if (!records) continue;
      key += `${ecosystem}\0${name}\0`;
      found.push(records);
    }
    const [first, ...others] = found;
    if (!first) return null;
    let group = this.groups.get(key);
    if (!group) {
      group = gather(key, others.length === 0 ? first : merged(found), this.aliases);
      this.groups.set(key, group);
    }
    return group;
  }
}

type Records = Map<Advisory, AffectedPackage[]>;
/** By ecosystem, then by name. */
type NameIndex = ReadonlyMap<string, ReadonlyMap<string, Records>>;

/** Records that are found together, and what of a package they look at. */
interface RecordGroup {
  key: string;
  records: NamingRecords;
  concerns: readonly Concern[];
  kinds: readonly NamedKind[];
  hasArchitectures: boolean;
}

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

function indexByName(advisories: readonly Advisory[]): NameIndex {
  const index = new Map<string, Map<string, Records>>();
  for (const advisory of advisories) {
    for (const entry of advisory.affected) {
      let names = index.get(entry.ecosystem);
      if (!names) {
        names = new Map();
        index.set(entry.ecosystem, names);
      }
      let records = names.get(entry.name);
      if (!records) {
        records = new Map();
        names.set(entry.name, records);
      }
      const entries = records.get(advisory);
      if (entries) entries.push(entry);
      else records.set(advisory, [entry]);
    }
  }
  return index;
}

function merged(all: readonly Records[]): Records {
  const result: Records = new Map();
  for (const records of all) {
    for (const [advisory, entries] of records) {
      const known = result.get(advisory);
      result.set(advisory, known ? [...known, ...entries] : entries);
    }
  }
  return result;
}

function gather(key: string, records: NamingRecords, aliases: AliasIndex): RecordGroup {
  const kinds = new Set<NamedKind>();
  let hasArchitectures = false;
  for (const entries of records.values()) {
    for (const entry of entries) {
      for (const kind of kindsOf(entry)) kinds.add(kind);
      hasArchitectures ||= entry.architectures !== undefined;
    }
  }
  return { key, records, concerns: aliases.sort([...records.keys()]), kinds: [...kinds].sort(), hasArchitectures };
}

function byIdThenTime(a: Advisory, b: Advisory): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.modified.getTime() - b.modified.getTime();
}
