import type { Executable } from '../../format/executable/executable.js';
import type { ExtractionBuilder } from '../extraction-builder.js';
import { readGoBuildInfo, UNREADABLE } from './go-build-info.js';
import { type GoModule, type GoModules, parseGoLines } from './go-lines.js';
import { mainVersion, NO_VERSION } from './go-main-version.js';

/**
 * The modules that a Go program was built from, as `go version -m` names them: where one was replaced, what took its
 * place. The standard library is the package `stdlib`, as in Go's vulnerability database, with the version of the
 * toolchain.
 */
export function addGoModules(builder: ExtractionBuilder, program: Executable): void {
  const info = readGoBuildInfo(program);
  if (info === null) return;
  if (info === UNREADABLE) {
    builder.unparsable(null, 'no build information that can be read, though Go built it');
    return;
  }
  const modules = parseGoLines(info.lines);
  const found = new Map<string, { name: string; version: string }>();
  const add = (name: string, version: string) => found.set(`${name}\0${version}`, { name, version });
  add('stdlib', standardLibraryVersion(info.version));
  // Old versions of Go list a module without a path.
  for (const module of modules.dependencies) if (module.path !== '') add(...installed(module, module.version));
  const { main } = modules;
  if (main !== null && main.path !== SINGLE_FILES) {
    add(...installed(main, mainVersion(main, modules.settings, program)));
  }
  for (const module of found.values()) builder.add({ type: 'golang', ...module }, null);
  if (!isModuleAware(modules)) builder.unparsable(null, 'no list of the Go modules that it was built from');
  for (let count = 0; count < modules.malformed; count += 1)
    builder.unparsable(null, 'a malformed line of a Go module');
}

/** The main package of what is built from files rather than a package. */
const SINGLE_FILES = 'command-line-arguments';

/** A module that a local folder replaced keeps its name: of that, advisories may speak. */
function installed({ path, replacement }: GoModule, version: string): [string, string] {
  if (replacement === null) return [path, version || NO_VERSION];
  if (/^(?:[./\\]|[A-Za-z]:)/.test(replacement.path)) return [path, NO_VERSION];
  return [replacement.path, replacement.version || NO_VERSION];
}

/** Built without modules, a program says at most its main package. Go's own commands have no other modules. */
function isModuleAware({ mainPackage, main, dependencies }: GoModules): boolean {
  if (main !== null || dependencies.length > 0) return true;
  return mainPackage === SINGLE_FILES || (mainPackage?.startsWith('cmd/') ?? false);
}

/**
 * `go1.21.3` → `1.21.3`. What vendors and experiments add is cut off, as by the package go/version: `go1.21.3-acme`,
 * `go1.21.3 X:boringcrypto`, `go1.26.0-X:nodwarf5`. A version that is of no release stays as it is: `devel go1.22-1234`.
 */
function standardLibraryVersion(version: string): string {
  const [, release, rest = ''] = /^go(\d+(?:\.\d+)*(?:(?:alpha|beta|rc)\d+)?)([-+ ].*)?$/s.exec(version) ?? [];
  return release === undefined || rest.startsWith('-devel') ? version : release;
}
