import type { AuditedWorkload } from '../workloads.js';
import type { BlocksOfPods } from './peer-match.js';

/** What enforces network policies, as far as objects tell: the plugins' own daemons. */
export interface Enforcement {
  /** `calico`, `cilium`; none where none is known. */
  plugins: string[];
  /** `unknown` also of one that enforces policies only where it is told to. */
  enforces: 'yes' | 'no' | 'unknown';
  blocks: BlocksOfPods;
}

interface Plugin {
  name: string;
  daemon: RegExp;
  enforces: Enforcement['enforces'];
  blocks: BlocksOfPods;
}

const PLUGINS: readonly Plugin[] = [
  { name: 'calico', daemon: /^(?:calico-node|canal)$/, enforces: 'yes', blocks: 'by-address' },
  { name: 'cilium', daemon: /^(?:cilium|anetd)$/, enforces: 'yes', blocks: 'never' },
  { name: 'antrea', daemon: /^antrea-agent$/, enforces: 'yes', blocks: 'by-address' },
  { name: 'kube-router', daemon: /^kube-router$/, enforces: 'yes', blocks: 'by-address' },
  { name: 'weave', daemon: /^weave-net$/, enforces: 'yes', blocks: 'by-address' },
  { name: 'ovn-kubernetes', daemon: /^ovnkube-node$/, enforces: 'yes', blocks: 'by-address' },
  { name: 'azure-npm', daemon: /^azure-npm$/, enforces: 'yes', blocks: 'by-address' },
  { name: 'kube-network-policies', daemon: /^kube-network-policies$/, enforces: 'yes', blocks: 'by-address' },
  // The network of kind enforces since 0.24, that of AWS where its agent is switched on.
  { name: 'kindnet', daemon: /^kindnet$/, enforces: 'unknown', blocks: 'unknown' },
  { name: 'aws-vpc-cni', daemon: /^aws-node$/, enforces: 'unknown', blocks: 'unknown' },
  { name: 'flannel', daemon: /^kube-flannel(?:-ds.*)?$/, enforces: 'no', blocks: 'unknown' },
];

export function enforcementOf(workloads: readonly AuditedWorkload[]): Enforcement {
  const daemons = workloads.filter(({ kind }) => kind === 'DaemonSet');
  const found = PLUGINS.filter(({ daemon }) => daemons.some(({ name }) => daemon.test(name)));
  const enforcing = found.filter(({ enforces }) => enforces === 'yes');
  const [first] = enforcing;
  const isNone = found.length > 0 && found.every(({ enforces }) => enforces === 'no');
  return {
    plugins: found.map(({ name }) => name),
    enforces: first ? 'yes' : isNone ? 'no' : 'unknown',
    blocks: first && enforcing.every(({ blocks }) => blocks === first.blocks) ? first.blocks : 'unknown',
  };
}
