import type { ClusterControl } from './cluster-subject.js';
import { POD_SECURITY_CONTROLS } from './pod-security/pod-security-controls.js';

/** Every control over clusters, in the order of their results. */
export const CLUSTER_CONTROLS: readonly ClusterControl[] = [...POD_SECURITY_CONTROLS];
