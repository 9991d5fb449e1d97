import type { WantedFile } from '../host-subject.js';
import { AUDITED_FILES } from './audit-controls.js';
import { FILE_RULE_FILES } from './file-controls.js';

/** How the daemon is set up, for `DaemonConfiguration`. */
const CONFIGURATION: readonly WantedFile[] = [{ path: '/etc/docker/daemon.json', text: true }];

/** Files that controls over the container engine ask for. */
export const DOCKER_FILES: readonly WantedFile[] = [...FILE_RULE_FILES, ...AUDITED_FILES, ...CONFIGURATION];
