import { TextLines } from '../text-lines.js';

/**
 * Assignments in a subset of the shell's syntax, os-release(5).
 *
 * @param onFault is told each line, from 1, that is none
 */
export function readAssignments(content: Buffer, onFault: (line: number) => void): Map<string, string> {
  const values = new Map<string, string>();
  const lines = new TextLines(content);
  while (lines.next()) {
    const text = lines.text(0).trim();
    if (text === '' || text.startsWith('#')) continue;
    const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text);
    const value = match ? unquote(match[2] ?? '') : null;
    if (match?.[1] && value !== null) values.set(match[1], value);
    else onFault(lines.line);
  }
  return values;
}

/** A value as a POSIX shell would read it, without expansion; null where a quote is not closed. */
function unquote(text: string): string | null {
  let value = '';
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === "'") {
      if (char === "'") quote = '';
      else value += char;
    } else if (char === '\\') {
      at += 1;
      // In double quotes a backslash stays before all but these: POSIX shell, 2.2.3.
      const escaped = text.charAt(at);
      value += quote === '"' && !'$`"\\'.includes(escaped) ? `\\${escaped}` : escaped;
    } else if (char === '"') {
      quote = quote === '"' ? '' : '"';
    } else if (char === "'" && quote === '') {
      quote = "'";
    } else if (quote === '' && (char === ' ' || char === '\t')) {
      // An unquoted blank ends the assignment.
      break;
    } else {
      value += char;
    }
  }
  return quote === '' ? value : null;
}
