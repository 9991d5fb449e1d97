import type { ClusterControl } from './cluster-subject.js';
import { CONTROL_PLANE_CONTROLS } from './control-plane/control-plane-controls.js';
import { ADMISSION_CONTROLS } from './governance/admission-controls.js';
import { NAMESPACE_CONTROLS } from './governance/namespace-controls.js';
import { TRANSPORT_CONTROLS } from './governance/transport-controls.js';
import { VERSION_CONTROLS } from './governance/version-controls.js';
import { NETWORK_CONTROLS } from './network/network-controls.js';
import { KUBELET_CONTROLS } from './node/kubelet-controls.js';
import { POD_SECURITY_CONTROLS } from './pod-security/pod-security-controls.js';
import { RIGHTS_ANALYSIS_CONTROLS } from './rights/analysis-controls.js';
import { RIGHTS_CONTROLS } from './rights/rights-controls.js';
import { SUBJECT_CONTROLS } from './rights/subject-controls.js';
import { HARDENING_CONTROLS } from './workload/hardening-controls.js';
import { IDENTITY_CONTROLS } from './workload/identity-controls.js';
import { IMAGE_CONTROLS } from './workload/image-controls.js';

/** Every control over clusters, in the order of their results. */
export const CLUSTER_CONTROLS: readonly ClusterControl[] = [
  ...VERSION_CONTROLS,
  ...CONTROL_PLANE_CONTROLS,
  ...KUBELET_CONTROLS,
  ...SUBJECT_CONTROLS,
  ...RIGHTS_CONTROLS,
  ...RIGHTS_ANALYSIS_CONTROLS,
  ...POD_SECURITY_CONTROLS,
  ...HARDENING_CONTROLS,
  ...IMAGE_CONTROLS,
  ...IDENTITY_CONTROLS,
  ...NAMESPACE_CONTROLS,
  ...ADMISSION_CONTROLS,
  ...NETWORK_CONTROLS,
  ...TRANSPORT_CONTROLS,
];
