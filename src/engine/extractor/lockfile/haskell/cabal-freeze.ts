import { TextLines } from '../../text-lines.js';
import type { LockfileFormat } from '../lockfile-format.js';

/** `any.aeson ==2.0.3.0`; a package's flags, `aeson -cffi +ordered-keymap`, are constraints too. */
const PIN = /^(?:any\.)?([A-Za-z0-9][A-Za-z0-9-]*) *==([\d.]+)$/;
const FLAGS = /^[A-Za-z0-9][A-Za-z0-9-]* +[+-]/;
const CONSTRAINTS = /^ *constraints: */;
/** Bytes. */
const MAX_LINE = 64 * 1024;

/** Cabal's cabal.project.freeze: fields, of which `constraints` has what is pinned, separated by commas over lines. */
export const cabalFreeze: LockfileFormat = {
  names: ['cabal.project.freeze'],
  read(builder, content) {
    const lines = new TextLines(content);
    let inConstraints = false;
    while (lines.next()) {
      if (lines.end - lines.start > MAX_LINE) {
        builder.unparsable(lines.line, 'a line that is too long');
        continue;
      }
      const text = lines.text(0);
      if (/^[a-z-]+:/.test(text)) inConstraints = CONSTRAINTS.test(text);
      if (!inConstraints) continue;
      for (const part of text.replace(CONSTRAINTS, '').split(',')) {
        const constraint = part.trim();
        const [, name, version] = PIN.exec(constraint) ?? [];
        if (name && version) builder.add({ type: 'hackage', name, version }, lines.line);
        else if (constraint !== '' && !FLAGS.test(constraint) && !constraint.startsWith('--')) {
          builder.unparsable(lines.line, 'a constraint that pins no version');
        }
      }
    }
  },
};
