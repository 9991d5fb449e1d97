import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { PolicyRule } from '../../../../model/cluster/rights.js';
import type { Evidence } from '../../../../model/control.js';
import { counted, failIfAny } from '../../control.js';
import { known } from '../../host/host-subject.js';
import type { ClusterControl } from '../cluster-subject.js';
import { allows, grantsOf, isBuiltIn, nameOf } from './grants.js';

const RIGHTS = {
  opens: 'misconfiguration',
  eachResource: true,
  restsOn: ['roles', 'roleBindings'],
} satisfies Partial<ClusterControl>;

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

/** What is granted by bindings: CIS Kubernetes 5.1. */
export const RIGHTS_CONTROLS: ClusterControl[] = [
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
  grants(
    'rbac-no-secrets',
    'Nobody may read every Secret',
    'A binding lets somebody read every Secret',
    'high',
    'secrets',
    (rule) => allows(rule, ['get', 'list', 'watch'], '', 'secrets'),
  ),
  {
    ...RIGHTS,
    id: 'rbac-no-wildcards',
    title: 'Roles name what they allow',
    problem: 'A role allows everything of a kind',
    severity: 'medium',
    looksAt: 'stars in `verbs`, `resources` and `apiGroups` of roles, but for those that Kubernetes makes',
    remediation:
      'Name groups, resources and verbs: rules: [{apiGroups: [apps], resources: [deployments], verbs: [get, list]}].',
    restsOn: ['roles'],
    judge: ({ facts }) => {
      const evidence = known(facts.roles).flatMap((role) =>
        isBuiltIn(role)
          ? []
          : role.rules.flatMap((rule, i): Evidence[] =>
              (['verbs', 'resources', 'apiGroups'] as const).flatMap((field) =>
                rule[field].includes('*')
                  ? { resource: resourceName(role), path: `rules[${i}].${field}`, value: rule[field].join(', ') }
                  : [],
              ),
            ),
      );
      return failIfAny(evidence, (count) => `${counted(count, 'star')} in roles.`, 'No role has a star.');
    },
  },
  grants(
    'rbac-no-pod-creation',
    'Nobody may make pods who does not have to',
    'A binding lets somebody make pods',
    'medium',
    'pods',
    (rule) => allows(rule, ['create'], '', 'pods'),
  ),
  grants(
    'rbac-no-pod-exec',
    'Nobody may run commands in pods',
    'A binding lets somebody run commands in pods',
    'high',
    'pods/exec',
    (rule) => allows(rule, ['create', 'get'], '', 'pods/exec') || allows(rule, ['create', 'get'], '', 'pods/attach'),
  ),
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
  grants(
    'rbac-no-escalation',
    'Nobody may give himself rights',
    'A binding lets somebody give himself rights',
    'high',
    'bind, escalate and impersonate',
    (rule) => {
      // By name too: one role is enough.
      const of = { ...rule, resourceNames: [] };
      const roles = ['roles', 'clusterroles'];
      const accounts = ['users', 'groups', 'serviceaccounts'];
      return (
        roles.some((resource) => allows(of, ['bind', 'escalate'], RBAC, resource)) ||
        accounts.some((resource) => allows(of, ['impersonate'], '', resource))
      );
    },
  ),
  grants(
    'rbac-no-persistent-volumes',
    'Nobody may make persistent volumes who does not have to',
    'A binding lets somebody make persistent volumes',
    'medium',
    'persistentvolumes',
    (rule) => allows(rule, ['create'], '', 'persistentvolumes'),
  ),
  grants(
    'rbac-no-node-proxy',
    'Nobody may ask kubelets by way of the API',
    'A binding lets somebody ask kubelets by way of the API',
    'high',
    'nodes/proxy',
    (rule) => allows({ ...rule, resourceNames: [] }, ['get', 'create', 'update', 'patch', 'delete'], '', 'nodes/proxy'),
  ),
  grants(
    'rbac-no-certificate-approval',
    'Nobody may approve certificates who does not have to',
    'A binding lets somebody approve certificates',
    'high',
    'certificatesigningrequests/approval',
    (rule) =>
      allows(
        { ...rule, resourceNames: [] },
        ['update', 'patch'],
        'certificates.k8s.io',
        'certificatesigningrequests/approval',
      ),
  ),
  grants(
    'rbac-no-webhook-configuration',
    'Nobody may change webhooks who does not have to',
    'A binding lets somebody change webhooks',
    'high',
    'webhook configurations',
    (rule) =>
      ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'].some((resource) =>
        allows({ ...rule, resourceNames: [] }, ['create', 'update', 'patch', 'delete'], ADMISSION, resource),
      ),
  ),
  grants(
    'rbac-no-token-creation',
    'Nobody may make tokens of service accounts who does not have to',
    'A binding lets somebody make tokens of service accounts',
    'high',
    'serviceaccounts/token',
    (rule) => allows({ ...rule, resourceNames: [] }, ['create'], '', 'serviceaccounts/token'),
  ),
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

function grants(
  id: string,
  title: string,
  problem: string,
  severity: ClusterControl['severity'],
  what: string,
  isGiven: (rule: PolicyRule) => boolean,
): ClusterControl {
  return {
    ...RIGHTS,
    id,
    title,
    problem,
    severity,
    looksAt: `rules over ${what} in roles that are bound, but for the bindings of Kubernetes’ own parts`,
    remediation: `Take ${what} out of the role (kubectl edit ROLE), or the subject out of the binding.`,
    judge: (subject) => {
      const evidence = grantsOf(subject).flatMap(({ binding, rules, to }): Evidence[] => {
        const index = rules.findIndex(isGiven);
        if (index < 0) return [];
        const { verbs = [], resources = [] } = rules[index] ?? {};
        const by = `${binding.role.kind} ${binding.role.name} rules[${index}]: ${verbs.join(', ')} of ${resources.join(', ')}`;
        return [{ resource: resourceName(binding), path: 'roleRef.name', value: `${to.join(', ')} by ${by}` }];
      });
      return failIfAny(evidence, (count) => `${counted(count, 'binding')} gives it.`, 'No binding gives it.');
    },
  };
}
