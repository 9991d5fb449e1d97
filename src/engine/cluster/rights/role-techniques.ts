import { CLUSTER, type Step } from './escalation.js';
import { type Grant, isEverything, isNamed, type Permit, permits } from './grant.js';
import type { Rights } from './rights.js';

const RBAC = 'rbac.authorization.k8s.io';
const ROLES = [
  ['ClusterRole', 'clusterroles'],
  ['Role', 'roles'],
] as const;

/** Whoever has a role in a namespace, or everywhere: `rights of ClusterRole/edit in shop`. */
function roleHolder(role: string, namespace: string | null): string {
  return `rights of ${role}${namespace === null ? '' : ` in ${namespace}`}`;
}

/** The role and namespace of such a one; null where it is none. */
export function heldRole(id: string): { role: string; namespace: string | null } | null {
  const match = /^rights of (\S+)(?: in (\S+))?$/.exec(id);
  return match ? { role: match[1] ?? '', namespace: match[2] ?? null } : null;
}

/**
 * Who may bind a role and write bindings gives it to itself. Without `bind` the API server lets nobody give more than they
 * have. `bind` is asked for in the namespace of the binding, also for a ClusterRole.
 */
export function bindings(grants: readonly Grant[], { rights }: { rights: Rights }): Step[] {
  const steps: Step[] = [];
  for (const [kind, resource] of ROLES) {
    for (const bind of permits(grants, { verbs: ['bind'], group: RBAC, resource })) {
      for (const role of boundRoles(kind, bind, rights)) {
        const everywhere = kind === 'ClusterRole' && bind.namespace === null ? writers(grants, role, null, rights) : [];
        const own = namespaceOf(role) ?? bind.namespace;
        for (const { grant, namespace } of [...everywhere, ...writers(grants, role, own ?? '*', rights)]) {
          steps.push(bound(role, namespace, bind.grant, grant, rights));
        }
      }
    }
  }
  return steps;
}

/**
 * Who may escalate a role that it has gives itself every right where it has it: the API server asks for `escalate` on the
 * role's own name, and to write it.
 */
export function escalations(grants: readonly Grant[]): Step[] {
  const steps: Step[] = [];
  for (const [kind, resource] of ROLES) {
    const isClusterScoped = kind === 'ClusterRole';
    const escalate = permits(grants, { verbs: ['escalate'], group: RBAC, resource, isClusterScoped });
    if (escalate.length === 0) continue;
    const writes = permits(grants, { verbs: ['update', 'patch'], group: RBAC, resource, isClusterScoped });
    const own = new Map(
      grants.filter(({ role }) => role.startsWith(`${kind}/`)).map((one) => [`${one.role} ${one.namespace}`, one]),
    );
    for (const { role, namespace } of own.values()) {
      const name = role.slice(role.lastIndexOf('/') + 1);
      const holds = (permit: Permit) =>
        isNamed(permit, name) && (permit.namespace === null || permit.namespace === namespace);
      const may = escalate.find(holds);
      const write = writes.find(holds);
      if (!may || !write) continue;
      const to = namespace === null ? CLUSTER : roleHolder('ClusterRole/cluster-admin', namespace);
      steps.push({
        to,
        technique: 'escalate',
        via: `writes every right into ${role}`,
        grants: [may.grant, write.grant],
      });
    }
  }
  return steps;
}

/** Roles that are worth binding: those that are named; else the one that has every right, and those of bindings that may only be changed. */
function boundRoles(kind: 'ClusterRole' | 'Role', { names, namespace }: Permit, rights: Rights): string[] {
  const named = (name: string) => (kind === 'ClusterRole' ? `ClusterRole/${name}` : `Role/${namespace}/${name}`);
  if (names !== null) return kind === 'Role' && namespace === null ? [] : names.map(named);
  const bound = new Set(rights.bindings.map(({ role }) => role).filter((role) => role.startsWith(`${kind}/`)));
  const within = [...bound].filter(
    (role) => kind === 'ClusterRole' || namespace === null || namespaceOf(role) === namespace,
  );
  return kind === 'ClusterRole' ? [...new Set(['ClusterRole/cluster-admin', ...within])] : within;
}

/**
 * Who may give the role to itself where: by a new binding, or by one that is there, whose role stays what it is.
 *
 * @param at null: everywhere; `*`: in whatever namespace
 */
function writers(grants: readonly Grant[], role: string, at: string | null, rights: Rights) {
  const isClusterScoped = at === null;
  const need = { group: RBAC, resource: isClusterScoped ? 'clusterrolebindings' : 'rolebindings', isClusterScoped };
  const isAt = (namespace: string | null) => at === null || at === '*' || namespace === null || namespace === at;
  // In whatever namespace is in that of the controllers.
  const place = (namespace: string | null) => (at === null ? null : at === '*' ? (namespace ?? 'kube-system') : at);
  const made = permits(grants, { ...need, verbs: ['create'] }).filter(({ namespace }) => isAt(namespace));
  const found = made.map(({ grant, namespace }) => ({ grant, namespace: place(namespace) }));
  for (const permit of permits(grants, { ...need, verbs: ['update', 'patch'] })) {
    for (const binding of rights.bindings) {
      const isOfKind = (binding.namespace === null) === isClusterScoped;
      if (binding.role !== role || !isOfKind || !isNamed(permit, binding.name)) continue;
      if (!isAt(binding.namespace) || (permit.namespace !== null && permit.namespace !== binding.namespace)) continue;
      found.push({ grant: permit.grant, namespace: binding.namespace });
    }
  }
  return found;
}

function namespaceOf(role: string): string | null {
  const [kind, namespace = null] = role.split('/');
  return kind === 'Role' ? namespace : null;
}

function bound(role: string, namespace: string | null, bind: Grant, write: Grant, rights: Rights): Step {
  const isAll = namespace === null && rights.role(role)?.rules.some(isEverything);
  const where = namespace === null ? '' : ` in ${namespace}`;
  return {
    to: isAll ? CLUSTER : roleHolder(role, namespace),
    technique: 'bind',
    via: `binds ${role} to itself${where}`,
    grants: [bind, write],
  };
}
