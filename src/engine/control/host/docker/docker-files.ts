import type { WantedFile } from '../host-subject.js';

/** Files that controls over the container engine ask for. */
export const DOCKER_FILES: readonly WantedFile[] = [];
