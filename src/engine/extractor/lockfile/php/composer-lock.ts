import { listOf, mappingOf } from '../../document.js';
import { readJsonObject } from '../../json-document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';

/** Composer: `packages` has what is needed; `packages-dev` is for development and left out. */
export const composerLock: LockfileFormat = {
  names: ['composer.lock'],
  dependencies: /\/vendor\//,
  read(builder, content) {
    const document = readJsonObject(builder, content);
    if (!document) return;
    if (!Array.isArray(document.packages)) builder.unparsable(1, 'no list of "packages"');
    for (const value of listOf(document.packages)) {
      const entry = mappingOf(value);
      addPinned(builder, 'composer', { name: entry?.name, version: entry?.version, license: entry?.license });
    }
  },
};
