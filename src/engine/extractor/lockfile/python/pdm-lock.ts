import { listOf, mappingOf } from '../../document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { readToml } from '../toml-document.js';
import { SITE_PACKAGES } from './site-packages.js';

/** PDM. Its groups are those of development and those of extras alike, so all count. */
export const pdmLock: LockfileFormat = {
  names: ['pdm.lock'],
  dependencies: SITE_PACKAGES,
  read(builder, content) {
    for (const value of listOf(readToml(builder, content)?.package)) {
      const entry = mappingOf(value);
      addPinned(builder, 'pypi', { name: entry?.name, version: entry?.version });
    }
  },
};
