import type { ClusterControl } from '../cluster-subject.js';
import { CONFINEMENT_CONTROLS } from './confinement-controls.js';
import { HOST_ACCESS_CONTROLS } from './host-access-controls.js';
import { RESTRICTED_CONTROLS } from './restricted-controls.js';

/** The Pod Security Standards. */
export const POD_SECURITY_CONTROLS: readonly ClusterControl[] = [
  ...HOST_ACCESS_CONTROLS,
  ...CONFINEMENT_CONTROLS,
  ...RESTRICTED_CONTROLS,
];
