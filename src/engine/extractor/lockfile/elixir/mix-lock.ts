import { TextLines } from '../../text-lines.js';
import type { LockfileFormat } from '../lockfile-format.js';

/** `  "app": {:hex, :package, "1.0.0", …},`, a line each; or, before Elixir 1.0, `"app": {:package, "1.0.0"}`. */
const HEX = /^"[^"]+": *\{(?::hex, *)?:"?([^\s",]+)"?, *"(\d[^"]*)"/;
const BRACKETS = new Set(['', '%{', '}', '%{}', '[', ']']);
/** Of a line, bytes: what a package needs, which stands last, may make it long. */
const MAX_HEAD = 2048;

/** Elixir's mix.lock: an Elixir map. A package's own name counts, which may differ from the application's. */
export const mixLock: LockfileFormat = {
  names: ['mix.lock'],
  // Where Mix puts what it fetches.
  dependencies: /\/deps\//,
  read(builder, content) {
    const lines = new TextLines(content);
    while (lines.next()) {
      const text = lines.text(0, Math.min(lines.end - lines.start, MAX_HEAD)).trim();
      if (BRACKETS.has(text) || text.startsWith('#')) continue;
      const [, name, version] = HEX.exec(text) ?? [];
      if (name && version) builder.add({ type: 'hex', name, version }, lines.line);
      else builder.unparsable(lines.line, 'a dependency that is no package of Hex');
    }
  },
};
