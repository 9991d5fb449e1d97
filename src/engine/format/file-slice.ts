import type { FileView } from '../extractor/file-view.js';

/** A range of another file, as a file: a program of a universal binary, a stored entry of an archive. */
export class FileSlice implements FileView {
  readonly size: number;

  /** @param size bytes, fewer where the file ends before */
  constructor(
    private readonly file: FileView,
    private readonly offset: number,
    size: number,
    readonly path: string = file.path,
  ) {
    this.size = Math.max(0, Math.min(size, file.size - offset));
  }

  read(offset: number, length: number): Buffer {
    return this.file.read(this.offset + offset, Math.max(0, Math.min(length, this.size - offset)));
  }
}
