import { DOCKER_CONTROLS } from './docker/docker-controls.js';
import type { HostControl } from './host-subject.js';
import { LINUX_CONTROLS } from './linux/linux-controls.js';

/** Every control over hosts, in the order of their results. */
export const HOST_CONTROLS: readonly HostControl[] = [...DOCKER_CONTROLS, ...LINUX_CONTROLS];
