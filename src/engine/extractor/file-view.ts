/**
 * One file that an extractor reads, at any place of it. The engine opens nothing: small files are in memory, large ones
 * where the source put them. Buffers are valid only while the extractor runs.
 */
export interface FileView {
  /** Without leading slash. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes of [offset, offset + length), fewer at the end of the file. */
  read(offset: number, length: number): Buffer;
}

/** A file in memory. */
export class MemoryFile implements FileView {
  constructor(
    readonly path: string,
    private readonly bytes: Buffer,
  ) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Buffer {
    return this.bytes.subarray(offset, offset + length);
  }
}

/** The whole file, for formats that are read from front to back; `Extractor.maxBytes` bounds it. */
export function contentOf(file: FileView): Buffer {
  return file.read(0, file.size);
}

/** Where bodies wait that are too large for memory, one after the other. */
export interface Spool {
  write(chunk: Buffer): void;
  /** What was written since the last `clear`, as a file. */
  view(path: string): FileView;
  clear(): void;
}
