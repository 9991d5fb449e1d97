import { listOf, mappingOf, textOf, textsOf, type Value } from '../document.js';
import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { readJson } from '../json-document.js';

const FILE = 'installed.json';
const FOLDER = 'composer/';
const LAST_LETTER = 'n'.charCodeAt(0);

/**
 * PHP packages that Composer installed: `composer/installed.json` in the folder of vendors, which may have any name. A
 * list of packages from Composer 1, an object with that list as `packages` from Composer 2. Development packages are in
 * it only if they are installed, so they count. Versions are as the package's author writes them: `v1.2.3`, `dev-main`.
 */
export const php: Extractor = {
  name: 'php',
  version: 1,
  maxBytes: 32 * 1024 * 1024,
  fixedPaths: [],
  candidates: { endings: [FILE] },
  wants(path: string): boolean {
    if (path.charCodeAt(path.length - 1) !== LAST_LETTER || !path.endsWith(FILE)) return false;
    const folder = path.slice(0, -FILE.length);
    return folder === FOLDER || folder.endsWith(`/${FOLDER}`);
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const document = readJson(builder, contentOf(file));
    if (document !== undefined) read(builder, document);
    return builder.build();
  },
};

function read(builder: ExtractionBuilder, document: Value): void {
  const packages = Array.isArray(document) ? document : mappingOf(document)?.packages;
  if (!Array.isArray(packages)) {
    builder.unparsable(1, 'no list of packages');
    return;
  }
  for (const entry of listOf(packages)) {
    const found = mappingOf(entry);
    const name = textOf(found?.name);
    const version = textOf(found?.version);
    if (!name || !version) {
      builder.unparsable(null, name ? `no version of ${name.slice(0, 100)}` : 'a package without a name');
    } else builder.add({ type: 'composer', name, version, licenses: textsOf(found?.license) }, null);
  }
}
