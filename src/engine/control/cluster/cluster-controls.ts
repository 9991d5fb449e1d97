import type { ClusterControl } from './cluster-subject.js';
import { CONTROL_PLANE_CONTROLS } from './control-plane/control-plane-controls.js';
import { KUBELET_CONTROLS } from './node/kubelet-controls.js';
import { POD_SECURITY_CONTROLS } from './pod-security/pod-security-controls.js';

/** Every control over clusters, in the order of their results. */
export const CLUSTER_CONTROLS: readonly ClusterControl[] = [
  ...CONTROL_PLANE_CONTROLS,
  ...KUBELET_CONTROLS,
  ...POD_SECURITY_CONTROLS,
];
