import { listOf, mappingOf, textsOf } from '../../document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { readToml } from '../toml-document.js';
import { SITE_PACKAGES } from './site-packages.js';

/**
 * Poetry. Before version 1.5 `category` tells what is for development, from 2.0 on `groups`, of which `main` is what is
 * needed; between those nothing does.
 */
export const poetryLock: LockfileFormat = {
  names: ['poetry.lock'],
  dependencies: SITE_PACKAGES,
  read(builder, content) {
    for (const value of listOf(readToml(builder, content)?.package)) {
      const entry = mappingOf(value);
      const groups = textsOf(entry?.groups);
      if (entry?.category === 'dev' || (groups.length > 0 && !groups.includes('main'))) continue;
      addPinned(builder, 'pypi', { name: entry?.name, version: entry?.version });
    }
  },
};
