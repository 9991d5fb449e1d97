import { entriesOf, mappingOf, textOf } from '../../document.js';
import { readJsonObject } from '../../json-document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';

/** NuGet: packages by target framework, direct ones, transitive ones, and projects, which are no packages. */
export const packagesLock: LockfileFormat = {
  names: ['packages.lock.json'],
  read(builder, content) {
    const document = readJsonObject(builder, content);
    if (!document) return;
    if (!mappingOf(document.dependencies)) builder.unparsable(1, 'no "dependencies"');
    for (const [, packages] of entriesOf(document.dependencies)) {
      for (const [name, value] of entriesOf(packages)) {
        const entry = mappingOf(value);
        if (textOf(entry?.type)?.toLowerCase() !== 'project')
          addPinned(builder, 'nuget', { name, version: entry?.resolved });
      }
    }
  },
};
