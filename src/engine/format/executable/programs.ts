import type { FileView } from '../../extractor/file-view.js';
import { isElf, readElf } from './elf.js';
import type { Executable } from './executable.js';
import { isMachO, readMachO } from './mach-o.js';
import { isPe, readPe } from './pe.js';
import { isWasm, readWasm } from './wasm.js';

/** @param start the first 64 bytes of a file, fewer of a shorter one */
export function isProgram(start: Buffer): boolean {
  switch (start[0]) {
    case 0x7f:
      return isElf(start);
    case 0x4d:
      return isPe(start);
    case 0x00:
      return isWasm(start);
    case 0xca:
    case 0xce:
    case 0xcf:
    case 0xfe:
      return isMachO(start);
    default:
      return false;
  }
}

/** The programs of a file: more than one of a universal binary, none where the headers make no sense. */
export function programsOf(file: FileView): Executable[] {
  const start = file.read(0, 64);
  if (isElf(start)) return listOf(readElf(file));
  if (isPe(start)) return listOf(readPe(file));
  if (isWasm(start)) return listOf(readWasm(file));
  return readMachO(file);
}

function listOf(program: Executable | null): Executable[] {
  return program === null ? [] : [program];
}
