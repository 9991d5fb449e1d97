/** A module as a program's build information names it. */
export interface GoModule {
  path: string;
  /** Empty or `(devel)` where it has none. */
  version: string;
  /** What was built in its place; a relative or absolute path for a local folder. */
  replacement: { path: string; version: string } | null;
}

export interface GoModules {
  /** The import path of the main package; null where the program was built without modules. */
  mainPackage: string | null;
  /** Null for the commands of Go itself, and for what is built from single files. */
  main: GoModule | null;
  dependencies: GoModule[];
  /** Build settings: `-ldflags`, `vcs.revision`, `GOARCH`. */
  settings: Map<string, string>;
  /** Lines that do not have the form of their kind. */
  malformed: number;
}

/** The lines that `BuildInfo.String` of the Go package runtime/debug writes. */
export function parseGoLines(text: string): GoModules {
  const modules: GoModules = { mainPackage: null, main: null, dependencies: [], settings: new Map(), malformed: 0 };
  let last: GoModule | null = null;
  for (const line of text.split('\n')) {
    const [kind = '', ...columns] = line.split('\t');
    switch (kind) {
      case 'path':
        modules.mainPackage = columns.join('\t');
        break;
      case 'mod':
      case 'dep':
        last = columns.length === 2 || columns.length === 3 ? moduleOf(columns) : null;
        if (last === null) modules.malformed += 1;
        else if (kind === 'mod') modules.main = last;
        else modules.dependencies.push(last);
        break;
      case '=>':
        if (last === null || columns.length !== 3) modules.malformed += 1;
        else last.replacement = { path: columns[0] ?? '', version: columns[1] ?? '' };
        last = null;
        break;
      case 'build':
        addSetting(modules, line.slice('build\t'.length));
        break;
      default: // Lines of kinds that are still to come.
    }
  }
  return modules;
}

function moduleOf([path = '', version = '']: string[]): GoModule {
  return { path, version, replacement: null };
}

/** `key=value`; a value with blanks or quotes is quoted as in Go. Keys that would need quotes do not exist. */
function addSetting({ settings }: GoModules, setting: string): void {
  const equals = setting.indexOf('=');
  if (equals > 0) settings.set(setting.slice(0, equals), unquote(setting.slice(equals + 1)));
}

function unquote(value: string): string {
  const quote = value[0];
  if (value.length < 2 || (quote !== '"' && quote !== '`') || value.at(-1) !== quote) return value;
  const inner = value.slice(1, -1);
  if (quote === '`') return inner;
  return inner.replace(ESCAPE, (whole, hex: string | undefined) => {
    if (hex === undefined) return SIMPLE[whole[1] ?? ''] ?? whole.slice(1);
    const code = Number.parseInt(hex.slice(1), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}

/** Escapes of Go's strconv.Quote. */
const ESCAPE = /\\(?:(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})|.)/gis;
const SIMPLE: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
