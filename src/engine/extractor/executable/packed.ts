import type { Executable } from '../../format/executable/executable.js';

/**
 * Whether UPX has compressed a program, which then holds a loader and bytes of which nothing can be read. UPX marks what
 * it may unpack again: behind the headers of ELF and Mach-O (`l_info`), in front of the first section of PE, and at the
 * end, where shared libraries have it too. Programs whose mark was taken out are not told from others, but for the
 * sections of PE.
 */
export function isPacked(program: Executable): boolean {
  if (program.section('UPX0') !== null && program.section('UPX1') !== null) return true;
  return program.first(FIRST_BYTES).includes(MARK) || program.last(LAST_BYTES).includes(MARK);
}

const MARK = Buffer.from('UPX!', 'latin1');
/** It is behind some three segments, or the load commands that a Mach-O program keeps. */
const FIRST_BYTES = 2_048;
/** A header of 32 bytes, the offset of the packed bytes, and in Mach-O what stands behind these. */
const LAST_BYTES = 128;
