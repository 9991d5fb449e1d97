import type { Evidence } from '../../../../model/control.js';
import { clusterAnalysis } from '../../../cluster/attack-path/cluster-analysis.js';
import { CLUSTER } from '../../../cluster/rights/escalation.js';
import { isEverything, permits } from '../../../cluster/rights/grant.js';
import { isSystem, principalId } from '../../../cluster/rights/principal.js';
import { shownStep, wayFrom, waysTo } from '../../../cluster/rights/takeover.js';
import { isStatic } from '../../../cluster/workloads.js';
import { counted, failIfAny } from '../../control.js';
import type { ClusterControl, ClusterSubject } from '../cluster-subject.js';

const RIGHTS = {
  opens: 'misconfiguration',
  eachResource: true,
  restsOn: ['roles', 'roleBindings', 'serviceAccounts'],
} satisfies Partial<ClusterControl>;

/** What follows from all rights of somebody together, his own and those of his groups. */
export const RIGHTS_ANALYSIS_CONTROLS: ClusterControl[] = [
  {
    ...RIGHTS,
    id: 'rbac-no-way-to-cluster-admin',
    title: 'Nobody can make himself cluster-admin by the rights that he has',
    problem: 'Somebody can make himself cluster-admin',
    severity: 'high',
    looksAt:
      'effective rights of every service account, user and group, and where they lead: [the steps](clusters.md#who-can-become-cluster-admin)',
    remediation: 'Take away the right that the first step uses; the evidence names its role and binding.',
    judge: ({ facts, workloads }) => {
      const { escalations } = clusterAnalysis(facts, workloads);
      const first = waysTo(escalations, (id) => id === CLUSTER);
      const evidence = escalations.rights.principals.flatMap((principal): Evidence[] => {
        if (isSystem(principal)) return [];
        const way = wayFrom(first, principalId(principal));
        // Who may do everything was made so: another control tells of it.
        if (way.length === 0 || way[0]?.technique === 'everything') return [];
        return [{ resource: principalId(principal), path: null, value: way.map(shownStep).join('; ') }];
      });
      return failIfAny(evidence, (count) => `${counted(count, 'principal')} can.`, 'Nobody can.');
    },
  },
  {
    ...RIGHTS,
    id: 'workload-no-way-to-cluster-admin',
    title: 'Who gets into a workload does not get the cluster with it',
    problem: 'Who gets into a workload gets the cluster with it',
    severity: 'high',
    looksAt: 'tokens, mounts and privileges of each workload, and where they lead; not those of the control plane',
    remediation:
      'Take away the first step that the evidence names: the token, the mount, or the right of the service account.',
    restsOn: ['roles', 'roleBindings', 'serviceAccounts', 'pods', 'workloads'],
    judge: ({ facts, workloads }) => {
      const first = waysTo(clusterAnalysis(facts, workloads).escalations, (id) => id === CLUSTER);
      const evidence = workloads.flatMap(({ resource, pods }): Evidence[] => {
        if (pods.some(isStatic)) return [];
        const way = wayFrom(first, resource);
        return way.length === 0 ? [] : [{ resource, path: null, value: way.map(shownStep).join('; ') }];
      });
      return failIfAny(evidence, (count) => `${counted(count, 'workload')} of ${workloads.length}.`, 'None does.');
    },
  },
  held('rbac-no-port-forward', 'forward ports to pods', 'pods/portforward', ['create', 'get'], 'low'),
  held(
    'rbac-no-ephemeral-containers',
    'put containers into pods that run',
    'pods/ephemeralcontainers',
    ['update', 'patch'],
    'high',
  ),
];

function held(
  id: string,
  what: string,
  resource: string,
  verbs: string[],
  severity: ClusterControl['severity'],
): ClusterControl {
  return {
    ...RIGHTS,
    id,
    title: `Nobody may ${what} who does not have to`,
    problem: `Somebody may ${what}`,
    severity,
    looksAt: `effective rights over \`${resource}\` of whoever is not Kubernetes’ own`,
    remediation: `Take ${resource} out of the role (kubectl edit ROLE), or the subject out of the binding.`,
    judge: ({ facts, workloads }: ClusterSubject) => {
      const { rights } = clusterAnalysis(facts, workloads).escalations;
      const evidence = rights.principals.flatMap((principal): Evidence[] => {
        if (isSystem(principal)) return [];
        const own = rights.ownGrants(principalId(principal));
        // Of who may do everything another control tells.
        if (own.some(({ rule }) => isEverything(rule))) return [];
        const [permit] = permits(own, { verbs, group: '', resource });
        if (!permit) return [];
        const { role, binding } = permit.grant;
        const where = permit.namespace === null ? 'everywhere' : `in ${permit.namespace}`;
        return [{ resource: principalId(principal), path: null, value: `${where}, ${role} by ${binding}` }];
      });
      return failIfAny(evidence, (count) => `${counted(count, 'principal')} may.`, 'Nobody may.');
    },
  };
}
