import type { FileView } from '../../extractor/file-view.js';
import { type ElfForm, findSection, readSections } from './elf-sections.js';
import { symbolsEndingIn } from './elf-symbols.js';
import { Executable, HeaderReader, type Part } from './executable.js';

const MAGIC = 0x7f454c46;
const HEADER_BYTES = 64;
const TYPE = { executable: 2, shared: 3 };
const SEGMENT = { load: 1, note: 4 };
const FLAG = { execute: 1, write: 2 };
/** Linux takes no more headers of segments, and of no other length. */
const MAX_SEGMENTS_BYTES = 65_536;
/** All notes of an executable together are some hundred bytes. */
const MAX_NOTES_BYTES = 64 * 1024;

export function isElf(start: Buffer): boolean {
  return start.length >= 4 && start.readUInt32BE(0) === MAGIC;
}

/**
 * ELF, System V ABI chapters 4 and 5, of either class and byte order. The kernel looks at no section, so sections that
 * cannot be read are taken for none. Null for objects, core dumps, and headers that no loader would take.
 */
export function readElf(file: FileView): Executable | null {
  const header = file.read(0, HEADER_BYTES);
  if (header.length < 52 || !isElf(header)) return null;
  const wide = header[4] === 2;
  const littleEndian = header[5] === 1;
  if ((!wide && header[4] !== 1) || (!littleEndian && header[5] !== 2) || (wide && header.length < 64)) return null;
  const read = new HeaderReader(littleEndian);
  const type = read.u16(header, 16);
  if (type !== TYPE.executable && type !== TYPE.shared) return null;
  const form: ElfForm = { read, wide };
  const segments = readSegments(file, header, form);
  if (segments === null) return null;
  const sections = readSections(file, header, form);
  return new Executable(file, {
    section: (name) => (sections ? findSection(sections, name) : null),
    loaded: segments.filter(({ type: kind }) => kind === SEGMENT.load),
    data:
      segments.find((one) => one.type === SEGMENT.load && (one.flags & (FLAG.execute | FLAG.write)) === FLAG.write) ??
      null,
    symbols: (ending) => (sections ? symbolsEndingIn(file, sections, ending) : []),
    notes: () => readNotes(file, segments),
  });
}

interface Segment extends Part {
  type: number;
  flags: number;
}

function readSegments(file: FileView, header: Buffer, { read, wide }: ElfForm): Segment[] | null {
  const offset = read.word(header, wide ? 32 : 28, wide);
  const entryBytes = read.u16(header, wide ? 54 : 42);
  const count = read.u16(header, wide ? 56 : 44);
  if (entryBytes !== (wide ? 56 : 32) || entryBytes * count > MAX_SEGMENTS_BYTES) return null;
  const table = file.read(offset, entryBytes * count);
  if (table.length < entryBytes * count) return null;
  return Array.from({ length: count }, (_, index): Segment => {
    const at = index * entryBytes;
    return wide
      ? {
          type: read.u32(table, at),
          flags: read.u32(table, at + 4),
          offset: read.u64(table, at + 8),
          address: read.u64(table, at + 16),
          size: read.u64(table, at + 32),
          memorySize: read.u64(table, at + 40),
        }
      : {
          type: read.u32(table, at),
          offset: read.u32(table, at + 4),
          address: read.u32(table, at + 8),
          size: read.u32(table, at + 16),
          memorySize: read.u32(table, at + 20),
          flags: read.u32(table, at + 24),
        };
  });
}

function readNotes(file: FileView, segments: readonly Segment[]): Buffer {
  const notes = segments.filter(({ type }) => type === SEGMENT.note);
  return Buffer.concat(
    notes.slice(0, 16).map(({ offset, size }) => file.read(offset, Math.min(size, MAX_NOTES_BYTES))),
  );
}
