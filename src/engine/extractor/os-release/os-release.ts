import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { TextLines } from '../text-lines.js';

/** os-release(5): /etc/os-release is preferred over /usr/lib/os-release. */
export const OS_RELEASE_PATHS = ['etc/os-release', 'usr/lib/os-release'] as const;
const LAST_LETTER = 'e'.charCodeAt(0);

/** os-release(5): assignments in a subset of the shell's syntax. */
export const osRelease: Extractor = {
  name: 'os-release',
  version: 1,
  maxBytes: 256 * 1024,
  fixedPaths: OS_RELEASE_PATHS,
  wants(path: string): boolean {
    return (
      path.charCodeAt(path.length - 1) === LAST_LETTER && (path === OS_RELEASE_PATHS[0] || path === OS_RELEASE_PATHS[1])
    );
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const values = new Map<string, string>();
    const lines = new TextLines(contentOf(file));
    while (lines.next()) {
      const text = lines.text(0).trim();
      if (text === '' || text.startsWith('#')) continue;
      const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text);
      const value = match ? unquote(match[2] ?? '') : null;
      if (match?.[1] && value !== null) values.set(match[1], value);
      else builder.unparsable(lines.line, 'no NAME=value');
    }
    if (values.size > 0) {
      builder.setDistribution({
        // "If not set, a default of ID=linux may be used."
        id: values.get('ID') || 'linux',
        versionId: values.get('VERSION_ID') || null,
        codename: values.get('VERSION_CODENAME') || null,
        prettyName: values.get('PRETTY_NAME') || null,
      });
    }
    return builder.build();
  },
};

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
