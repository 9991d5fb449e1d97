import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** More files are no manifests of one cluster. */
const MAX_FILES = 20_000;
const MAX_DEPTH = 32;

const EXTENSION = /\.(?:ya?ml|json)(?:\.(?:gz|zst))?$/i;

/** What holds no manifests that somebody applies. */
const PASSED_OVER = new Set(['.git', 'node_modules']);

export interface ClusterFile {
  /** Absolute. */
  path: string;
  /** As messages and origins call it: below the folder, or its own name. */
  name: string;
}

/**
 * The files of a folder that may hold objects, in the order of their names, or the one file that was given. Links are followed to
 * files of the folder alone.
 *
 * @param root resolved
 */
export function clusterFiles(root: string): { files: ClusterFile[]; faults: string[] } {
  if (!statSync(root).isDirectory()) {
    return { files: [{ path: root, name: root.slice(root.lastIndexOf(sep) + 1) }], faults: [] };
  }
  const walk: Walk = { root, files: [], faults: [], isFull: false };
  readFolder(root, 0, walk);
  if (walk.isFull) walk.faults.push(`There are more than ${MAX_FILES} files: the rest was not read.`);
  return walk;
}

interface Walk {
  root: string;
  files: ClusterFile[];
  faults: string[];
  isFull: boolean;
}

function readFolder(folder: string, depth: number, walk: Walk): void {
  const name = relative(walk.root, folder);
  if (depth > MAX_DEPTH) {
    walk.faults.push(`${name}: it is more than ${MAX_DEPTH} folders deep, and was not read.`);
    return;
  }
  let entries: string[];
  try {
    entries = readdirSync(folder).sort();
  } catch (error) {
    walk.faults.push(`${name || walk.root}: the folder cannot be read (${codeOf(error)}).`);
    return;
  }
  for (const entry of entries) {
    if (walk.isFull) return;
    if (!PASSED_OVER.has(entry)) readEntry(join(folder, entry), depth, walk);
  }
}

function readEntry(path: string, depth: number, walk: Walk): void {
  const name = relative(walk.root, path);
  try {
    const entry = lstatSync(path);
    if (entry.isDirectory()) {
      // A mounted ConfigMap has its files in such folders once more.
      if (!/(?:^|\/)\.\.[^/]*$/.test(name)) readFolder(path, depth + 1, walk);
      return;
    }
    if (!EXTENSION.test(path)) return;
    const real = entry.isSymbolicLink() ? realpathSync(path) : path;
    if (real !== path && !real.startsWith(walk.root.endsWith(sep) ? walk.root : walk.root + sep)) {
      walk.faults.push(`${name}: it is a link that leads out of the folder, and was not read.`);
      return;
    }
    if (!statSync(real).isFile()) {
      walk.faults.push(`${name}: it is no file, and was not read.`);
      return;
    }
    if (walk.files.length >= MAX_FILES) walk.isFull = true;
    else walk.files.push({ path: real, name });
  } catch (error) {
    walk.faults.push(`${name}: it cannot be read (${codeOf(error)}).`);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
