import type { ClusterFacts, ManagedBy, ServerVersion } from '../../model/cluster/cluster-facts.js';
import { CLUSTER_FACTS_VERSION } from '../../model/cluster/cluster-facts.js';
import type { ClusterObject } from '../../model/cluster/cluster-object.js';
import { resourceName } from '../../model/cluster/cluster-object.js';
import type { KubeletConfig, Node } from '../../model/cluster/node.js';
import type { Pod } from '../../model/cluster/pod.js';
import type { Fact } from '../../model/host/fact.js';
import { managerOf } from './managed-by.js';
import type { ClusterRedaction } from './object/cluster-redaction.js';
import { Faults, Fields, type Raw, storable } from './object/fields.js';
import { byName, OBJECT_LISTS, type ObjectList, type ReadKind, readKindOf } from './object/read-kinds.js';

/** Kubernetes itself is tested up to 150,000 pods. */
const MAX_OBJECTS = 500_000;

/** Gaps of one list that are named one by one. */
const MAX_GAPS = 50;

/** Kinds of other objects that are counted one by one. */
const MAX_OTHER_KINDS = 2_000;

/** Objects that say nothing of what they are, as values for a template. */
const NO_OBJECT = 'no Kubernetes object';

/** What tells which lists there is nothing of, and which were not looked at. */
export interface Collected {
  collectedBy: ClusterFacts['collectedBy'];
  now: Date;
  server: Fact<ServerVersion>;
  kubelets: Fact<KubeletConfig[]>;
  /** Of a list that nothing was read of, or of a part of it; null where that means that there is nothing. */
  absent(list: ObjectList, seen: ReadonlySet<string>): Extract<Fact<never>, { known: false }> | { gap: string } | null;
}

/** Takes objects of any kind, one by one, and makes the facts of a cluster of them. */
export class FactsBuilder {
  private readonly lists = new Map<ObjectList, ClusterObject[]>();
  private readonly gaps = new Map<ObjectList, { all: Set<string>; left: number }>();
  private readonly seen = new Map<ObjectList, Set<string>>();
  private readonly otherKinds = new Map<string, number>();
  private count = 0;
  private isFull = false;
  /** Whether anything was an object of Kubernetes, of whatever kind. */
  hasObjects = false;
  /** The first thing that could be of any list and was not read; null where there is none. */
  firstFault: string | null = null;
  /** Whether any object was made by an API, which gives each its uid. */
  hasServed = false;

  constructor(private readonly redaction: ClusterRedaction) {}

  /**
   * One object. What is wrong in it is a gap of its list.
   *
   * @param origin where it is written; null for what an API served
   */
  add(value: Raw, origin: string | null): void {
    const where = origin ?? 'an object';
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.other(NO_OBJECT);
      return;
    }
    const faults = new Faults();
    const object = new Fields(value, '', faults);
    const apiVersion = object.text('apiVersion');
    const kind = object.text('kind');
    if (apiVersion === null || kind === null) {
      if (faults.summary !== null) this.gapOfAll(`${where}: ${faults.summary}: it was not read.`);
      else this.other(NO_OBJECT);
      return;
    }
    this.hasObjects = true;
    const read = readKindOf(apiVersion, kind);
    if (read === null) {
      this.other(`${apiVersion.slice(0, 200)}/${kind.slice(0, 200)}`);
      return;
    }
    this.addAs(read, object, origin);
  }

  /** That objects of a kind were looked for, though there may be none. */
  sawKind(read: ReadKind): void {
    const seen = this.seen.get(read.list) ?? new Set();
    this.seen.set(read.list, seen.add(read.kind));
  }

  /** What of a list could not be read: a sentence. */
  gap(list: ObjectList, message: string): void {
    const gaps = this.gaps.get(list) ?? { all: new Set(), left: 0 };
    this.gaps.set(list, gaps);
    const text = storable(message);
    if (gaps.all.size < MAX_GAPS || gaps.all.has(text)) gaps.all.add(text);
    else gaps.left += 1;
  }

  /** What could not be read, and could be of any list. */
  gapOfAll(message: string): void {
    this.firstFault ??= storable(message);
    for (const list of OBJECT_LISTS) this.gap(list, message);
  }

  finish({ collectedBy, now, server, kubelets, absent }: Collected): ClusterFacts {
    const fact = <List extends ObjectList>(list: List) => this.fact(list, absent) as ClusterFacts[List];
    const nodes = fact('nodes');
    const namespaces = fact('namespaces');
    return {
      version: CLUSTER_FACTS_VERSION,
      collectedBy,
      collectedAt: now.toISOString(),
      server,
      managedBy: this.managedBy(server),
      namespaces,
      nodes,
      kubelets,
      pods: fact('pods'),
      workloads: fact('workloads'),
      serviceAccounts: fact('serviceAccounts'),
      roles: fact('roles'),
      roleBindings: fact('roleBindings'),
      certificateRequests: fact('certificateRequests'),
      networkPolicies: fact('networkPolicies'),
      vendorPolicies: fact('vendorPolicies'),
      services: fact('services'),
      routes: fact('routes'),
      gateways: fact('gateways'),
      secrets: fact('secrets'),
      configMaps: fact('configMaps'),
      resourceQuotas: fact('resourceQuotas'),
      limitRanges: fact('limitRanges'),
      disruptionBudgets: fact('disruptionBudgets'),
      storageClasses: fact('storageClasses'),
      persistentVolumes: fact('persistentVolumes'),
      webhooks: fact('webhooks'),
      admissionPolicies: fact('admissionPolicies'),
      admissionBindings: fact('admissionBindings'),
      otherKinds: Object.fromEntries([...this.otherKinds].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  private addAs(read: ReadKind, object: Fields, origin: string | null): void {
    this.sawKind(read);
    if (this.count >= MAX_OBJECTS) {
      if (!this.isFull) this.gapOfAll(`There are more than ${MAX_OBJECTS} objects: the rest was not read.`);
      this.isFull = true;
      return;
    }
    this.count += 1;
    const item = read.read(object, { redaction: this.redaction, origin });
    if (item.uid !== null) this.hasServed = true;
    const list = this.lists.get(read.list) ?? [];
    this.lists.set(read.list, list);
    list.push(item);
    const { summary } = object.faults;
    if (summary === null) return;
    this.gap(read.list, `${resourceName(item)}${origin === null ? '' : ` (${origin})`}: ${summary}.`);
  }

  private fact(list: ObjectList, absent: Collected['absent']): Fact<ClusterObject[]> {
    const why = absent(list, this.seen.get(list) ?? new Set());
    const gaps = this.gaps.get(list);
    const messages = gaps === undefined ? [] : [...gaps.all];
    if (gaps !== undefined && gaps.left > 0) messages.push(`${gaps.left} more things of this list could not be read.`);
    const objects = this.lists.get(list);
    if (why !== null && 'known' in why && objects === undefined) {
      const reason = [why.reason, ...messages.slice(0, 3)].join(' ');
      return { ...why, reason };
    }
    if (why !== null) messages.push('gap' in why ? why.gap : why.reason);
    return { known: true, value: distinct((objects ?? []).sort(byName)), gaps: messages };
  }

  private other(kind: string): void {
    const name = storable(kind);
    const isListed = this.otherKinds.has(name) || this.otherKinds.size < MAX_OTHER_KINDS;
    const counted = isListed ? name : 'further kinds';
    this.otherKinds.set(counted, (this.otherKinds.get(counted) ?? 0) + 1);
  }

  private managedBy(server: Fact<ServerVersion>): ManagedBy | null {
    return managerOf({
      gitVersion: server.known ? server.value.gitVersion : null,
      nodes: (this.lists.get('nodes') ?? []) as Node[],
      pods: (this.lists.get('pods') ?? []) as Pod[],
      otherKinds: [...this.otherKinds.keys()],
    });
  }
}

/** The same object can be served by two API groups, or be in two files of a snapshot: the last one counts. */
function distinct(sorted: ClusterObject[]): ClusterObject[] {
  const places = new Map<string, number>();
  const kept: ClusterObject[] = [];
  for (const object of sorted) {
    // Manifests of different places may have one each, and all of them are judged.
    const key = `${resourceName(object)}\0${object.uid ?? object.origin ?? ''}`;
    const place = places.get(key);
    if (place === undefined) {
      places.set(key, kept.length);
      kept.push(object);
    } else kept[place] = object;
  }
  return kept;
}
