import type { PolicyRule } from '../../../model/cluster/rights.js';

/** A rule as a binding gives it to somebody. */
export interface Grant {
  rule: PolicyRule;
  /** `ClusterRole/edit`, `Role/shop/reader`. */
  role: string;
  /** `RoleBinding/shop/readers`. */
  binding: string;
  /** Null: everywhere, and over what belongs to no namespace. */
  namespace: string | null;
  /** The principal whose binding it is: of a grant that somebody has as a member, the group. */
  to: string;
}

/** Something that somebody may want to do to a kind of resource. */
export interface Need {
  /** Any of these will do. */
  verbs: readonly string[];
  group: string;
  /** `pods`, `pods/exec`. */
  resource: string;
  /** Belongs to no namespace: a RoleBinding gives no right over it. */
  isClusterScoped?: boolean;
}

export interface Permit {
  grant: Grant;
  /** Null: in every namespace. */
  namespace: string | null;
  /** Null: of whatever name. */
  names: string[] | null;
}

/** What of the grants lets somebody do it, and where: as RuleAllows of Kubernetes' RBAC authorizer. */
export function permits(grants: readonly Grant[], need: Need): Permit[] {
  const found: Permit[] = [];
  for (const grant of grants) {
    const { rule, namespace } = grant;
    if (need.isClusterScoped && namespace !== null) continue;
    if (!allowsGroup(rule, need.group) || !allowsResource(rule, need.resource)) continue;
    const verbs = need.verbs.filter((verb) => allowsVerb(rule, verb));
    if (verbs.length === 0) continue;
    if (rule.resourceNames.length === 0) {
      found.push({ grant, namespace, names: null });
    } else if (verbs.some((verb) => carriesName(verb, need.resource))) {
      found.push({ grant, namespace, names: rule.resourceNames });
    }
  }
  return found;
}

/** Whether both hold of some object of one namespace; null where not, else the narrower. */
export function common(a: Permit, b: Permit): { namespace: string | null } | null {
  if (a.namespace === null) return { namespace: b.namespace };
  return b.namespace === null || b.namespace === a.namespace ? { namespace: a.namespace } : null;
}

/** Whether the name is one of those that are permitted. */
export function isNamed({ names }: Permit, name: string): boolean {
  return names === null || names.includes(name);
}

/** Only a binding of the whole cluster gives rights over URLs. `*` at the end stands for anything. */
export function permitsUrl(grants: readonly Grant[], verb: string, path: string): Grant[] {
  return grants.filter(
    ({ rule, namespace }) =>
      namespace === null &&
      allowsVerb(rule, verb) &&
      rule.nonResourceURLs.some((url) => (url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path)),
  );
}

/** Whether it gives every right over every resource, of which no name or URL is kept out. */
export function isEverything({ verbs, apiGroups, resources, resourceNames }: PolicyRule): boolean {
  return verbs.includes('*') && apiGroups.includes('*') && resources.includes('*') && resourceNames.length === 0;
}

function allowsVerb({ verbs }: PolicyRule, verb: string): boolean {
  return verbs.includes(verb) || verbs.includes('*');
}

function allowsGroup({ apiGroups }: PolicyRule, group: string): boolean {
  return apiGroups.includes(group) || apiGroups.includes('*');
}

/** `*` is every resource with its subresources; `*` before a slash is that subresource of every resource; `pods/*` is nothing. */
function allowsResource({ resources }: PolicyRule, resource: string): boolean {
  if (resources.includes(resource) || resources.includes('*')) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && resources.includes(`*${resource.slice(slash)}`);
}

/** The name of what is to be made is not known when it is asked whether it may be: names keep such a right from everybody. */
function carriesName(verb: string, resource: string): boolean {
  return (verb !== 'create' || resource.includes('/')) && verb !== 'deletecollection';
}
