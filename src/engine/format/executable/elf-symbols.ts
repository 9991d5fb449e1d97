import type { FileView } from '../../extractor/file-view.js';
import { findSection, type SectionTable, sectionAt } from './elf-sections.js';
import type { NamedPart } from './executable.js';

/** Larger tables are not searched: those of programs with 100,000 functions have 10 MB. */
const MAX_TABLE_BYTES = 64 * 1024 * 1024;
const MAX_FOUND = 1_000;

/** The names are searched first: a table has many symbols, of which few are asked for. */
export function symbolsEndingIn(file: FileView, sections: SectionTable, ending: string): NamedPart[] {
  const symbols = findSection(sections, '.symtab');
  if (!symbols || (symbols.link + 1) * sections.entryBytes > sections.headers.length) return [];
  const strings = sectionAt(sections, symbols.link);
  if (symbols.size > MAX_TABLE_BYTES || strings.size > MAX_TABLE_BYTES) return [];
  const names = namesEndingIn(file.read(strings.offset, strings.size), ending);
  if (names.size === 0) return [];
  const { read, wide } = sections.form;
  const table = file.read(symbols.offset, symbols.size);
  const entryBytes = wide ? 24 : 16;
  const found: NamedPart[] = [];
  for (let at = 0; at + entryBytes <= table.length && found.length < MAX_FOUND; at += entryBytes) {
    const name = names.get(read.u32(table, at));
    if (name === undefined) continue;
    const address = read.word(table, at + (wide ? 8 : 4), wide);
    found.push({ name, address, memorySize: read.word(table, at + (wide ? 16 : 8), wide) });
  }
  return found;
}

/** By where they begin. */
function namesEndingIn(strings: Buffer, ending: string): Map<number, string> {
  const names = new Map<number, string>();
  const wanted = Buffer.from(`${ending}\0`, 'utf8');
  for (let at = strings.indexOf(wanted); at >= 0 && names.size < MAX_FOUND; at = strings.indexOf(wanted, at + 1)) {
    const start = strings.lastIndexOf(0, at) + 1;
    names.set(start, strings.toString('utf8', start, at + wanted.length - 1));
  }
  return names;
}
