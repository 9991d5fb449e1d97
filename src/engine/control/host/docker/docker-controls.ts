import type { HostControl } from '../host-subject.js';
import { AUDIT_CONTROLS } from './audit-controls.js';
import { CONTAINER_ISOLATION_CONTROLS } from './container-isolation.js';
import { CONTAINER_LIMIT_CONTROLS } from './container-limits.js';
import { CONTAINER_NETWORK_CONTROLS } from './container-network.js';
import { DAEMON_CONTROLS } from './daemon-controls.js';
import { FILE_CONTROLS } from './file-controls.js';
import { HOST_CONFIGURATION_CONTROLS } from './host-configuration.js';
import { OPERATION_CONTROLS } from './operations.js';
import { SWARM_CONTROLS } from './swarm.js';

/** Every control over a container engine and what it runs, in the order of their results. */
export const DOCKER_CONTROLS: readonly HostControl[] = [
  ...HOST_CONFIGURATION_CONTROLS,
  ...AUDIT_CONTROLS,
  ...DAEMON_CONTROLS,
  ...FILE_CONTROLS,
  ...CONTAINER_ISOLATION_CONTROLS,
  ...CONTAINER_NETWORK_CONTROLS,
  ...CONTAINER_LIMIT_CONTROLS,
  ...OPERATION_CONTROLS,
  ...SWARM_CONTROLS,
];
