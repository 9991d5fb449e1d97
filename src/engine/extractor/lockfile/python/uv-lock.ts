import { entriesOf, listOf, type Mapping, mappingOf, textOf, type Value } from '../../document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { developmentOnly } from '../reachable.js';
import { readToml } from '../toml-document.js';
import { SITE_PACKAGES } from './site-packages.js';

/**
 * uv. Packages of the project itself are `editable` or `virtual`; left out is what only their `dev-dependencies` lead to.
 * Extras, in `optional-dependencies`, count.
 */
export const uvLock: LockfileFormat = {
  names: ['uv.lock'],
  dependencies: SITE_PACKAGES,
  read(builder, content) {
    const packages = listOf(readToml(builder, content)?.package).map(mappingOf);
    const unwanted = unwantedOf(packages);
    for (const entry of packages) {
      // Of the project's own packages only those with a fixed version have one here.
      if (entry && isOwn(entry) && entry.version === undefined) continue;
      if (!unwanted.has(textOf(entry?.name) ?? '')) {
        addPinned(builder, 'pypi', { name: entry?.name, version: entry?.version });
      }
    }
  },
};

function isOwn(entry: Mapping | null): boolean {
  const source = mappingOf(entry?.source);
  return source?.editable !== undefined || source?.virtual !== undefined;
}

/** Names of what only development asks for. */
function unwantedOf(packages: readonly (Mapping | null)[]): Set<string> {
  // A package has several versions where environments ask for different ones.
  const needs = new Map<string, string[][]>();
  const needed: string[] = [];
  for (const entry of packages) {
    const name = textOf(entry?.name) ?? '';
    const known = needs.get(name) ?? [];
    known.push(namesOf(entry?.dependencies), groupsOf(entry?.['optional-dependencies']));
    needs.set(name, known);
    if (isOwn(entry)) needed.push(name);
  }
  const development = packages.flatMap((entry) => groupsOf(entry?.['dev-dependencies']));
  return developmentOnly(development, needed, (name) => needs.get(name)?.flat() ?? []);
}

function namesOf(dependencies: Value): string[] {
  return listOf(dependencies).flatMap((entry) => textOf(mappingOf(entry)?.name) ?? []);
}

function groupsOf(groups: Value): string[] {
  return entriesOf(groups).flatMap(([, dependencies]) => namesOf(dependencies));
}
