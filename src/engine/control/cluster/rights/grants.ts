import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { PolicyRule, Role, RoleBinding, Subject } from '../../../../model/cluster/rights.js';
import { known } from '../../host/host-subject.js';
import type { ClusterControl, ClusterSubject } from '../cluster-subject.js';

/** What a control over rights has in common with every other. */
export const RIGHTS = {
  opens: 'misconfiguration',
  eachResource: true,
  restsOn: ['roles', 'roleBindings'],
} satisfies Partial<ClusterControl>;

/** A binding with the rules that it gives, to those that are not the cluster's own parts. */
export interface Grant {
  binding: RoleBinding;
  rules: readonly PolicyRule[];
  /** `ServiceAccount/shop/web`, `Group/devs`. */
  to: string[];
}

/** What is granted to anybody but the cluster's own parts; a role that is not there grants nothing. */
export function grantsOf({ facts }: ClusterSubject): Grant[] {
  const roles = new Map(known(facts.roles).map((role) => [resourceName(role), role]));
  return known(facts.roleBindings).flatMap((binding): Grant[] => {
    const namespace = binding.role.kind === 'Role' ? binding.namespace : null;
    const role: Role | undefined = roles.get(resourceName({ ...binding.role, namespace }));
    const to = binding.subjects.filter((subject) => !isOwnPart(binding, subject)).map(nameOf);
    return role && to.length > 0 ? [{ binding, rules: role.rules, to }] : [];
  });
}

/** Whether Kubernetes made a role or binding itself: by its name too, as everybody may set the label. */
export function isBuiltIn({ name, labels }: Role | RoleBinding): boolean {
  return (
    labels['kubernetes.io/bootstrapping'] === 'rbac-defaults' &&
    /^(?:cluster-admin|admin|edit|view|system:.+)$/.test(name)
  );
}

export function nameOf({ kind, name, namespace }: Subject): string {
  return resourceName({ kind, name, namespace: kind === 'ServiceAccount' ? namespace : null });
}

/** Whether a rule lets somebody do one of these, to any object of the kind. @param resource `pods/exec` for a part of it */
export function allows(rule: PolicyRule, verbs: readonly string[], group: string, resource: string): boolean {
  return (
    rule.resourceNames.length === 0 &&
    rule.verbs.some((verb) => verb === '*' || verbs.includes(verb)) &&
    rule.apiGroups.some((each) => each === '*' || each === group) &&
    rule.resources.some((each) => each === '*' || each === resource || isPartOfAll(each, resource))
  );
}

/** Every `exec`: `*` and a slash before it. */
function isPartOfAll(pattern: string, resource: string): boolean {
  const slash = resource.indexOf('/');
  return slash > 0 && pattern === `*${resource.slice(slash)}`;
}

/** Of Kubernetes' own bindings, those who have to have what they give; anybody else who is in one is told of. */
function isOwnPart(binding: RoleBinding, { kind, name, namespace }: Subject): boolean {
  if (!isBuiltIn(binding)) return false;
  if (kind === 'ServiceAccount') return namespace === 'kube-system';
  if (kind === 'User') return name.startsWith('system:kube-') || name === 'system:apiserver';
  return name === 'system:masters' || name === 'system:nodes' || name === 'system:monitoring';
}
