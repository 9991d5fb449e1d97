import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';

const FILE = '/package.json';
const LAST_LETTER = 'n'.charCodeAt(0);
/** `node_modules/name/` or `node_modules/@scope/name/`, nothing below: a package's own folders hold other package.json. */
const INSTALLED = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;

/** npm packages as npm, Yarn and pnpm install them: one package.json in each folder of a node_modules folder. */
export const npm: Extractor = {
  name: 'npm',
  version: 1,
  maxBytes: 4 * 1024 * 1024,
  fixedPaths: [],
  wants(path: string): boolean {
    return path.charCodeAt(path.length - 1) === LAST_LETTER && path.endsWith(FILE) && INSTALLED.test(path);
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const manifest = parse(builder, contentOf(file));
    if (manifest) read(builder, manifest);
    return builder.build();
  },
};

type Json = { [key: string]: unknown };

function parse(builder: ExtractionBuilder, content: Buffer): Json | null {
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
    builder.unparsable(1, 'no JSON object');
  } catch (error) {
    const line = / line (\d+) /.exec((error as Error).message)?.[1];
    builder.unparsable(line ? Number(line) : null, 'a JSON syntax error');
  }
  return null;
}

/** The manifest's name counts, not the folder's: `npm i alias@npm:real` installs `real` in a folder named `alias`. */
function read(builder: ExtractionBuilder, manifest: Json): void {
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
  builder.add(
    {
      type: 'npm',
      name: name.trim(),
      version: clean || version,
      source: null,
      architecture: null,
      licenses: licensesOf(manifest),
    },
    null,
  );
}

/** `license` is an SPDX expression; older packages have `{type, url}`, or a list of such in `licenses`. */
function licensesOf(manifest: Json): string[] {
  const found = [manifest.license, manifest.licenses].flat().map((entry) => (isObject(entry) ? entry.type : entry));
  const names = found.filter((entry): entry is string => typeof entry === 'string' && entry.trim() !== '');
  return [...new Set(names.map((entry) => entry.trim()))];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
