import type { ExtractionBuilder } from '../../extraction-builder.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { Directives } from './go-directives.js';

/** From this version on go.mod lists every module that the build needs, indirect ones too. */
const PRUNED = [1, 17] as const;

/**
 * Go's go.mod (Go Modules Reference, "go.mod files"): the modules of `require`, with `replace` applied; a module that a
 * folder stands for is part of the project itself. Before Go 1.17 indirect modules are listed only in part, which is said
 * as a gap. The standard library is no module: which one is built with is a matter of the toolchain there.
 */
export const goMod: LockfileFormat = {
  names: ['go.mod'],
  // The module cache, and folders of `go mod vendor`.
  dependencies: /\/(?:pkg\/mod|vendor)\//,
  read(builder, content) {
    const file = new GoMod(builder);
    for (const { verb, words, line } of new Directives(builder, content)) file.directive(verb, words, line);
    file.end();
  },
};

interface Module {
  path: string;
  version: string;
  line: number;
}

class GoMod {
  private readonly required = new Map<string, Module>();
  /** By path, or by path and version, which goes first; null for a folder. */
  private readonly replaced = new Map<string, { path: string; version: string } | null>();
  private goVersion: string | null = null;

  constructor(private readonly builder: ExtractionBuilder) {}

  directive(verb: string, words: readonly string[], line: number): void {
    const [first, second] = words;
    switch (verb) {
      case 'require':
        if (first && second && words.length === 2) this.required.set(first, { path: first, version: second, line });
        else this.builder.unparsable(line, 'a requirement that is not a module and its version');
        break;
      case 'replace':
        this.replace(words, line);
        break;
      case 'go':
        this.goVersion = first ?? null;
        break;
      default:
      // module, toolchain, exclude, retract, tool, godebug, ignore: none names a module that is built in.
    }
  }

  end(): void {
    for (const { path, version, line } of this.required.values()) {
      const specific = this.replaced.get(`${path}@${version}`);
      const replacement = specific === undefined ? this.replaced.get(path) : specific;
      if (replacement === null) continue;
      const built = replacement ?? { path, version };
      this.builder.add({ type: 'golang', name: built.path, version: built.version }, line);
    }
    if (this.required.size > 0 && isBefore(this.goVersion ?? '1.16')) {
      this.builder.unparsable(null, 'no full list of indirect modules, as it has from Go 1.17 on');
    }
  }

  /** `old [version] => new version`, or `=> ./folder`. */
  private replace(words: readonly string[], line: number): void {
    const arrow = words.indexOf('=>');
    const [path, version] = words.slice(0, arrow);
    const [newPath, newVersion] = words.slice(arrow + 1);
    if (arrow < 1 || arrow > 2 || !path || !newPath) {
      this.builder.unparsable(line, 'a replacement that is not one module for another');
      return;
    }
    this.replaced.set(
      version ? `${path}@${version}` : path,
      newVersion ? { path: newPath, version: newVersion } : null,
    );
  }
}

/** Whether a language version, `1.16` or `1.21rc2`, is before the one that prunes. */
function isBefore(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major < PRUNED[0] || (major === PRUNED[0] && minor < PRUNED[1]);
}
