import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import type { PodSpec } from '../../../model/cluster/pod.js';
import { type AuditedWorkload, isStatic } from '../workloads.js';
import {
  ALL_GROUPS,
  ALL_NODES,
  ALL_USERS,
  accountsIn,
  CLUSTER,
  type Escalation,
  GROUPS_BUT_MASTERS,
  isGathering,
  podsIn,
  SOME_NODE,
} from './escalation.js';
import type { Grant } from './grant.js';
import { clusterKeys, controlOverNode } from './node-control.js';
import { accountId, MASTERS, principalId } from './principal.js';
import { accountNameOf, type Rights, rightsOf } from './rights.js';
import { heldRole } from './role-techniques.js';
import { type Surroundings, stepsOf } from './techniques.js';

export interface EscalationGraph {
  rights: Rights;
  /** By where they start; the graph has no other edges. */
  leaving: ReadonlyMap<string, readonly Escalation[]>;
  /** What could not be told, a sentence each: a way that is not found may be there. */
  gaps: string[];
}

/** Who may become whom, and get at what: principals, workloads, nodes, and the whole cluster. */
export function escalationGraph(facts: ClusterFacts, workloads: readonly AuditedWorkload[]): EscalationGraph {
  const rights = rightsOf(facts);
  const around = surroundings(facts, workloads, rights);
  const leaving = new Map<string, Escalation[]>();
  const known = new Map<string, Escalation>();
  const add = (edge: Omit<Escalation, 'others'>) => {
    // Several rules that give the same step are one step: the first is shown.
    const key = `${edge.from}\n${edge.to}\n${edge.technique}`;
    const same = known.get(key);
    if (same) {
      same.others.push(...edge.grants);
      return;
    }
    const whole = { ...edge, others: [] };
    known.set(key, whole);
    const edges = leaving.get(edge.from);
    if (edges) edges.push(whole);
    else leaving.set(edge.from, [whole]);
  };
  const structural = (from: string, to: string, technique: Escalation['technique'], via: string) =>
    add({ from, to, technique, via, grants: [] });
  for (const principal of rights.principals) {
    const from = principalId(principal);
    for (const step of stepsOf(rights.grantsOf(principal), around)) add({ from, ...step });
    if (principal.kind === 'ServiceAccount') {
      structural(accountsIn(principal.namespace), from, 'member', principal.namespace);
    } else {
      structural(principal.kind === 'User' ? ALL_USERS : ALL_GROUPS, from, 'member', from);
      if (principal.kind === 'Group' && principal.name !== MASTERS)
        structural(GROUPS_BUT_MASTERS, from, 'member', from);
    }
  }
  for (const { namespace } of rights.principals) {
    if (namespace !== null) structural(accountsIn(null), accountsIn(namespace), 'member', namespace);
  }
  structural(`Group/${MASTERS}`, CLUSTER, 'system-masters', 'no authorizer is asked');
  addWorkloads(facts, workloads, structural);
  addNodes(facts, structural);
  addRoleHolders(leaving, around, add);
  return { rights, leaving, gaps: [...rights.gaps, ...graphGaps(facts, leaving)] };
}

type Structural = (from: string, to: string, technique: Escalation['technique'], via: string) => void;

function addWorkloads(facts: ClusterFacts, workloads: readonly AuditedWorkload[], structural: Structural): void {
  const controlPlane = new Set(controlPlaneNodes(facts));
  const unmounted = accountsWithoutToken(facts);
  for (const { resource, namespace: own, views, pods } of workloads) {
    const namespace = own ?? 'default';
    structural(podsIn(namespace), resource, 'member', namespace);
    structural(podsIn(null), podsIn(namespace), 'member', namespace);
    const nodes = [...new Set(pods.map(({ spec }) => spec.nodeName).filter((name) => name !== null))].sort();
    for (const { spec } of views) {
      const account = accountId(namespace, accountNameOf(spec));
      if (holdsToken(spec, unmounted.has(account))) structural(resource, account, 'token-of-pod', 'token in the pod');
      for (const via of controlOverNode(spec)) {
        const on = spec.nodeName !== null ? [spec.nodeName] : nodes;
        for (const node of on.length > 0 ? on : ['*']) structural(resource, `Node/${node}`, 'node-of-pod', via);
      }
      const keys = clusterKeys(spec);
      if (keys.length > 0 && nodes.some((node) => controlPlane.has(node))) {
        structural(resource, CLUSTER, 'keys-of-cluster', `reads ${keys.join(', ')} of a node of the control plane`);
      }
    }
  }
}

/** Whoever is root on a node has the tokens of its pods, and as its kubelet may ask for one of each of their accounts. */
function addNodes(facts: ClusterFacts, structural: Structural): void {
  const names = new Set(facts.nodes.known ? facts.nodes.value.map(({ name }) => name) : []);
  for (const pod of facts.pods.known ? facts.pods.value : []) {
    const { nodeName } = pod.spec;
    if (nodeName === null) continue;
    names.add(nodeName);
    // A static pod has no account.
    if (isStatic(pod)) continue;
    const account = accountId(pod.namespace ?? 'default', accountNameOf(pod.spec));
    structural(`Node/${nodeName}`, account, 'pods-of-node', 'tokens of the pods on it');
  }
  for (const node of controlPlaneNodes(facts))
    structural(`Node/${node}`, CLUSTER, 'keys-of-cluster', 'keys of the control plane');
  for (const node of names) structural(ALL_NODES, `Node/${node}`, 'member', node);
  if (names.size === 0) structural(ALL_NODES, SOME_NODE, 'member', 'a node');
}

/** What a role that somebody binds to itself leads to; that may be another such role. */
function addRoleHolders(
  leaving: ReadonlyMap<string, readonly Escalation[]>,
  around: Surroundings,
  add: (edge: Omit<Escalation, 'others'>) => void,
): void {
  const done = new Set<string>();
  const front = [...leaving.values()].flat().map(({ to }) => to);
  for (let id = front.pop(); id !== undefined; id = front.pop()) {
    const held = heldRole(id);
    if (!held || done.has(id)) continue;
    done.add(id);
    const role = around.rights.role(held.role);
    const binding = 'the binding that it made';
    const grants: Grant[] = (role?.rules ?? []).map((rule) => ({
      rule,
      role: held.role,
      binding,
      namespace: held.namespace,
      to: id,
    }));
    for (const step of stepsOf(grants, around)) {
      add({ from: id, ...step });
      front.push(step.to);
    }
  }
}

function surroundings(facts: ClusterFacts, workloads: readonly AuditedWorkload[], rights: Rights): Surroundings {
  const ofPod = new Map<string, string>();
  const onNode = new Map<string, Set<string>>();
  for (const { resource, pods } of workloads) {
    for (const { namespace, name, spec } of pods) {
      ofPod.set(`${namespace}/${name}`, resource);
      if (spec.nodeName === null) continue;
      const on = onNode.get(spec.nodeName);
      if (on) on.add(resource);
      else onNode.set(spec.nodeName, new Set([resource]));
    }
  }
  return {
    rights,
    server: facts.server.known ? facts.server.value : null,
    isEks: facts.managedBy === 'eks',
    guarded: new Set((facts.namespaces.known ? facts.namespaces.value : []).filter(isGuarded).map(({ name }) => name)),
    tokenSecrets: tokenSecretsOf(facts),
    workloadOf: (namespace, pod) => ofPod.get(`${namespace}/${pod}`) ?? null,
    workloadsOn: (node) => [...(onNode.get(node) ?? [])],
  };
}

/** https://kubernetes.io/docs/concepts/security/pod-security-admission/: both keep a pod from its node. */
function isGuarded({ labels }: { labels: Record<string, string> }): boolean {
  const level = labels['pod-security.kubernetes.io/enforce'];
  return level === 'baseline' || level === 'restricted';
}

function tokenSecretsOf({ secrets, serviceAccounts }: ClusterFacts): Surroundings['tokenSecrets'] {
  const found: { namespace: string; name: string; account: string }[] = [];
  const listed = new Map<string, string>();
  for (const { namespace, name, secrets: names } of serviceAccounts.known ? serviceAccounts.value : []) {
    for (const secret of names) listed.set(`${namespace}/${secret}`, name);
  }
  for (const { namespace, name, type, annotations } of secrets.known ? secrets.value : []) {
    if (type !== 'kubernetes.io/service-account-token' || namespace === null) continue;
    const account = annotations['kubernetes.io/service-account.name'] ?? listed.get(`${namespace}/${name}`);
    if (account !== undefined) found.push({ namespace, name, account });
  }
  return found;
}

function accountsWithoutToken({ serviceAccounts }: ClusterFacts): Set<string> {
  const accounts = serviceAccounts.known ? serviceAccounts.value : [];
  const without = accounts.filter(({ automountServiceAccountToken }) => automountServiceAccountToken === false);
  return new Set(without.map(({ namespace, name }) => accountId(namespace ?? 'default', name)));
}

/** What a pod says counts before what its account says; a volume brings a token whatever both say. */
function holdsToken(spec: PodSpec, isUnmounted: boolean): boolean {
  const byVolume = spec.volumes.some(({ sources }) =>
    sources.some(({ type, audience }) => type === 'serviceAccountToken' && audience === null),
  );
  return byVolume || (spec.automountServiceAccountToken ?? !isUnmounted);
}

/** Nodes that hold the keys of the cluster: where somebody else runs the control plane there are none. */
function controlPlaneNodes({ nodes, pods, managedBy }: ClusterFacts): string[] {
  if (managedBy !== null && managedBy !== 'openshift') return [];
  const labelled = (nodes.known ? nodes.value : []).filter(
    ({ labels }) => 'node-role.kubernetes.io/control-plane' in labels || 'node-role.kubernetes.io/master' in labels,
  );
  const servers = (pods.known ? pods.value : []).filter(
    (pod) => isStatic(pod) && pod.name.startsWith('kube-apiserver'),
  );
  const names = [...labelled.map(({ name }) => name), ...servers.flatMap(({ spec }) => spec.nodeName ?? [])];
  return [...new Set(names)].sort();
}

/** Secrets matter where somebody reads them: some hold the token of an account. */
function graphGaps(
  { pods, workloads, nodes, secrets }: ClusterFacts,
  leaving: ReadonlyMap<string, readonly Escalation[]>,
): string[] {
  const areRead = [...leaving.values()].some((edges) => edges.some(({ technique }) => technique === 'read-secrets'));
  return Object.entries({ pods, workloads, nodes, ...(areRead && { secrets }) }).flatMap(([name, fact]) => {
    if (!fact.known) return fact.code === 'not_present' ? [] : [`The ${name} are not known: ${fact.reason}`];
    return fact.gaps.map((gap) => `Not all ${name} are known: ${gap}`);
  });
}

/** A step that counts: from many to one of them is none. */
export function lengthOf({ from }: Pick<Escalation, 'from'>): 0 | 1 {
  return isGathering(from) ? 0 : 1;
}
