import { listOf, mappingOf } from '../../document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { readToml } from '../toml-document.js';
import { SITE_PACKAGES } from './site-packages.js';

/** The lockfile of all Python tools (Python packaging specifications, "pylock.toml"). It does not mark development. */
export const pylock: LockfileFormat = {
  names: ['pylock.toml'],
  dependencies: SITE_PACKAGES,
  read(builder, content) {
    for (const value of listOf(readToml(builder, content)?.packages)) {
      const entry = mappingOf(value);
      // A folder, as the project's own, needs no version.
      if (mappingOf(entry?.directory) && entry?.version === undefined) continue;
      addPinned(builder, 'pypi', { name: entry?.name, version: entry?.version });
    }
  },
};
