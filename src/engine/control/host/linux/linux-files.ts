import type { WantedFile } from '../host-subject.js';

/** Files that controls over the Linux beneath the engine ask for. */
export const LINUX_FILES: readonly WantedFile[] = [];

export const LINUX_SYSCTLS: readonly string[] = [];
