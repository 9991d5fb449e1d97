import { entriesOf, mappingOf } from '../../document.js';
import { readJsonObject } from '../../json-document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';

/** R's renv: packages by name. Those of Bioconductor are of another ecosystem, which no package type is known for. */
export const renvLock: LockfileFormat = {
  names: ['renv.lock'],
  read(builder, content) {
    const document = readJsonObject(builder, content);
    if (!document) return;
    if (!mappingOf(document.Packages)) builder.unparsable(1, 'no "Packages"');
    for (const [name, value] of entriesOf(document.Packages)) {
      const entry = mappingOf(value);
      if (entry?.Source !== 'Bioconductor')
        addPinned(builder, 'cran', { name: entry?.Package ?? name, version: entry?.Version });
    }
  },
};
