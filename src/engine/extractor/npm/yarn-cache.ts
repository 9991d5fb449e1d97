import { UnpackBudget } from '../../format/zip/unpack-budget.js';
import { ZipArchive } from '../../format/zip/zip-archive.js';
import { ZipFault } from '../../format/zip/zip-fault.js';
import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { type FileView, MemoryFile } from '../file-view.js';
import { npm } from './npm.js';

const LAST_LETTER = 'p'.charCodeAt(0);
/** A project's own cache, and that of all projects of a user. */
const CACHED = /(?:^|\/)\.yarn\/(?:berry\/)?cache\/[^/]+\.zip$/;
/** Packages have some thousand files. */
const MAX_ENTRIES = 500_000;

/**
 * Packages as Yarn 2 and later keep them: one zip archive for each, with the package in a folder of a node_modules
 * folder. With Plug'n'Play, programs run from there.
 */
export const yarnCache: Extractor = {
  name: 'yarn-cache',
  version: 1,
  maxBytes: 2 * 1024 ** 3,
  fixedPaths: [],
  candidates: { endings: ['.zip'] },
  wants(path: string): boolean {
    return path.charCodeAt(path.length - 1) === LAST_LETTER && path.endsWith('.zip') && CACHED.test(path);
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const gaps: Extraction['gaps'] = [];
    const archive = ZipArchive.open(file);
    try {
      if (archive === null) throw new ZipFault('corrupt', 'no zip directory that can be read');
      for (const { packages, gaps: found, inner } of manifestsIn(archive)) {
        for (const one of packages) builder.add({ ...one, inner }, null);
        gaps.push(...found);
      }
    } catch (error) {
      if (!(error instanceof ZipFault)) throw error;
      builder.unparsable(null, error.message);
    }
    const extraction = builder.build();
    return { ...extraction, gaps: [...extraction.gaps, ...gaps.slice(0, 1)] };
  },
};

function* manifestsIn(archive: ZipArchive): Generator<Extraction & { inner: string }> {
  const { file } = archive;
  const budget = new UnpackBudget(file.size);
  let entries = 0;
  for (const entry of archive.entries()) {
    entries += 1;
    if (entries > MAX_ENTRIES) throw new ZipFault('too_large', `more than ${MAX_ENTRIES} entries`);
    if (!npm.wants(entry.name)) continue;
    const content = budget.read(archive, entry, npm.maxBytes);
    yield { ...npm.extract(new MemoryFile(`${file.path}!/${entry.name}`, content)), inner: entry.name };
  }
}
