import type { Extraction, Extractor } from '../extractor.js';
import type { FileView } from '../file-view.js';
import { ARCHIVE_ENDINGS, isArchiveName } from './archive-name.js';
import { ArchiveReader } from './archive-reader.js';

/**
 * Java archives and the archives in them: what Maven wrote into them about themselves and about the archives that they
 * took over, else what their manifest and name tell.
 */
export const java: Extractor = {
  name: 'java',
  version: 2,
  // Read in places; archives in archives have limits of their own.
  maxBytes: 4 * 1024 ** 3,
  fixedPaths: [],
  candidates: { endings: ARCHIVE_ENDINGS },
  wants: isArchiveName,
  extract(file: FileView): Extraction {
    return new ArchiveReader(file).read();
  },
};
