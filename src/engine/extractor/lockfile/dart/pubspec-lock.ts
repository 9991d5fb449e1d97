import { entriesOf, mappingOf } from '../../document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { readYaml } from '../yaml-document.js';

/**
 * Dart's pub. It marks direct dependencies of development, but not what those need in turn, so all count. What comes with
 * the SDK is no package: its version is always 0.0.0.
 */
export const pubspecLock: LockfileFormat = {
  names: ['pubspec.lock'],
  read(builder, content) {
    for (const document of readYaml(builder, content)) {
      const packages = mappingOf(document)?.packages;
      if (!mappingOf(packages)) builder.unparsable(1, 'no "packages"');
      for (const [name, value] of entriesOf(packages)) {
        const entry = mappingOf(value);
        if (entry?.source !== 'sdk') addPinned(builder, 'pub', { name, version: entry?.version });
      }
    }
  },
};
