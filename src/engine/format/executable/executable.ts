import type { FileView } from '../../extractor/file-view.js';

/** A part of an executable: where it is in memory and in the file. Bytes. */
export interface Part {
  address: number;
  memorySize: number;
  offset: number;
  size: number;
}

/** What ELF, PE and Mach-O files have in common, as far as extractors ask. */
export interface Layout {
  /** The section of a name, where there are sections. */
  section(name: string): Part | null;
  /** What is loaded into memory; addresses are looked up in this order. */
  loaded: readonly Part[];
  /** The first part that is writable and no code: Go's linker puts build information near its beginning. */
  data: Part | null;
  /** The notes that are loaded, one behind the other; empty where the format has none. */
  notes(): Buffer;
  /** Symbols with a name of this ending, where there are any and the format's are read: not in stripped programs. */
  symbols(ending: string): NamedPart[];
}

export interface NamedPart extends Pick<Part, 'address' | 'memorySize'> {
  name: string;
}

/**
 * An executable whose headers were read. Addresses above 2^53, as kernels have them, belong to no part. Nothing is read
 * or kept by a size that only a header claims: what a part lacks in the file is not there.
 */
export class Executable {
  constructor(
    private readonly file: FileView,
    private readonly layout: Layout,
  ) {}

  get data(): Part | null {
    return this.layout.data;
  }

  notes(): Buffer {
    return this.layout.notes();
  }

  symbols(ending: string): NamedPart[] {
    return this.layout.symbols(ending);
  }

  section(name: string): Part | null {
    return this.layout.section(name);
  }

  /** The bytes at the beginning of the program, fewer of a shorter one. */
  first(length: number): Buffer {
    return this.file.read(0, length);
  }

  /** The bytes at the end of the program, fewer of a shorter one. */
  last(length: number): Buffer {
    return this.file.read(Math.max(0, this.file.size - length), length);
  }

  /** The bytes that the file has for a part, up to a limit of bytes. */
  content(part: Part, limit: number): Buffer {
    return this.file.read(part.offset, Math.min(part.size, limit));
  }

  /** What the file has from an address on to the end of what is loaded there; null where nothing is. */
  from(address: number): Part | null {
    const part = this.layout.loaded.find((one) => address >= one.address && address - one.address < one.size);
    if (!part) return null;
    const skipped = address - part.address;
    return {
      address,
      memorySize: part.memorySize - skipped,
      offset: part.offset + skipped,
      size: part.size - skipped,
    };
  }

  /** The bytes of [address, address + length), fewer at the end of what is loaded there; empty where nothing is. */
  readAt(address: number, length: number): Buffer {
    const part = this.from(address);
    return part ? this.content(part, length) : EMPTY;
  }
}

const EMPTY = Buffer.alloc(0);

/** Numbers of an executable's headers, in its byte order. Buffers are as long as the format's structure. */
export class HeaderReader {
  constructor(private readonly littleEndian: boolean) {}

  u16(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  u32(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  /** Infinity for a number that is not exact: no file is so long. */
  u64(bytes: Buffer, at: number): number {
    const high = this.u32(bytes, this.littleEndian ? at + 4 : at);
    const low = this.u32(bytes, this.littleEndian ? at : at + 4);
    return high < 2 ** 21 ? high * 2 ** 32 + low : Number.POSITIVE_INFINITY;
  }

  /** A field that is as wide as the machine's addresses. */
  word(bytes: Buffer, at: number, wide: boolean): number {
    return wide ? this.u64(bytes, at) : this.u32(bytes, at);
  }
}
