import type { FileView } from '../../extractor/file-view.js';
import { FileSlice } from '../file-slice.js';
import { Executable, HeaderReader, type Part } from './executable.js';

/** As read big-endian; `swapped` are files of little-endian machines. */
const MAGIC = { narrow: 0xfeedface, wide: 0xfeedfacf, swappedNarrow: 0xcefaedfe, swappedWide: 0xcffaedfe };
const FAT = { narrow: 0xcafebabe, wide: 0xcafebabf };
/** Java classes have the same magic, and behind it their version: 45 or more. */
const MAX_PROGRAMS = 44;
const COMMAND = { segment: 1, segment64: 0x19 };
const OBJECT_FILE = 1;
const READ_WRITE = 3;
const MAX_COMMANDS_BYTES = 1024 * 1024;

export function isMachO(start: Buffer): boolean {
  if (start.length < 8) return false;
  const magic = start.readUInt32BE(0);
  if (magic === FAT.narrow || magic === FAT.wide) {
    const programs = start.readUInt32BE(4);
    return programs > 0 && programs <= MAX_PROGRAMS;
  }
  return Object.values(MAGIC).includes(magic);
}

/** Mach-O, mach-o/loader.h, and the programs of a universal binary, mach-o/fat.h. */
export function readMachO(file: FileView): Executable[] {
  const start = file.read(0, 8);
  if (!isMachO(start)) return [];
  const magic = start.readUInt32BE(0);
  if (magic !== FAT.narrow && magic !== FAT.wide) return listOf(readProgram(file));
  const wide = magic === FAT.wide;
  const entryBytes = wide ? 32 : 20;
  const table = file.read(8, start.readUInt32BE(4) * entryBytes);
  const read = new HeaderReader(false);
  const programs: Executable[] = [];
  let end = 8 + table.length;
  for (let at = 0; at + entryBytes <= table.length; at += entryBytes) {
    const offset = read.word(table, at + 8, wide);
    const size = read.word(table, at + (wide ? 16 : 12), wide);
    // Programs that share bytes would have the reader search these again and again.
    if (offset < end || offset >= file.size) continue;
    programs.push(...listOf(readProgram(new FileSlice(file, offset, size))));
    end = offset + size;
  }
  return programs;
}

interface Section extends Part {
  name: string;
}

interface Segment extends Part {
  name: string;
  isData: boolean;
}

function readProgram(file: FileView): Executable | null {
  const header = file.read(0, 32);
  if (header.length < 32) return null;
  const magic = header.readUInt32BE(0);
  if (!Object.values(MAGIC).includes(magic)) return null;
  const wide = magic === MAGIC.wide || magic === MAGIC.swappedWide;
  const read = new HeaderReader(magic === MAGIC.swappedNarrow || magic === MAGIC.swappedWide);
  const commandsBytes = read.u32(header, 20);
  if (read.u32(header, 12) === OBJECT_FILE || commandsBytes > MAX_COMMANDS_BYTES) return null;
  const commands = file.read(wide ? 32 : 28, commandsBytes);
  const segments: Segment[] = [];
  const sections: Section[] = [];
  for (let at = 0; at + 8 <= commands.length; ) {
    const bytes = read.u32(commands, at + 4);
    if (bytes < 8) break;
    if (read.u32(commands, at) === (wide ? COMMAND.segment64 : COMMAND.segment)) {
      readSegment(commands.subarray(at, at + bytes), read, wide, segments, sections);
    }
    at += bytes;
  }
  return new Executable(file, {
    section: (name) => sections.find((section) => section.name === name) ?? null,
    loaded: segments.filter(({ name }) => name !== '__PAGEZERO'),
    data: segments.find(({ isData, address, size }) => isData && address !== 0 && size !== 0) ?? null,
    symbols: () => [],
    notes: () => Buffer.alloc(0),
  });
}

function listOf(program: Executable | null): Executable[] {
  return program === null ? [] : [program];
}

function readSegment(
  command: Buffer,
  read: HeaderReader,
  wide: boolean,
  segments: Segment[],
  sections: Section[],
): void {
  const headBytes = wide ? 72 : 56;
  if (command.length < headBytes) return;
  const step = wide ? 8 : 4;
  const [address, memorySize, offset, size] = [0, 1, 2, 3].map((index) =>
    read.word(command, 24 + index * step, wide),
  ) as [number, number, number, number];
  const rights = 24 + 4 * step;
  const isData = read.u32(command, rights) === READ_WRITE && read.u32(command, rights + 4) === READ_WRITE;
  segments.push({ name: nameAt(command, 8), address, memorySize, offset, size, isData });
  const sectionBytes = wide ? 80 : 68;
  for (let at = headBytes; at + sectionBytes <= command.length; at += sectionBytes) {
    const bytes = read.word(command, at + 32 + step, wide);
    const place = read.u32(command, at + 32 + 2 * step);
    sections.push({
      name: nameAt(command, at),
      address: read.word(command, at + 32, wide),
      memorySize: bytes,
      size: bytes,
      offset: place,
    });
  }
}

function nameAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 16).split('\0', 1)[0] ?? '';
}
