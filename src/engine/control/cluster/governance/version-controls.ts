import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { Evidence } from '../../../../model/control.js';
import { counted, fail, failIfAny, notApplicable, pass, undetermined } from '../../control.js';
import { known } from '../../host/host-subject.js';
import type { ClusterControl } from '../cluster-subject.js';

/** How many minor releases a kubelet may be behind the API server: from 1.28 on, and before. */
const SKEW = { now: 3, before: 2 };

/** Which release of Kubernetes runs. */
export const VERSION_CONTROLS: ClusterControl[] = [
  {
    opens: 'misconfiguration',
    restsOn: ['server'],
    id: 'kubernetes-supported',
    title: 'The release of Kubernetes still gets fixes',
    problem: 'The release of Kubernetes gets no more fixes',
    severity: 'high',
    looksAt: 'the version of the API server, against the dates of endoflife.date',
    remediation: 'Move to a release that is supported, one minor release after the other: kubeadm upgrade plan.',
    judge: ({ facts, lifecycle, now }) => {
      const { major, minor, gitVersion } = known(facts.server);
      const cycle = lifecycle?.cycles.find(({ name }) => name === `${major}.${minor}`);
      if (!cycle) return undetermined(`Nobody said until when Kubernetes ${major}.${minor} is supported.`);
      const { on, over } = cycle.end;
      const isOver = on === null ? over : on < now.toISOString().slice(0, 10);
      const until = on === null ? '' : ` until ${on}`;
      return isOver
        ? fail(`Kubernetes ${cycle.name} was supported${until || ' once'}.`, [
            { resource: null, path: 'gitVersion', value: gitVersion },
          ])
        : pass(`Kubernetes ${cycle.name} is supported${until}.`);
    },
  },
  {
    opens: 'misconfiguration',
    restsOn: ['server', 'nodes'],
    id: 'kubelet-version',
    title: 'Kubelets are of a release that goes with the API server’s',
    problem: 'A kubelet is of a release that does not go with the API server’s',
    severity: 'medium',
    looksAt: '`kubeletVersion` of nodes: not newer than the API server, and at most three minor releases older',
    remediation: 'Upgrade the node: kubectl drain NODE, kubeadm upgrade node, then kubectl uncordon NODE.',
    judge: ({ facts }) => {
      const server = known(facts.server);
      const nodes = known(facts.nodes);
      if (nodes.length === 0) return notApplicable('There is no node.');
      const allowed = server.minor >= 28 ? SKEW.now : SKEW.before;
      const evidence = nodes.flatMap((node): Evidence[] => {
        const minor = Number(/^v?1\.(\d+)/.exec(node.kubeletVersion ?? '')?.[1] ?? Number.NaN);
        // What says no version has not joined yet.
        if (Number.isNaN(minor) || (minor <= server.minor && minor >= server.minor - allowed)) return [];
        return [{ resource: resourceName(node), path: 'status.nodeInfo.kubeletVersion', value: node.kubeletVersion }];
      });
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'kubelet')} of ${nodes.length} do not go with ${server.gitVersion}.`,
        `${counted(nodes.length, 'kubelet')} go with ${server.gitVersion}.`,
      );
    },
  },
];
