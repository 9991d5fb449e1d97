import type { FileView } from '../../extractor/file-view.js';
import { Executable, HeaderReader, type Part } from './executable.js';

const DOS_HEADER_BYTES = 64;
const PE_OFFSET_AT = 60;
const SIGNATURE = 0x00004550;
/** The signature and the COFF header behind it. */
const COFF_BYTES = 24;
const SECTION_BYTES = 40;
const OPTIONAL = { magic32: 0x10b, magic64: 0x20b };
/** Initialised data, readable and writable. */
const WRITABLE_DATA = 0xc0000040;
/** What the linkers of Go write beside these. */
const ALIGNMENT = 0x00600000;

/** The file's start tells where its PE header is: DOS programs and other files that begin with "MZ" have none. */
export function isPe(start: Buffer): boolean {
  if (start.length < DOS_HEADER_BYTES || start[0] !== 0x4d || start[1] !== 0x5a) return false;
  const offset = start.readUInt32LE(PE_OFFSET_AT);
  return offset >= 4 && offset < 2 ** 20;
}

/** PE format of Windows (32 and 64 bits), to the section headers; null for anything else that begins with "MZ". */
export function readPe(file: FileView): Executable | null {
  const start = file.read(0, DOS_HEADER_BYTES);
  if (!isPe(start)) return null;
  const at = start.readUInt32LE(PE_OFFSET_AT);
  const coff = file.read(at, COFF_BYTES);
  if (coff.length < COFF_BYTES || coff.readUInt32LE(0) !== SIGNATURE) return null;
  const optionalBytes = coff.readUInt16LE(20);
  const base = imageBase(file.read(at + COFF_BYTES, Math.min(optionalBytes, 32)));
  const count = coff.readUInt16LE(6);
  const table = file.read(at + COFF_BYTES + optionalBytes, count * SECTION_BYTES);
  if (base === null || table.length < count * SECTION_BYTES) return null;
  const sections = Array.from({ length: count }, (_, index) =>
    readSection(table.subarray(index * SECTION_BYTES, (index + 1) * SECTION_BYTES), base),
  );
  return new Executable(file, {
    section: (name) => sections.find((section) => section.name === name) ?? null,
    loaded: sections,
    data: sections.find(isWritableData) ?? null,
    symbols: () => [],
    notes: () => Buffer.alloc(0),
  });
}

interface Section extends Part {
  name: string;
  characteristics: number;
  relativeAddress: number;
}

function imageBase(optional: Buffer): number | null {
  if (optional.length < 32) return null;
  const magic = optional.readUInt16LE(0);
  if (magic === OPTIONAL.magic64) return new HeaderReader(true).u64(optional, 24);
  return magic === OPTIONAL.magic32 ? optional.readUInt32LE(28) : null;
}

function readSection(header: Buffer, base: number): Section {
  const relativeAddress = header.readUInt32LE(12);
  return {
    name: header.toString('latin1', 0, 8).replace(/\0+$/, ''),
    relativeAddress,
    address: base + relativeAddress,
    memorySize: header.readUInt32LE(8),
    size: header.readUInt32LE(16),
    offset: header.readUInt32LE(20),
    characteristics: header.readUInt32LE(36),
  };
}

function isWritableData({ relativeAddress, size, characteristics }: Section): boolean {
  return relativeAddress !== 0 && size !== 0 && (characteristics & ~ALIGNMENT) >>> 0 === WRITABLE_DATA;
}
