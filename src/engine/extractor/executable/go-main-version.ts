import type { Executable } from '../../format/executable/executable.js';
import type { GoModule, GoModules } from './go-lines.js';

/** What `go version -m` prints for a module without a version: one that was built from a folder. */
export const NO_VERSION = '(devel)';

/**
 * The version of the main module. Where Go recorded none, or a pseudo-version that names no release (`v0.0.0-…`), the
 * linker's flag -X often sets it in a variable of the program: `-X main.version=1.2.3`. With -trimpath Go does not record
 * its flags (go.dev/issue/63432), but what was linked has symbols where those were not stripped. A version that only a
 * commit stands for is not made up: it would stand below every fix.
 */
export function mainVersion(main: GoModule, settings: GoModules['settings'], program: Executable): string {
  const recorded = main.version || NO_VERSION;
  if (recorded !== NO_VERSION && !recorded.startsWith('v0.0.0-')) return recorded;
  const flags = settings.get('-ldflags');
  const linked = flags === undefined ? linkedSymbols(program) : linkedStrings(flags);
  return versionOf(main.path, linked) ?? recorded;
}

/** The names of variables that hold a program's own version; others hold that of an interface, a compiler, a chart. */
const PLAIN_NAME = /^ver(?:sion)?$/i;
const COMPOSED_NAME = /^(?:app|build|cli|current|git|product|program|release)[_-]?(?:ver(?:sion)?|tag)$|^tag$/i;
/** Packages that are made to hold the version of the program that they are linked into. */
const VERSION_PACKAGE = /(?:^|\/)(?:common|version|cmd|buildinfo)$/i;
const VERSION = /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** Null where nothing linked is a version, or several of the best rank are. */
function versionOf(module: string, linked: readonly LinkedString[]): string | null {
  const ranks: Set<string>[] = [new Set(), new Set(), new Set(), new Set()];
  for (const { variable, value } of linked) {
    if (!VERSION.test(value)) continue;
    const point = variable.lastIndexOf('.');
    const rank = rankOf(variable.slice(0, point), variable.slice(point + 1), module);
    if (rank !== null) ranks[rank]?.add(value.startsWith('v') ? value : `v${value}`);
  }
  const best = ranks.find((versions) => versions.size > 0);
  return best?.size === 1 ? ([...best][0] ?? null) : null;
}

function rankOf(package_: string, name: string, module: string): number | null {
  const isOwn = package_ === 'main' || package_ === module || package_.startsWith(`${module}/`);
  if (PLAIN_NAME.test(name)) {
    if (package_.startsWith(`${module}/cmd/`)) return 0;
    if (package_ === 'main' || VERSION_PACKAGE.test(package_)) return 1;
    return isOwn ? 2 : null;
  }
  return COMPOSED_NAME.test(name) && (isOwn || VERSION_PACKAGE.test(package_)) ? 3 : null;
}

interface LinkedString {
  /** With its package: `main.version`. */
  variable: string;
  value: string;
}

/** Characters; a command line is no longer. */
const MAX_FLAGS = 128 * 1024;

/** `-X importpath.name=value` of cmd/link, also as `-X=…`, each argument quoted or not. */
function linkedStrings(flags: string): LinkedString[] {
  if (flags.length > MAX_FLAGS) return [];
  const found: LinkedString[] = [];
  const words = split(flags);
  for (let index = 0; index < words.length; index += 1) {
    const [, joined] = /^--?X(?:=(.*))?$/s.exec(words[index] ?? '') ?? [null];
    if (joined === null) continue;
    const definition = joined ?? words[++index] ?? '';
    const equals = definition.indexOf('=');
    if (equals > 0) found.push({ variable: definition.slice(0, equals), value: definition.slice(equals + 1) });
  }
  return found;
}

/** The linker puts the value of -X into a symbol `main.version.str`. */
function linkedSymbols(program: Executable): LinkedString[] {
  return ['ersion.str', 'er.str', 'ag.str'].flatMap((ending) =>
    program.symbols(ending).map(({ name, address, memorySize }) => ({
      variable: name.slice(0, -'.str'.length),
      value: program.readAt(address, Math.min(memorySize, MAX_VERSION_BYTES)).toString('utf8').replace(/\0+$/, ''),
    })),
  );
}

const MAX_VERSION_BYTES = 256;

/** Splits at blanks outside of quotes, which are taken off, wherever in a word they are. */
function split(flags: string): string[] {
  const words = flags.match(/(?:[^\s'"]+|'[^']*'|"[^"]*"|['"])+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
}
