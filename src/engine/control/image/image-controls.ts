import { ADD_CONTROLS } from './add-instruction.js';
import { AGE_CONTROLS } from './age.js';
import { FILE_PRIVILEGE_CONTROLS } from './file-privileges.js';
import { HEALTHCHECK_CONTROLS } from './healthcheck.js';
import type { ImageControl } from './image-subject.js';
import { NAMING_CONTROLS } from './naming.js';
import { PACKAGE_CACHE_CONTROLS } from './package-caches.js';
import { PATCH_CONTROLS } from './patches.js';
import { REMOTE_ACCESS_CONTROLS } from './remote-access.js';
import { SECRET_CONTROLS } from './secrets.js';
import { SENSITIVE_FILE_CONTROLS } from './sensitive-files.js';
import { SUPPORT_CONTROLS } from './support.js';
import { UNNEEDED_PROGRAM_CONTROLS } from './unneeded-programs.js';
import { UPDATE_CONTROLS } from './update-instruction.js';
import { USER_CONTROLS } from './user.js';
import { VERIFICATION_CONTROLS } from './verified-packages.js';

/** Every control over images, in the order of their results. */
export const IMAGE_CONTROLS: readonly ImageControl[] = [
  ...USER_CONTROLS,
  ...SECRET_CONTROLS,
  ...SENSITIVE_FILE_CONTROLS,
  ...FILE_PRIVILEGE_CONTROLS,
  ...NAMING_CONTROLS,
  ...AGE_CONTROLS,
  ...SUPPORT_CONTROLS,
  ...PATCH_CONTROLS,
  ...VERIFICATION_CONTROLS,
  ...ADD_CONTROLS,
  ...UPDATE_CONTROLS,
  ...PACKAGE_CACHE_CONTROLS,
  ...HEALTHCHECK_CONTROLS,
  ...UNNEEDED_PROGRAM_CONTROLS,
  ...REMOTE_ACCESS_CONTROLS,
];
