import type { Advisory } from '../../model/advisory.js';

/**
 * Which records are about the same vulnerability.
 *
 * A record with `upstream` is a distribution's advisory about each of those vulnerabilities; it joins nothing. Any other
 * record is one vulnerability under its id and its aliases, so it joins them, and records that share one are the same.
 *
 * CVE ids are given to distinct vulnerabilities. A record that lists several, or links two by another alias, is one
 * finding for all of them where it names the package; elsewhere it joins nothing. Else an npm advisory about CVE-1 and
 * CVE-2 would merge what Debian fixed apart.
 */
export class AliasIndex {
  private readonly parents = new Map<string, string>();
  private readonly groups = new Map<string, Group>();
  private readonly joining = new Set<Advisory>();

  constructor(advisories: readonly Advisory[]) {
    // By id, so that the outcome does not hang on the order in which records were found.
    for (const advisory of [...advisories].sort((a, b) => compareIds(a.id, b.id))) this.add(advisory);
  }

  /** Sorts the records naming one package by the vulnerability that they are about. */
  sort(naming: readonly Advisory[]): Concern[] {
    const joined = new LocalJoin((id) => this.root(id));
    for (const advisory of naming) {
      if (advisory.upstream.length === 0 && !this.joining.has(advisory)) joined.join(namesOf(advisory));
    }
    const byRoot = new Map<string, Advisory[]>();
    for (const advisory of naming) {
      for (const root of new Set(subjectsOf(advisory).map((id) => joined.root(id)))) {
        const records = byRoot.get(root);
        if (records) records.push(advisory);
        else byRoot.set(root, [advisory]);
      }
    }
    return [...byRoot].map(([root, records]) => ({ roots: joined.members(root), naming: records }));
  }

  /** Costs more than sorting, and most of what concerns a package does not affect it. */
  describe({ roots, naming }: Concern): Vulnerability {
    const ids = new Set(naming.map((advisory) => advisory.id));
    const linked = new Set<Advisory>();
    for (const root of roots) {
      const group = this.groups.get(root);
      for (const id of group?.ids ?? [root]) ids.add(id);
      for (const record of group?.records ?? []) linked.add(record);
    }
    for (const record of naming) linked.delete(record);
    const vulnerabilityIds = roots.flatMap((root) => [...(this.groups.get(root)?.ids ?? [root])]);
    const id = nameOf(vulnerabilityIds);
    ids.delete(id);
    return { id, aliases: [...ids].sort(), linked: [...linked].sort((a, b) => compareIds(a.id, b.id)) };
  }

  /** What is known of a vulnerability by any of its ids, whatever packages it is in. */
  about(id: string): Vulnerability {
    return this.describe({ roots: [this.root(canonical(id))], naming: [] });
  }

  private add(advisory: Advisory): void {
    const subjects = subjectsOf(advisory);
    const [first] = subjects;
    if (advisory.upstream.length > 0) {
      for (const id of subjects) this.group(id);
      // A bulletin about several vulnerabilities rates none of them.
      if (subjects.length === 1 && first !== undefined) this.group(first).records.push(advisory);
      return;
    }
    const names = namesOf(advisory);
    const cves = new Set(names.flatMap((id) => this.group(id).cve ?? []));
    if (cves.size > 1) return;
    this.joining.add(advisory);
    this.merge(names).records.push(advisory);
  }

  private merge(ids: readonly string[]): Group {
    const [first = '', ...others] = ids;
    const into = this.group(first);
    for (const other of others) {
      const from = this.group(other);
      if (from === into) continue;
      for (const id of from.ids) into.ids.add(id);
      into.records.push(...from.records);
      into.cve ??= from.cve;
      this.parents.set(from.root, into.root);
      this.groups.delete(from.root);
    }
    return into;
  }

  private group(id: string): Group {
    const root = this.root(id);
    let group = this.groups.get(root);
    if (!group) {
      group = { root, ids: new Set([root]), cve: cveNumber(root) ? root : null, records: [] };
      this.groups.set(root, group);
    }
    return group;
  }

  private root(id: string): string {
    let root = id;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent;
    if (root !== id) this.parents.set(id, root);
    return root;
  }
}

/** The records about one vulnerability that name one package. */
export interface Concern {
  /** Of the groups that make up the vulnerability. */
  roots: readonly string[];
  naming: readonly Advisory[];
}

/** One vulnerability as it concerns one package. */
export interface Vulnerability {
  /** Its CVE where it has one, else its GHSA, else the first of its ids. */
  id: string;
  /** Its other ids, those of the records among them; sorted. */
  aliases: string[];
  /** Records that do not name the package, about this vulnerability and no other. */
  linked: Advisory[];
}

interface Group {
  root: string;
  ids: Set<string>;
  cve: string | null;
  /** Records about this vulnerability alone. */
  records: Advisory[];
}

/** Joins that hold for one package only, over the roots of the index. */
class LocalJoin {
  /** The group of each root that was joined with another. */
  private readonly groups = new Map<string, LocalGroup>();
  private serial = 0;

  constructor(private readonly globalRoot: (id: string) => string) {}

  join(ids: readonly string[]): void {
    const roots = new Set(ids.map((id) => this.globalRoot(id)));
    const known = new Set<LocalGroup>();
    for (const root of roots) {
      const group = this.groups.get(root);
      if (group) known.add(group);
    }
    // Most records have one root, which is its own group until something joins it.
    if (roots.size < 2 && known.size === 0) return;
    for (const { members } of [...known].sort((a, b) => b.serial - a.serial)) {
      for (const root of members) roots.add(root);
    }
    this.serial += 1;
    const group: LocalGroup = { serial: this.serial, members: [...roots] };
    for (const root of roots) this.groups.set(root, group);
  }

  root(id: string): string {
    const root = this.globalRoot(id);
    return this.groups.get(root)?.members[0] ?? root;
  }

  members(root: string): readonly string[] {
    return this.groups.get(root)?.members ?? [root];
  }
}

interface LocalGroup {
  /** The later, the higher. */
  serial: number;
  members: readonly string[];
}

/** What a record is about: each of its upstream vulnerabilities, else itself. */
function subjectsOf(advisory: Advisory): string[] {
  return advisory.upstream.length > 0 ? [...new Set(advisory.upstream.map(canonical))] : [canonical(advisory.id)];
}

function namesOf(advisory: Advisory): string[] {
  return [...new Set([advisory.id, ...advisory.aliases].map(canonical))];
}

/** A distribution's record of one CVE is named for it: `UBUNTU-CVE-2024-1` is about CVE-2024-1, even without `upstream`. */
function canonical(id: string): string {
  return id.startsWith('CVE-') || !id.includes('-CVE-') ? id : (/^[A-Z]+-(CVE-\d{4}-\d+)$/.exec(id)?.[1] ?? id);
}

function nameOf(ids: readonly string[]): string {
  let [best = ''] = ids;
  for (const id of ids) if (id !== best && (rank(id) - rank(best) || compareIds(id, best)) < 0) best = id;
  return best;
}

function rank(id: string): number {
  return cveNumber(id) ? 0 : id.startsWith('GHSA-') ? 1 : 2;
}

function cveNumber(id: string): [year: number, number: number] | null {
  if (!id.startsWith('CVE-')) return null;
  const match = /^CVE-(\d{4})-(\d+)$/.exec(id);
  return match ? [Number(match[1]), Number(match[2])] : null;
}

/** CVEs by year and number, others by text. */
function compareIds(a: string, b: string): number {
  const left = cveNumber(a);
  const right = left && cveNumber(b);
  if (left && right) return left[0] - right[0] || left[1] - right[1];
  return a < b ? -1 : a > b ? 1 : 0;
}
