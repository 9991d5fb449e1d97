import type { Evidence } from '../../../../model/control.js';
import { clusterAnalysis } from '../../../cluster/attack-path/cluster-analysis.js';
import { parseCidr } from '../../../cluster/network/cidr.js';
import type { ClusterReachability } from '../../../cluster/network/cluster-reachability.js';
import type { Match } from '../../../cluster/network/compiled-policy.js';
import { shownPorts } from '../../../cluster/network/port-set.js';
import { counted, fail, notApplicable, pass, undetermined, type Verdict } from '../../control.js';
import type { ClusterControl, ClusterSubject } from '../cluster-subject.js';

const NETWORK = {
  opens: 'misconfiguration',
  eachResource: true,
  restsOn: ['pods', 'networkPolicies', 'vendorPolicies'],
} satisfies Partial<ClusterControl>;

/** What network policies come to for each workload. */
export const NETWORK_CONTROLS: ClusterControl[] = [
  {
    ...NETWORK,
    id: 'workload-ingress-isolated',
    title: 'Connections to every workload are denied but for those that a policy allows',
    problem: 'Every pod may connect to a workload',
    severity: 'medium',
    looksAt:
      'network policies that are about the pods of each workload for ingress; pods in the node’s network have none',
    remediation:
      'A policy that denies all, and one for each that is needed: {kind: NetworkPolicy, spec: {podSelector: {}, policyTypes: [Ingress]}}.',
    judge: (subject) => eachWorkload(subject, (reach, index) => isolated(reach, index, 'ingress')),
  },
  {
    ...NETWORK,
    id: 'workload-egress-isolated',
    title: 'Connections from every workload are denied but for those that a policy allows',
    problem: 'A workload may connect to everything',
    severity: 'low',
    looksAt:
      'network policies that are about the pods of each workload for egress; pods in the node’s network have none',
    remediation:
      'A policy that denies all, and one for each that is needed, of names first: {kind: NetworkPolicy, spec: {podSelector: {}, policyTypes: [Egress]}}.',
    judge: (subject) => eachWorkload(subject, (reach, index) => isolated(reach, index, 'egress')),
  },
  {
    ...NETWORK,
    id: 'workload-no-metadata-service',
    title: 'No workload reaches the metadata service of the cloud',
    problem: 'A workload reaches the metadata service of the cloud, which may give it the rights of its node',
    severity: 'medium',
    looksAt: 'what policies let each workload send to 169.254.169.254, where nodes are machines of a cloud',
    remediation:
      'Let egress leave out the address: {ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}; or have the cloud ask for tokens that do not leave the node (IMDSv2 with a hop limit of 1).',
    restsOn: ['pods', 'networkPolicies', 'vendorPolicies', 'nodes'],
    judge: (subject) => {
      if (!isInCloud(subject)) return notApplicable('No node is known to be a machine of a cloud.');
      const metadata = parseCidr('169.254.169.254');
      return eachWorkload(subject, (reach, index) => {
        if (!metadata) return null;
        if (reach.classes[index]?.endpoint.hostNetwork) return { match: 'yes', value: 'in the node’s network' };
        const { surely, perhaps } = reach.toAddress(index, metadata);
        if (perhaps.length === 0) return null;
        return { match: surely.length > 0 ? 'yes' : 'maybe', value: shownPorts(surely) };
      });
    },
  },
];

interface Fault {
  match: Exclude<Match, 'no'>;
  value: string;
}

/** A workload fails where some of its pods do. What cannot be told of any is undetermined, where none fails. */
function eachWorkload(
  { facts, workloads }: ClusterSubject,
  faultOf: (reach: ClusterReachability, index: number) => Fault | null,
): Verdict {
  const { reach } = clusterAnalysis(facts, workloads);
  const evidence: Evidence[] = [];
  const unsure: string[] = [];
  for (const { resource } of workloads) {
    const faults = reach.classesOf(resource).map((index) => faultOf(reach, index));
    const sure = faults.find((fault) => fault?.match === 'yes');
    if (sure) evidence.push({ resource, path: null, value: sure.value });
    else if (faults.some((fault) => fault !== null)) unsure.push(resource);
  }
  if (workloads.length === 0) return notApplicable('There is no workload.');
  if (evidence.length > 0) return fail(`${counted(evidence.length, 'workload')} of ${workloads.length}.`, evidence);
  const [first] = unsure;
  if (first !== undefined)
    return undetermined(`Of ${counted(unsure.length, 'workload')} it cannot be told, as ${first}.`);
  return pass(`None of ${counted(workloads.length, 'workload')} does.`);
}

function isolated(reach: ClusterReachability, index: number, way: 'ingress' | 'egress'): Fault | null {
  if (reach.classes[index]?.endpoint.hostNetwork) return null;
  const match = reach.isolation(index)[way];
  if (match === 'yes') return null;
  return { match: match === 'no' ? 'yes' : 'maybe', value: `no policy for ${way}` };
}

function isInCloud({ facts: { nodes, managedBy } }: ClusterSubject): boolean {
  if (managedBy !== null && managedBy !== 'openshift') return true;
  const found = nodes.known ? nodes.value : [];
  return found.some(({ providerID }) =>
    /^(?:aws|gce|azure|digitalocean|openstack|oci|ibm|alicloud|hcloud|linode)/.test(providerID ?? ''),
  );
}
