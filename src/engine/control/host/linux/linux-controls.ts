import type { HostControl } from '../host-subject.js';
import { ACCOUNT_CONTROLS } from './account-controls.js';
import { KERNEL_CONTROLS } from './kernel-controls.js';
import { MOUNT_CONTROLS } from './mount-controls.js';
import { NETWORK_CONTROLS } from './network-controls.js';
import { PATCH_CONTROLS } from './patch-controls.js';
import { PRIVILEGED_FILE_CONTROLS } from './privileged-file-controls.js';
import { SSHD_CONTROLS } from './sshd-controls.js';
import { SUDO_CONTROLS } from './sudo-controls.js';
import { SYSCTL_CONTROLS } from './sysctl-controls.js';
import { SYSTEM_FILE_CONTROLS } from './system-file-controls.js';

/** Every control over the Linux beneath a container engine, in the order of their results. */
export const LINUX_CONTROLS: readonly HostControl[] = [
  ...PATCH_CONTROLS,
  ...KERNEL_CONTROLS,
  ...SYSCTL_CONTROLS,
  ...MOUNT_CONTROLS,
  ...NETWORK_CONTROLS,
  ...SSHD_CONTROLS,
  ...SUDO_CONTROLS,
  ...ACCOUNT_CONTROLS,
  ...SYSTEM_FILE_CONTROLS,
  ...PRIVILEGED_FILE_CONTROLS,
];
