import type { ExtractedPackage } from '../../../model/package.js';
import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { FORMATS } from './formats.js';
import type { LockfileFormat } from './lockfile-format.js';

/**
 * Every kind of lockfile: what a project asks for, which is not to say that it is installed. All of them are one
 * extractor, as one look at the base name decides.
 *
 * - Packages that a lockfile marks as needed for development only are left out; where it does not tell them apart, all
 *   count.
 * - A project's own packages count where the lockfile lists them with a version among the others.
 * - A dependency without a version, as one at a commit or without a pin, is a gap: nobody can say whether it is affected.
 */
export const lockfile: Extractor = {
  name: 'lockfile',
  version: 2,
  maxBytes: 16 * 1024 * 1024,
  fixedPaths: [],
  lockfile: true,
  candidates: { endings: FORMATS.flatMap(({ names, endings = [] }) => [...names, ...endings]) },
  wants(path: string): boolean {
    return LAST_LETTERS.has(path.charCodeAt(path.length - 1)) && formatOf(path) !== null;
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    formatOf(file.path)?.read(builder, contentOf(file));
    const extraction = builder.build();
    return { ...extraction, packages: unique(extraction.packages) };
  },
};

const BY_NAME = new Map(FORMATS.flatMap((format) => format.names.map((name) => [name, format])));
const BY_ENDING = FORMATS.flatMap((format) => (format.endings ?? []).map((ending) => ({ ending, format })));
const LAST_LETTERS = new Set(
  [...BY_NAME.keys(), ...BY_ENDING.map(({ ending }) => ending)].map((name) => name.charCodeAt(name.length - 1)),
);

function formatOf(path: string): LockfileFormat | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const format = BY_NAME.get(name) ?? BY_ENDING.find(({ ending }) => name.endsWith(ending))?.format;
  return format && !format.dependencies?.test(`/${path}`) ? format : null;
}

/** Trees name the same package at many places. */
function unique(packages: ExtractedPackage[]): ExtractedPackage[] {
  return [...new Map(packages.map((found) => [`${found.type}\0${found.name}\0${found.version}`, found])).values()];
}
