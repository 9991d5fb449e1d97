import { entriesOf, mappingOf, textOf } from '../../document.js';
import { readJsonObject } from '../../json-document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { SITE_PACKAGES } from './site-packages.js';

/** Pipenv: `default` has what is needed, `{"version": "==1.0"}` by name; `develop` is for development and left out. */
export const pipfileLock: LockfileFormat = {
  names: ['Pipfile.lock'],
  dependencies: SITE_PACKAGES,
  read(builder, content) {
    const document = readJsonObject(builder, content);
    if (!document) return;
    if (!mappingOf(document.default)) builder.unparsable(1, 'no "default"');
    for (const [name, value] of entriesOf(document.default)) {
      const entry = mappingOf(value);
      // A folder is part of the project itself.
      if (textOf(entry?.path) && !textOf(entry?.version)) continue;
      addPinned(builder, 'pypi', { name, version: textOf(entry?.version)?.replace(/^=+\s*/, '') });
    }
  },
};
