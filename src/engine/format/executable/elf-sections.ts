import type { FileView } from '../../extractor/file-view.js';
import type { HeaderReader, Part } from './executable.js';

/** Sections without bytes in the file, as .bss. */
const NO_BITS = 8;
/** The real number of sections is in the size of section 0, the index of their names in its link. */
const EXTENDED = { sections: 0, names: 0xffff };
/** More than any linker writes into an executable. */
const MAX_SECTIONS = 65_536;
const MAX_NAMES_BYTES = 1024 * 1024;
const EMPTY = Buffer.alloc(0);

/** How the numbers of an ELF file are written. */
export interface ElfForm {
  read: HeaderReader;
  /** Whether addresses have 64 bits. */
  wide: boolean;
}

export interface Section extends Part {
  /** The index of another section that this one refers to. */
  link: number;
}

export interface SectionTable {
  headers: Buffer;
  entryBytes: number;
  /** Names end with NUL; headers say where in here theirs begins. */
  names: Buffer;
  form: ElfForm;
}

/** Null where there are none that can be read. */
export function readSections(file: FileView, header: Buffer, form: ElfForm): SectionTable | null {
  const { read, wide } = form;
  const offset = read.word(header, wide ? 40 : 32, wide);
  const entryBytes = read.u16(header, wide ? 58 : 46);
  if (offset === 0 || entryBytes !== (wide ? 64 : 40)) return null;
  let count = read.u16(header, wide ? 60 : 48);
  let namesIndex = read.u16(header, wide ? 62 : 50);
  if (count === EXTENDED.sections || namesIndex === EXTENDED.names) {
    const first = file.read(offset, entryBytes);
    if (first.length < entryBytes) return null;
    if (count === EXTENDED.sections) count = read.word(first, wide ? 32 : 20, wide);
    if (namesIndex === EXTENDED.names) namesIndex = read.u32(first, wide ? 40 : 24);
  }
  if (count > MAX_SECTIONS || namesIndex >= count) return null;
  const headers = file.read(offset, entryBytes * count);
  if (headers.length < entryBytes * count) return null;
  const table = { headers, entryBytes, names: EMPTY, form };
  const { offset: start, size } = sectionAt(table, namesIndex);
  return size > MAX_NAMES_BYTES ? null : { ...table, names: file.read(start, size) };
}

/** Names may share their ends, so where one begins says nothing; but most executables have none of those asked for. */
export function findSection(table: SectionTable, name: string): Section | null {
  const wanted = Buffer.from(`${name}\0`, 'latin1');
  if (!table.names.includes(wanted)) return null;
  for (let index = 0; (index + 1) * table.entryBytes <= table.headers.length; index += 1) {
    const at = table.form.read.u32(table.headers, index * table.entryBytes);
    if (table.names.subarray(at, at + wanted.length).equals(wanted)) return sectionAt(table, index);
  }
  return null;
}

export function sectionAt({ headers, entryBytes, form: { read, wide } }: SectionTable, index: number): Section {
  const at = index * entryBytes;
  const [address, offset, size] = (wide ? [16, 24, 32] : [12, 16, 20]).map((field) =>
    read.word(headers, at + field, wide),
  ) as [number, number, number];
  const isEmpty = read.u32(headers, at + 4) === NO_BITS;
  return {
    address,
    offset,
    size: isEmpty ? 0 : size,
    memorySize: size,
    link: read.u32(headers, at + (wide ? 40 : 24)),
  };
}
