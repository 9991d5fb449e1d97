import type { FileView } from '../../extractor/file-view.js';
import { Executable, type Part } from './executable.js';

const MAGIC = 0x0061736d;
const VERSION_1 = 0x01000000;
const HEADER_BYTES = 8;
const CUSTOM = 0;
/** An id, a size and, of custom sections, the length of a name. */
const SECTION_HEAD_BYTES = 11;
/** WebAssembly has 13 kinds of sections; compilers add some for debugging. */
const MAX_SECTIONS = 1_000;
const MAX_NAME_BYTES = 64;

export function isWasm(start: Buffer): boolean {
  return start.length >= HEADER_BYTES && start.readUInt32BE(0) === MAGIC && start.readUInt32BE(4) === VERSION_1;
}

/** WebAssembly binary format 1, §5.5: only custom sections have names. */
export function readWasm(file: FileView): Executable | null {
  if (!isWasm(file.read(0, HEADER_BYTES))) return null;
  const sections = new Map<string, Part>();
  let at = HEADER_BYTES;
  for (let count = 0; count < MAX_SECTIONS && at < file.size; count += 1) {
    const head = file.read(at, SECTION_HEAD_BYTES);
    const size = readLength(head, 1);
    if (size === null) break;
    const start = at + size.next;
    if (head[0] === CUSTOM) {
      const name = readLength(head, size.next);
      if (name === null) break;
      const nameAt = at + name.next;
      const offset = nameAt + name.value;
      if (name.value <= MAX_NAME_BYTES && offset <= start + size.value) {
        const part = { address: 0, memorySize: 0, offset, size: start + size.value - offset };
        sections.set(file.read(nameAt, name.value).toString('latin1'), part);
      }
    }
    at = start + size.value;
  }
  return new Executable(file, {
    section: (name) => sections.get(name) ?? null,
    loaded: [],
    data: null,
    symbols: () => [],
    notes: () => Buffer.alloc(0),
  });
}

/** Unsigned LEB128 of 32 bits. */
function readLength(bytes: Buffer, at: number): { value: number; next: number } | null {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return null;
}
