import type { WantedFile } from '../host-subject.js';
import { SSHD_FILES } from './sshd-controls.js';
import { SUDO_FILES } from './sudo-controls.js';
import { SYSCTLS } from './sysctl-controls.js';
import { SYSTEM_FILES } from './system-file-controls.js';

/** Files that controls over the Linux beneath the engine ask for. */
export const LINUX_FILES: readonly WantedFile[] = [...SYSTEM_FILES, ...SSHD_FILES, ...SUDO_FILES];

export const LINUX_SYSCTLS: readonly string[] = [...SYSCTLS, 'net.bridge.bridge-nf-call-iptables'];
