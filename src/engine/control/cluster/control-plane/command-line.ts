/**
 * The flags of a program of Kubernetes, as pflag(1) and etcd read them: `--name=value`, `--name value`, `--name` alone for
 * a boolean; `_` is `-`. Of a flag that is given twice the last counts, and a list takes all.
 */
export class CommandLine {
  private readonly flags: ReadonlyMap<string, readonly Given[]>;

  /** @param environment of etcd: `ETCD_CERT_FILE` is `--cert-file`, where that is not given */
  constructor(
    words: readonly string[],
    private readonly environment: ReadonlyMap<string, string> = new Map(),
  ) {
    this.flags = flagsOf(words);
  }

  has(name: string): boolean {
    return this.given(name).length > 0;
  }

  /** Null where it is not given; empty where it is given nothing. */
  value(name: string): string | null {
    const last = this.given(name).at(-1);
    return last ? (last.value ?? last.next ?? '') : null;
  }

  /** Null where it is not given, or is no boolean of Go. */
  boolean(name: string): boolean | null {
    const last = this.given(name).at(-1);
    if (!last) return null;
    if (last.value === null) return true;
    if (/^(?:1|t|T|true|TRUE|True)$/.test(last.value)) return true;
    return /^(?:0|f|F|false|FALSE|False)$/.test(last.value) ? false : null;
  }

  /** Values between commas, of each time that it is given; null where it is not. */
  list(name: string): string[] | null {
    const given = this.given(name);
    if (given.length === 0) return null;
    return given.flatMap(({ value, next }) => (value ?? next ?? '').split(',')).map((item) => item.trim());
  }

  private given(name: string): readonly Given[] {
    const given = this.flags.get(name);
    if (given) return given;
    const set = this.environment.get(`ETCD_${name.replaceAll('-', '_').toUpperCase()}`);
    return set === undefined ? [] : [{ value: set, next: null }];
  }
}

interface Given {
  /** After the equals sign. */
  value: string | null;
  /** The word after the flag, which is its value where it is no boolean. */
  next: string | null;
}

function flagsOf(words: readonly string[]): Map<string, Given[]> {
  const flags = new Map<string, Given[]>();
  for (const [i, word] of words.entries()) {
    if (word === '--') break;
    const [, name, value = null] = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) continue;
    const after = words[i + 1];
    const next = value === null && after !== undefined && !/^--?[A-Za-z]/.test(after) ? after : null;
    const key = name.replaceAll('_', '-');
    const given = flags.get(key);
    if (given) given.push({ value, next });
    else flags.set(key, [{ value, next }]);
  }
  return flags;
}
