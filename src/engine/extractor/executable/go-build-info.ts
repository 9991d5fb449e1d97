import type { Executable, Part } from '../../format/executable/executable.js';

/** What Go's linker writes into a program: `go1.21.3`, and lines about its modules, which may be empty. */
export interface GoBuildInfo {
  version: string;
  lines: string;
}

/** Of a program that was surely built by Go, but has no build information that can be read. */
export const UNREADABLE = 'unreadable';

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const ALIGNMENT = 16;
const HEADER_BYTES = 32;
/** Offsets in the header. */
const AT = { pointerBytes: 14, flags: 15, pointers: 16 };
const FLAG = { bigEndian: 1, inline: 2 };
/** Its own section: in ELF, and in Mach-O. Elsewhere it is in the data segment. */
const SECTIONS = ['.go.buildinfo', '__go_buildinfo'];
const SEARCH_BYTES = 1024 * 1024;
/** Of one text. Real ones are below 200 KB. */
const MAX_TEXT_BYTES = 8 * 1024 * 1024;
const MAX_VARINT_BYTES = 10;
/** The lines stand between two marks of so many bytes. */
const MARK_BYTES = 16;
const NEWLINE = 0x0a;

/**
 * Build information as the Go package debug/buildinfo finds it: texts behind the header since Go 1.18, pointers to
 * strings before. It is there in stripped programs too. Null for programs of other languages.
 */
export function readGoBuildInfo(program: Executable): GoBuildInfo | typeof UNREADABLE | null {
  const named = SECTIONS.map((name) => program.section(name)).find((section) => section !== null);
  const part = named ?? program.data;
  const address = part ? findHeader(program, part) : null;
  if (address === null) return named || isBuiltByGo(program) ? UNREADABLE : null;
  const header = program.readAt(address, HEADER_BYTES);
  const texts = (header[AT.flags] ?? 0) & FLAG.inline ? inlineTexts(program, address) : pointedTexts(program, header);
  return texts === null || texts.version === '' ? UNREADABLE : texts;
}

/** The address of the first header that is aligned as the linker does it, by address. */
function findHeader(program: Executable, { address, memorySize }: Part): number | null {
  const start = Math.ceil(address / ALIGNMENT) * ALIGNMENT;
  const rest = program.from(start);
  if (rest === null) return null;
  const length = Math.min(rest.size, address + memorySize - start);
  for (let done = 0; done < length; done += SEARCH_BYTES) {
    const chunk = program.readAt(start + done, Math.min(SEARCH_BYTES, length - done));
    for (let at = chunk.indexOf(MAGIC); at >= 0; at = chunk.indexOf(MAGIC, at + 1)) {
      if (at % ALIGNMENT === 0) return length - done - at >= HEADER_BYTES ? start + done + at : null;
    }
    if (chunk.length < SEARCH_BYTES) break;
  }
  return null;
}

function inlineTexts(program: Executable, address: number): GoBuildInfo | null {
  const version = inlineText(program, address + HEADER_BYTES);
  const lines = version && inlineText(program, version.next);
  return version && lines && { version: version.text.toString('utf8'), lines: withoutMarks(lines.text) };
}

/** A length as varint of encoding/binary, and so many bytes. */
function inlineText(program: Executable, address: number): { text: Buffer; next: number } | null {
  const head = program.readAt(address, MAX_VARINT_BYTES);
  let length = 0;
  let index = 0;
  for (let byte = 0x80; byte >= 0x80; index += 1) {
    byte = head[index] ?? -1;
    if (byte < 0) return null;
    length += (byte & 0x7f) * 2 ** (7 * index);
  }
  if (length > MAX_TEXT_BYTES) return null;
  const text = program.readAt(address + index, length);
  return text.length < length ? null : { text, next: address + index + length };
}

function pointedTexts(program: Executable, header: Buffer): GoBuildInfo | null {
  const bytes = header[AT.pointerBytes];
  if (bytes !== 4 && bytes !== 8) return null;
  const bigEndian = ((header[AT.flags] ?? 0) & FLAG.bigEndian) !== 0;
  const pointer = (from: Buffer, at: number) => readPointer(from, at, bytes, bigEndian);
  const [version, lines] = [AT.pointers, AT.pointers + bytes].map((at) => {
    const string = program.readAt(pointer(header, at), 2 * bytes);
    if (string.length < 2 * bytes) return Buffer.alloc(0);
    const length = pointer(string, bytes);
    if (length > MAX_TEXT_BYTES) return Buffer.alloc(0);
    const text = program.readAt(pointer(string, 0), length);
    return text.length < length ? Buffer.alloc(0) : text;
  }) as [Buffer, Buffer];
  return { version: version.toString('utf8'), lines: withoutMarks(lines) };
}

/** Infinity for a number above 2^53, which is nowhere. */
function readPointer(from: Buffer, at: number, bytes: 4 | 8, bigEndian: boolean): number {
  if (bytes === 4) return bigEndian ? from.readUInt32BE(at) : from.readUInt32LE(at);
  const value = bigEndian ? from.readBigUInt64BE(at) : from.readBigUInt64LE(at);
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : Number.POSITIVE_INFINITY;
}

function withoutMarks(text: Buffer): string {
  if (text.length < 2 * MARK_BYTES + 1 || text[text.length - MARK_BYTES - 1] !== NEWLINE) return '';
  return text.toString('utf8', MARK_BYTES, text.length - MARK_BYTES);
}

/** A note of type 4 and name "Go", in either byte order. */
const BUILD_ID_NOTES = ['\x04\0\0\0Go\0\0', '\0\0\0\x04Go\0\0'].map((note) => Buffer.from(note, 'latin1'));

/** Go before 1.13 wrote no build information, but notes and tables of its own. */
function isBuiltByGo(program: Executable): boolean {
  const notes = program.notes();
  return (
    BUILD_ID_NOTES.some((note) => notes.includes(note)) ||
    program.section('.gopclntab') !== null ||
    program.section('__gopclntab') !== null
  );
}
