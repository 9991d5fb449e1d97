import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { PolicyRule } from '../../../../model/cluster/rights.js';
import type { Evidence } from '../../../../model/control.js';
import { counted, failIfAny } from '../../control.js';
import { known } from '../../host/host-subject.js';
import type { ClusterControl } from '../cluster-subject.js';
import { allows, grantsOf, isBuiltIn, RIGHTS } from './grants.js';

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

/** What is granted by bindings: CIS Kubernetes 5.1. */
export const RIGHTS_CONTROLS: ClusterControl[] = [
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
    'cluster',
  ),
  grants(
    'rbac-no-node-proxy',
    'Nobody may ask kubelets by way of the API',
    'A binding lets somebody ask kubelets by way of the API',
    'high',
    'nodes/proxy',
    (rule) => allows({ ...rule, resourceNames: [] }, ['get', 'create', 'update', 'patch', 'delete'], '', 'nodes/proxy'),
    'cluster',
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
    'cluster',
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
    'cluster',
  ),
  grants(
    'rbac-no-token-creation',
    'Nobody may make tokens of service accounts who does not have to',
    'A binding lets somebody make tokens of service accounts',
    'high',
    'serviceaccounts/token',
    (rule) => allows({ ...rule, resourceNames: [] }, ['create'], '', 'serviceaccounts/token'),
  ),
];

function grants(
  id: string,
  title: string,
  problem: string,
  severity: ClusterControl['severity'],
  what: string,
  isGiven: (rule: PolicyRule) => boolean,
  scope: 'cluster' | 'namespace' = 'namespace',
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
        // A RoleBinding is for its namespace, and gives nothing of what is in none.
        if (scope === 'cluster' && binding.kind === 'RoleBinding') return [];
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
