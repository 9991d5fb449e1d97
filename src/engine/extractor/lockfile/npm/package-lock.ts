import { entriesOf, fieldOf, type Mapping, mappingOf, textOf, type Value } from '../../document.js';
import type { ExtractionBuilder } from '../../extraction-builder.js';
import { readJsonObject } from '../../json-document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { aliasOf, isLocal } from './npm-source.js';

const NODE_MODULES = 'node_modules/';

/**
 * npm's package-lock.json in its versions 1 to 3 (npm-package-lock.json(5)). Version 1 has a tree in `dependencies`,
 * version 3 the places of packages in `packages`, version 2 both. Left out is what has `dev`; `devOptional` is needed by
 * optional packages too.
 */
export const packageLock: LockfileFormat = {
  names: ['package-lock.json', 'npm-shrinkwrap.json'],
  dependencies: /\/node_modules\//,
  read(builder, content) {
    const document = readJsonObject(builder, content);
    if (!document) return;
    const packages = mappingOf(document.packages);
    const dependencies = mappingOf(document.dependencies);
    if (packages) readPlaces(builder, packages);
    else if (dependencies) readTree(builder, dependencies);
    else if (typeof document.lockfileVersion !== 'number') {
      builder.unparsable(1, 'neither "packages" nor "dependencies"');
    }
  },
};

function readPlaces(builder: ExtractionBuilder, packages: Mapping): void {
  const places = Object.entries(packages);
  // A package of the project itself stands where it is, and node_modules has a link to it.
  const linked = new Map<string, string>();
  for (const [place, value] of places) {
    const entry = mappingOf(value);
    const target = entry?.link === true ? textOf(entry.resolved) : null;
    if (target !== null) linked.set(target, nameOf(place) ?? place);
  }
  for (const [place, value] of places) {
    const entry = mappingOf(value);
    if (place === '' || entry?.link === true || entry?.dev === true) continue;
    const installed = nameOf(place);
    // The project's own packages need no version.
    if (installed === null && !(linked.has(place) && textOf(entry?.version))) continue;
    const name = textOf(entry?.name) ?? installed ?? linked.get(place);
    addPinned(builder, 'npm', { name, version: entry?.version, license: entry?.license });
  }
}

/** What stands behind the last `node_modules/`; null for a place outside of any. */
function nameOf(place: string): string | null {
  const at = place.lastIndexOf(NODE_MODULES);
  return at < 0 ? null : place.slice(at + NODE_MODULES.length);
}

function readTree(builder: ExtractionBuilder, root: Mapping): void {
  // A stack of our own: trees from outside may be of any depth.
  const pending: Value[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [name, value] of entriesOf(next)) {
      const entry = mappingOf(value);
      const nested = fieldOf(entry, 'dependencies');
      if (mappingOf(nested)) pending.push(nested);
      const version = textOf(entry?.version);
      if (entry?.dev === true || (version && isLocal(version))) continue;
      addPinned(builder, 'npm', (version && aliasOf(version)) || { name, version });
    }
  }
}
