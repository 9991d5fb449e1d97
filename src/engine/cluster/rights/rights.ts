import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import { resourceName } from '../../../model/cluster/cluster-object.js';
import type { PolicyRule, Role, RoleBinding } from '../../../model/cluster/rights.js';
import { selects } from '../label-selector.js';
import { builtInRoles } from './built-in-roles.js';
import type { Grant } from './grant.js';
import { groupsOf, MASTERS, type Principal, principalId, principalOf } from './principal.js';

export type RightsFacts = Pick<
  ClusterFacts,
  'collectedBy' | 'roles' | 'roleBindings' | 'serviceAccounts' | 'namespaces' | 'pods' | 'workloads'
>;

/** Who may do what: the effective rights of every principal that is known. */
export interface Rights {
  /** Sorted by id: service accounts that are there or that pods use, and whoever a binding names. */
  principals: Principal[];
  /** Its own grants and those of its groups; empty for one that is not known. */
  grantsOf(principal: Principal): readonly Grant[];
  /** Its own alone. */
  ownGrants(id: string): readonly Grant[];
  /** A role by `ClusterRole/edit` or `Role/shop/reader`, with what is aggregated into it. */
  role(name: string): Role | null;
  /** Bindings that are there, each with its role. */
  bindings: readonly { name: string; namespace: string | null; role: string }[];
  /** What could not be told, a sentence each: a right that is not found may be there. */
  gaps: string[];
}

/** More roles than these that are named and not there are summed up in one gap. */
const MAX_GAPS = 20;

export function rightsOf(facts: RightsFacts): Rights {
  const gaps = factGaps(facts);
  const roles = rolesByName(facts);
  const own = new Map<string, Grant[]>();
  const principals = new Map<string, Principal>();
  const know = (principal: Principal): string => {
    const id = principalId(principal);
    if (!principals.has(id)) principals.set(id, principal);
    return id;
  };
  for (const account of accountsOf(facts)) know(account);
  know({ kind: 'Group', namespace: null, name: MASTERS });
  const dangling = new Set<string>();
  for (const binding of facts.roleBindings.known ? facts.roleBindings.value : []) {
    const name = roleNameOf(binding);
    const role = roles.get(name);
    if (!role) dangling.add(`${resourceName(binding)} gives ${name}`);
    const grants = role?.rules.map((rule) => grantOf(rule, role, binding)) ?? [];
    for (const subject of binding.subjects) {
      const principal = principalOf(subject, binding.namespace);
      if (!principal) continue;
      const id = know(principal);
      const list = own.get(id);
      const given = grants.map((grant) => ({ ...grant, to: id }));
      if (list) list.push(...given);
      else own.set(id, given);
    }
  }
  // A cluster that was asked for all of its roles has no other; manifests may be applied to one that has.
  if (dangling.size > 0 && (facts.collectedBy === 'manifests' || !isWhole(facts.roles))) {
    gaps.push(...summedUp([...dangling].sort()));
  }
  const effective = new Map<string, Grant[]>();
  return {
    principals: [...principals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, principal]) => principal),
    ownGrants: (id) => own.get(id) ?? [],
    role: (name) => roles.get(name) ?? null,
    grantsOf(principal) {
      const id = principalId(principal);
      let grants = effective.get(id);
      if (!grants) {
        const groups = groupsOf(principal).map((name) => own.get(`Group/${name}`) ?? []);
        grants = [...(own.get(id) ?? []), ...groups.flat()];
        effective.set(id, grants);
      }
      return grants;
    },
    bindings: (facts.roleBindings.known ? facts.roleBindings.value : []).map((binding) => ({
      name: binding.name,
      namespace: binding.namespace,
      role: roleNameOf(binding),
    })),
    gaps,
  };
}

/** The account that a pod of this spec runs as: `default` where it names none. */
export function accountNameOf({ serviceAccountName }: { serviceAccountName: string | null }): string {
  return serviceAccountName || 'default';
}

function grantOf(rule: PolicyRule, role: Role, binding: RoleBinding): Omit<Grant, 'to'> {
  return { rule, role: resourceName(role), binding: resourceName(binding), namespace: binding.namespace };
}

function roleNameOf({ role: { kind, name }, namespace }: RoleBinding): string {
  return kind === 'ClusterRole' ? `ClusterRole/${name}` : `Role/${namespace ?? ''}/${name}`;
}

/** Every account that is there, that the cluster makes in each namespace, or that a pod runs as. */
function* accountsOf(facts: RightsFacts): Iterable<Principal> {
  const account = (namespace: string | null, name: string): Principal => ({
    kind: 'ServiceAccount',
    namespace: namespace ?? 'default',
    name,
  });
  if (facts.serviceAccounts.known) {
    for (const { namespace, name } of facts.serviceAccounts.value) yield account(namespace, name);
  }
  if (facts.namespaces.known) for (const { name } of facts.namespaces.value) yield account(name, 'default');
  if (facts.pods.known)
    for (const { namespace, spec } of facts.pods.value) yield account(namespace, accountNameOf(spec));
  if (facts.workloads.known) {
    for (const { namespace, template } of facts.workloads.value) yield account(namespace, accountNameOf(template.spec));
  }
}

function rolesByName(facts: RightsFacts): Map<string, Role> {
  const given = facts.roles.known ? facts.roles.value : [];
  const names = new Set(given.map(resourceName));
  const all = [...given, ...builtInRoles().filter((role) => !names.has(resourceName(role)))];
  const clusterRoles = all.filter(({ kind }) => kind === 'ClusterRole');
  return new Map(all.map((role) => [resourceName(role), withAggregated(role, clusterRoles)]));
}

/** A controller fills in the rules of an aggregated role, also of those that are aggregated themselves; it may not have been there yet. */
function withAggregated(role: Role, clusterRoles: readonly Role[]): Role {
  if (role.aggregates.length === 0) return role;
  const seen = new Set<Role>([role]);
  for (const one of seen) {
    for (const selector of one.aggregates) {
      for (const other of clusterRoles) if (selects(selector, other.labels)) seen.add(other);
    }
  }
  const rules = new Map<string, PolicyRule>();
  for (const one of seen) for (const rule of one.rules) rules.set(JSON.stringify(rule), rule);
  return { ...role, rules: [...rules.values()] };
}

function factGaps({ roles, roleBindings, serviceAccounts }: RightsFacts): string[] {
  return Object.entries({ roles, 'role bindings': roleBindings, 'service accounts': serviceAccounts }).flatMap(
    ([name, fact]) => {
      if (!fact.known) return [`The ${name} are not known: ${fact.reason}`];
      return fact.gaps.map((gap) => `Not all ${name} are known: ${gap}`);
    },
  );
}

function isWhole(fact: RightsFacts['roles']): boolean {
  return fact.known && fact.gaps.length === 0;
}

function summedUp(dangling: string[]): string[] {
  const shown = dangling.slice(0, MAX_GAPS).map((one) => `${one}, which is not among the roles that were read.`);
  const rest = dangling.length - shown.length;
  return rest > 0 ? [...shown, `${rest} more bindings give roles that were not read.`] : shown;
}
