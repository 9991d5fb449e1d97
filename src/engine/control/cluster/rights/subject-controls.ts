import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { Evidence } from '../../../../model/control.js';
import { counted, failIfAny } from '../../control.js';
import { known } from '../../host/host-subject.js';
import type { ClusterControl } from '../cluster-subject.js';
import { grantsOf, isBuiltIn, nameOf, RIGHTS } from './grants.js';

/** Who is in bindings that should not be in any. */
export const SUBJECT_CONTROLS: ClusterControl[] = [
  {
    ...RIGHTS,
    id: 'rbac-no-cluster-admin',
    title: 'Nobody but system:masters is cluster-admin',
    problem: 'A binding makes somebody cluster-admin',
    severity: 'high',
    looksAt: 'bindings of the ClusterRole cluster-admin, but for the one that every cluster has',
    remediation: 'Bind a role that gives just what is needed, then kubectl delete clusterrolebinding NAME.',
    restsOn: ['roleBindings'],
    judge: ({ facts }) => {
      const bindings = known(facts.roleBindings).filter(
        ({ role }) => role.name === 'cluster-admin' && role.kind === 'ClusterRole',
      );
      const evidence = bindings.flatMap((binding) =>
        binding.subjects
          .filter(
            ({ kind, name }) => !(binding.name === 'cluster-admin' && kind === 'Group' && name === 'system:masters'),
          )
          .map(
            (subject): Evidence => ({ resource: resourceName(binding), path: 'roleRef.name', value: nameOf(subject) }),
          ),
      );
      return failIfAny(evidence, (count) => `${counted(count, 'subject')} more.`, 'Only system:masters is.');
    },
  },
  {
    ...RIGHTS,
    id: 'rbac-no-system-masters',
    title: 'The group system:masters is in no binding',
    problem: 'A binding names the group system:masters',
    severity: 'high',
    looksAt:
      'subjects of bindings, but for the one that every cluster has; certificates of the group are not among the facts',
    remediation:
      'Name users or groups of your own: kubectl create clusterrolebinding NAME --clusterrole=ROLE --group=GROUP.',
    restsOn: ['roleBindings'],
    judge: ({ facts }) => {
      const evidence = known(facts.roleBindings).flatMap((binding) =>
        binding.name === 'cluster-admin'
          ? []
          : binding.subjects
              .filter(({ kind, name }) => kind === 'Group' && name === 'system:masters')
              .map(
                (): Evidence => ({ resource: resourceName(binding), path: 'subjects', value: 'Group/system:masters' }),
              ),
      );
      return failIfAny(evidence, (count) => `${counted(count, 'binding')} names it.`, 'No other binding names it.');
    },
  },
  {
    ...RIGHTS,
    id: 'rbac-no-anonymous',
    title: 'Who does not say who he is may do nothing',
    problem: 'A binding gives rights to those who do not say who they are',
    severity: 'critical',
    looksAt:
      'bindings to `system:anonymous` and `system:unauthenticated`, but for those that Kubernetes and kubeadm make',
    remediation: 'kubectl delete clusterrolebinding NAME, or take the subject out of it.',
    restsOn: ['roleBindings'],
    judge: ({ facts }) => {
      const evidence = known(facts.roleBindings).flatMap((binding) =>
        isOfDiscovery(binding)
          ? []
          : binding.subjects
              .filter(({ name }) => name === 'system:anonymous' || name === 'system:unauthenticated')
              .map((subject): Evidence => {
                return {
                  resource: resourceName(binding),
                  path: 'subjects',
                  value: `${nameOf(subject)}: ${binding.role.name}`,
                };
              }),
      );
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'binding')} gives them rights.`,
        'No binding gives them rights.',
      );
    },
  },
  {
    ...RIGHTS,
    id: 'default-service-account-no-rights',
    title: 'Default service accounts have no rights',
    problem: 'A default service account has rights',
    severity: 'medium',
    looksAt: 'bindings to service accounts with the name `default`, and to all service accounts at once',
    remediation: 'Give the pod a service account of its own (spec: {serviceAccountName: NAME}), and bind that.',
    judge: (subject) => {
      const evidence = grantsOf(subject).flatMap(({ binding }) =>
        isOfDiscovery(binding)
          ? []
          : binding.subjects
              .filter(({ kind, name }) =>
                kind === 'ServiceAccount' ? name === 'default' : /^system:serviceaccounts(?::|$)/.test(name),
              )
              .filter(() => !isBuiltIn(binding))
              .map((each): Evidence => ({ resource: resourceName(binding), path: 'subjects', value: nameOf(each) })),
      );
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'binding')} gives them rights.`,
        'No binding gives them rights.',
      );
    },
  },
];

/** What everybody may read: Kubernetes' version and kinds, and the CA that kubeadm publishes for nodes that join. */
function isOfDiscovery({
  name,
  role,
  labels,
}: {
  name: string;
  role: { name: string };
  labels: Record<string, string>;
}): boolean {
  if (name === 'kubeadm:bootstrap-signer-clusterinfo') return role.name === name;
  const isOwn = labels['kubernetes.io/bootstrapping'] === 'rbac-defaults';
  return (
    isOwn &&
    name === role.name &&
    /^system:(?:public-info-viewer|discovery|basic-user|service-account-issuer-discovery)$/.test(name)
  );
}
