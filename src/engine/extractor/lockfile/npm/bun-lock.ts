import { entriesOf, fieldOf, listOf, type Mapping, mappingOf, textOf, type Value } from '../../document.js';
import type { ExtractionBuilder } from '../../extraction-builder.js';
import { readJsonc } from '../jsonc-document.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { developmentOnly } from '../reachable.js';
import { isLocal, splitAt } from './npm-source.js';

const WORKSPACE = 'workspace:';

/**
 * Bun's text lockfile: JSON with trailing commas. `packages` has for each place in node_modules, `a` or `a/b`, a list that
 * begins with `name@1.0.0`, `name@workspace:path` or `name@git+https://…` and has the package's own dependencies in the
 * first mapping behind it. Left out is what only the `devDependencies` of workspaces lead to.
 */
export const bunLock: LockfileFormat = {
  names: ['bun.lock'],
  dependencies: /\/node_modules\//,
  read(builder, content) {
    const document = mappingOf(readJsonc(builder, content));
    if (!document) return;
    const packages = readPackages(builder, document.packages);
    const unwanted = unwantedOf(packages, document.workspaces);
    for (const [place, { name, rest }] of packages) {
      const workspace = rest.startsWith(WORKSPACE) ? rest.slice(WORKSPACE.length) : null;
      const version = workspace === null ? rest : versionOf(document.workspaces, workspace);
      if (version !== null && !isLocal(version) && !unwanted.has(place)) addPinned(builder, 'npm', { name, version });
    }
  },
};

/** Before version 1.2 Bun wrote a binary form, which it alone reads. */
export const bunBinaryLock: LockfileFormat = {
  names: ['bun.lockb'],
  dependencies: /\/node_modules\//,
  read(builder) {
    builder.unparsable(null, 'a binary form that only Bun reads (bun install --save-text-lockfile writes text)');
  },
};

function versionOf(workspaces: Value, path: string): string | null {
  return textOf(mappingOf(fieldOf(mappingOf(workspaces), path))?.version);
}

interface Locked {
  name: string;
  /** The version, or where it comes from. */
  rest: string;
  info: Mapping | null;
}

function readPackages(builder: ExtractionBuilder, value: Value): Map<string, Locked> {
  const packages = new Map<string, Locked>();
  for (const [place, entry] of entriesOf(value)) {
    const [identifier, ...more] = listOf(entry);
    const split = splitAt(textOf(identifier) ?? '');
    if (!split) builder.unparsable(null, 'a package without a name and version');
    else packages.set(place, { ...split, info: more.map(mappingOf).find((part) => part !== null) ?? null });
  }
  return packages;
}

/** Longer than any path that a file system has. */
const MAX_PLACE = 4096;
const RUNTIME = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Places that only development asks for. */
function unwantedOf(packages: ReadonlyMap<string, Locked>, workspaces: Value): Set<string> {
  const owners = entriesOf(workspaces).map(([, value]) => mappingOf(value));
  const from = (kinds: readonly string[]) =>
    // What a workspace does not share with the others has a place below its name.
    owners.flatMap((owner) => placesOf(packages, textOf(owner?.name) ?? '', owner, kinds));
  return developmentOnly(from(['devDependencies']), from(RUNTIME), (place) =>
    placesOf(packages, place, packages.get(place)?.info ?? null, RUNTIME),
  );
}

function placesOf(
  packages: ReadonlyMap<string, Locked>,
  at: string,
  owner: Mapping | null,
  kinds: readonly string[],
): string[] {
  const names = kinds.flatMap((kind) => entriesOf(owner?.[kind]).map(([name]) => name));
  return names.flatMap((name) => find(packages, at, name) ?? []);
}

/** Node's way to a dependency: the nearest place from within outwards. */
function find(packages: ReadonlyMap<string, Locked>, at: string, name: string): string | null {
  for (let folder = at.length > MAX_PLACE ? '' : at; folder !== ''; folder = outside(folder)) {
    const place = `${folder}/${name}`;
    if (packages.has(place)) return place;
  }
  return packages.has(name) ? name : null;
}

/** `a/@scope/b` is in `a`, `@scope/b` in nothing. */
function outside(place: string): string {
  const slash = place.lastIndexOf('/');
  const folder = slash < 0 ? '' : place.slice(0, slash);
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  if (!name.startsWith('@')) return folder;
  return name.length === folder.length ? '' : folder.slice(0, -name.length - 1);
}
