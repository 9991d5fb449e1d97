import { listOf, mappingOf, textOf } from '../../document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { readYaml } from '../yaml-document.js';

/** `aeson-2.0.3.0`: a name may have dashes, a version has none. */
const HACKAGE = /^(.+)-([\d.]+)$/;

/**
 * Haskell's stack.yaml.lock: the packages that a project adds to its snapshot. What the snapshot has is not in the file,
 * which is said as a gap.
 */
export const stackLock: LockfileFormat = {
  names: ['stack.yaml.lock'],
  read(builder, content) {
    for (const value of readYaml(builder, content)) {
      const document = mappingOf(value);
      if (!document) builder.unparsable(1, 'no YAML mapping');
      for (const entry of listOf(document?.packages)) {
        const completed = mappingOf(mappingOf(entry)?.completed);
        // `aeson-2.0.3.0@sha256:…,6000`
        const [, name, version] = HACKAGE.exec(textOf(completed?.hackage)?.split('@', 1)[0] ?? '') ?? [];
        // From a repository or an archive it has a name and a version of its own.
        addPinned(builder, 'hackage', { name: name ?? completed?.name, version: version ?? completed?.version });
      }
      if (listOf(document?.snapshots).length > 0) {
        builder.unparsable(null, 'a snapshot, whose packages it does not list');
      }
    }
  },
};
