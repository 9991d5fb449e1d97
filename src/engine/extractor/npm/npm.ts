import { listOf, type Mapping, mappingOf, textsOf, type Value } from '../document.js';
import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { readJsonObject } from '../json-document.js';

const FILE = '/package.json';
const LAST_LETTER = 'n'.charCodeAt(0);
/** `node_modules/name/` or `node_modules/@scope/name/`, nothing below: a package's own folders hold other package.json. */
const INSTALLED = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;
/** Copies of other packages inside an installed one, as Next.js has them: `node_modules/next/dist/compiled/ws/`. */
const COPIED =
  /(?:^|\/)node_modules\/.*\/(?:compiled|vendor|vendored|bundled)\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;
/** Yarn's own release unpacks into a folder of its version, and the official images of Node.js have it so. */
const YARN_RELEASE = /(?:^|\/)yarn-v\d[^/]*\/package\.json$/;

/**
 * npm packages that are installed: one package.json in each folder of a node_modules folder. npm, Yarn, pnpm
 * (`node_modules/.pnpm/a@1.0.0/node_modules/a`), Bun and Deno all lay them out so; so do packages that others bundle,
 * npm's own below its `node_modules`, what Yarn's Plug'n'Play unplugs, and the cache of Yarn 1, whose copies are whole.
 *
 * What is no package that is installed: an application's own package.json; lists of what was installed, hidden or not,
 * as the packages themselves tell; and pnpm's store, a cache that keeps files under the hashes of their content, from
 * which nothing runs until a project links to them, and is then found there.
 */
export const npm: Extractor = {
  name: 'npm',
  version: 2,
  maxBytes: 4 * 1024 * 1024,
  fixedPaths: [],
  candidates: { endings: [FILE] },
  wants(path: string): boolean {
    return (
      path.charCodeAt(path.length - 1) === LAST_LETTER &&
      path.endsWith(FILE) &&
      (INSTALLED.test(path) || COPIED.test(path) || YARN_RELEASE.test(path))
    );
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const manifest = readJsonObject(builder, contentOf(file));
    // A copy often has its version cut away, and only steers Node's module loader.
    if (manifest && (INSTALLED.test(file.path) || manifest.version !== undefined)) read(builder, manifest);
    return builder.build();
  },
};

/** The manifest's name counts, not the folder's: `npm i alias@npm:real` installs `real` in a folder named `alias`. */
function read(builder: ExtractionBuilder, manifest: Mapping): void {
  const { name, version } = manifest;
  // Folders with only `{"type":"module"}` steer Node's module loader; they are no packages.
  if (name === undefined && version === undefined) return;
  if (typeof name !== 'string' || name === '') {
    builder.unparsable(null, 'no name, where a string was expected');
    return;
  }
  if (typeof version !== 'string' || version === '') {
    builder.unparsable(null, 'no version, where a string was expected');
    return;
  }
  // npm itself tolerates a leading "v" or "=" and blanks: semver's loose form.
  const clean = version.trim().replace(/^[=v]+\s*/, '');
  builder.add({ type: 'npm', name: name.trim(), version: clean || version, licenses: licensesOf(manifest) }, null);
}

/** `license` is an SPDX expression; older packages have `{type, url}`, or a list of such in `licenses`. */
function licensesOf({ license, licenses }: Mapping): string[] {
  return [...new Set([...licenseNames(license), ...licenseNames(licenses)])];
}

function licenseNames(value: Value): string[] {
  if (Array.isArray(value)) return listOf(value).flatMap((entry) => textsOf(mappingOf(entry)?.type ?? entry));
  return textsOf(mappingOf(value)?.type ?? value);
}
