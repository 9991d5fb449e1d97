import type { KnownLayer, LayerFacts, ToldFacts } from '../engine/layer/layer-facts.js';
import { bytesOfHashes, hashesOfBytes } from '../engine/path/path-set.js';
import type { ExtractedPackage, PackageType } from '../model/package.js';
import type { StoredLayer } from '../store/layer.store.js';

/**
 * Facts as they are stored. Most files of which a layer with many has something to tell are of one package, and say
 * nothing else: those are a row of plain values, which takes a third of the text and half of the time to read.
 */
interface StoredFacts extends Omit<ToldFacts, 'files'> {
  diffId: string;
  /** In their order. */
  files: (PackageRow | File)[];
}

type File = LayerFacts['files'][number];

type PackageRow = [path: string, type: PackageType, name: string, version: string, ...licenses: string[]];

export function storedLayer({ diffId, facts }: KnownLayer): StoredLayer {
  const { occupied, directories, files, ...told } = facts;
  const stored: StoredFacts = { ...told, diffId, files: files.map((file) => rowOf(file) ?? file) };
  return { facts: stored, occupied: bytesOfHashes(occupied), directories: bytesOfHashes(directories) };
}

export function knownLayer({ facts, occupied, directories }: StoredLayer): KnownLayer {
  const { diffId, files, ...told } = facts as StoredFacts;
  return {
    diffId,
    facts: {
      ...told,
      files: files.map((file) => (Array.isArray(file) ? fileOf(file) : file)),
      occupied: hashesOfBytes(occupied),
      directories: hashesOfBytes(directories),
    },
  };
}

/** Null for a file that a row cannot hold. */
function rowOf({ path, extraction }: File): PackageRow | null {
  const { packages, distribution, owned, gaps, ...more } = extraction;
  const [found, ...others] = packages;
  if (!found || others.length > 0 || distribution !== null || owned !== null || gaps.length > 0) return null;
  const { type, name, version, licenses, source, architecture, module, ...rest } = found;
  const isPlain = source === null && architecture === null && module === null;
  return isPlain && isEmpty(rest) && isEmpty(more) ? [path, type, name, version, ...licenses] : null;
}

/** Whether every field that may be left out is. */
function isEmpty(fields: object): boolean {
  return Object.values(fields).every((value) => value === undefined);
}

function fileOf(row: PackageRow): File {
  const [path, type, name, version] = row;
  const licenses = row.length > 4 ? row.slice(4) : [];
  const found: ExtractedPackage = { type, name, version, source: null, architecture: null, licenses, module: null };
  return { path, extraction: { packages: [found], distribution: null, owned: null, gaps: [] } };
}
