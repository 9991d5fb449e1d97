import type { Subject } from '../../../model/cluster/rights.js';

/** Whoever the API server may know a request to come from; a group stands for whoever is in it. */
export type Principal =
  | { kind: 'ServiceAccount'; namespace: string; name: string }
  | { kind: 'User' | 'Group'; namespace: null; name: string };

/** Its members may do all, whatever roles and bindings say: no authorizer is asked. */
export const MASTERS = 'system:masters';
const ANONYMOUS = 'system:anonymous';
const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';
const ALL_ACCOUNTS = 'system:serviceaccounts';

/** `ServiceAccount/shop/web`, `User/jane`, `Group/dev`. */
export function principalId({ kind, namespace, name }: Principal): string {
  return namespace === null ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

export function accountId(namespace: string, name: string): string {
  return `ServiceAccount/${namespace}/${name}`;
}

/**
 * The principal that a binding names. A service account may be named as the user that it is to the API server. Null where
 * one has no namespace, which the API server refuses.
 *
 * @param namespace of the binding: where manifests leave it out of a subject, as a client may fill it in
 */
export function principalOf({ kind, name, namespace: own }: Subject, namespace: string | null): Principal | null {
  if (kind === 'ServiceAccount') {
    const of = own ?? namespace;
    return of === null ? null : { kind, namespace: of, name };
  }
  const account = kind === 'User' ? /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) : null;
  if (account) return { kind: 'ServiceAccount', namespace: account[1] ?? '', name: account[2] ?? '' };
  return { kind, namespace: null, name };
}

/** Names of the groups that it is in by what it is; whoever is in a group was authenticated, but for the one of the others. */
export function groupsOf(principal: Principal): string[] {
  const { kind, name, namespace } = principal;
  switch (kind) {
    case 'ServiceAccount':
      return [ALL_ACCOUNTS, `${ALL_ACCOUNTS}:${namespace}`, AUTHENTICATED];
    case 'User':
      return name === ANONYMOUS ? [UNAUTHENTICATED] : [AUTHENTICATED];
    case 'Group':
      if (name === UNAUTHENTICATED || name === AUTHENTICATED) return [];
      return name.startsWith(`${ALL_ACCOUNTS}:`) ? [ALL_ACCOUNTS, AUTHENTICATED] : [AUTHENTICATED];
  }
}

/** Kubernetes' own, and those of its control plane: what they may do is nobody's mistake. */
export function isSystem({ kind, namespace, name }: Principal): boolean {
  if (kind === 'ServiceAccount') return namespace === 'kube-system' && SYSTEM_ACCOUNTS.test(name);
  if (WIDE_GROUPS.has(name) || name === ANONYMOUS || name.startsWith(ALL_ACCOUNTS)) return false;
  return name.startsWith('system:') || name === 'kubeadm:cluster-admins' || name.startsWith('eks:');
}

const WIDE_GROUPS = new Set([AUTHENTICATED, UNAUTHENTICATED]);

/** Accounts of the controllers of kube-controller-manager and of kube-proxy: kubernetes/cmd/kube-controller-manager/names. */
const SYSTEM_ACCOUNTS =
  /^(?:.+-controller|kube-proxy|generic-garbage-collector|attachdetach-controller|bootstrap-signer|certificate-controller|horizontal-pod-autoscaler|legacy-service-account-token-cleaner|persistent-volume-binder|pod-garbage-collector|root-ca-cert-publisher|token-cleaner|validatingadmissionpolicy-status-controller)$/;
