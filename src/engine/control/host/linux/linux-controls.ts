import type { HostControl } from '../host-subject.js';

/** Every control over the Linux beneath a container engine, in the order of their results. */
export const LINUX_CONTROLS: readonly HostControl[] = [];
