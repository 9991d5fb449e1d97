import { entriesOf, fieldOf, type Mapping, mappingOf, textOf, type Value } from '../../document.js';
import type { ExtractionBuilder } from '../../extraction-builder.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { reachable } from '../reachable.js';
import { readYaml } from '../yaml-document.js';
import { isLocal, splitAt } from './npm-source.js';

/**
 * pnpm's lockfile, versions 5 to 9. `packages` has a key of name and version for each: `/@scope/name/1.0.0_peer@2.0.0`
 * up to version 5, `/@scope/name@1.0.0(peer@2.0.0)` in 6, `@scope/name@1.0.0` in 9. Up to version 6 `dev` marks what is
 * left out; in version 9 it is what only the `devDependencies` of importers lead to through `snapshots`.
 *
 * From version 11 on pnpm puts what it needs for itself in a document before the project's.
 */
export const pnpmLock: LockfileFormat = {
  names: ['pnpm-lock.yaml'],
  dependencies: /\/node_modules\//,
  read(builder, content) {
    const documents = readYaml(builder, content);
    // An empty file says that there are no dependencies.
    for (const value of documents.slice(-1)) {
      const document = mappingOf(value);
      if (document) readDocument(builder, document);
      else if (value !== null) builder.unparsable(1, 'no YAML mapping');
    }
  },
};

function readDocument(builder: ExtractionBuilder, document: Mapping): void {
  const version = Number.parseFloat(String(document.lockfileVersion));
  if (!(version >= 5 && version < 10)) {
    const found = textOf(document.lockfileVersion)?.slice(0, 20) ?? 'none';
    builder.unparsable(1, `a lockfileVersion that is not known (${found})`);
    return;
  }
  const unwanted = version >= 9 ? unwantedOf(document) : new Set<string>();
  for (const [key, value] of entriesOf(document.packages)) {
    const entry = mappingOf(value);
    if (entry?.dev === true || unwanted.has(key)) continue;
    const { name, rest } = splitKey(key, version) ?? { name: '', rest: '' };
    // Packages that are not from the registry have a name and a version of their own, but for folders of the project.
    const found = { name: textOf(entry?.name) ?? name, version: textOf(entry?.version) ?? rest };
    if (isLocal(found.version) || (found.version === '' && isLocal(key))) continue;
    addPinned(builder, 'npm', found);
  }
}

/** The name and version in a key without peers; a key that begins with no slash has a registry before it, up to 6. */
function splitKey(key: string, version: number): { name: string; rest: string } | null {
  if (version >= 9) return splitAt(withoutPeers(key.startsWith('/') ? key.slice(1) : key));
  const path = key.slice(key.indexOf('/') + 1);
  if (version >= 6) return splitAt(withoutPeers(path));
  const [name, rest] = /^((?:@[^/]+\/)?[^/]+)\/([^/_]+)/.exec(path)?.slice(1) ?? [];
  return name && rest ? { name, rest } : null;
}

function withoutPeers(key: string): string {
  const peers = key.indexOf('(');
  return peers < 0 ? key : key.slice(0, peers);
}

const RUNTIME = ['dependencies', 'optionalDependencies'] as const;

/** Keys of `packages` that only development asks for. */
function unwantedOf(document: Mapping): Set<string> {
  const snapshots = mappingOf(document.snapshots);
  const importers = entriesOf(document.importers).map(([, importer]) => mappingOf(importer));
  const next = (key: string) => {
    const snapshot = mappingOf(fieldOf(snapshots, key));
    return RUNTIME.flatMap((kind) => keysOf(snapshot?.[kind]));
  };
  const needed = reachable(
    importers.flatMap((importer) => RUNTIME.flatMap((kind) => keysOf(importer?.[kind]))),
    next,
  );
  const development = reachable(
    importers.flatMap((importer) => keysOf(importer?.devDependencies)),
    next,
  );
  const kept = new Set([...needed].map(withoutPeers));
  return new Set([...development].map(withoutPeers).filter((key) => !kept.has(key)));
}

/** Dependencies by name: a version, or the whole key of another name's; importers have it beside what was asked for. */
function keysOf(dependencies: Value): string[] {
  return entriesOf(dependencies).flatMap(([name, value]) => {
    const reference = textOf(value) ?? textOf(mappingOf(value)?.version);
    if (reference === null || isLocal(reference)) return [];
    const bare = withoutPeers(reference);
    // Either may be a key: `1.0.0` is no name, `real@1.0.0` may be one, and `https://x/y@1` is none.
    return splitAt(bare) ? [reference, `${name}@${reference}`] : [`${name}@${reference}`];
  });
}
