import { join } from 'node:path';
import { Blob } from './blob.js';

/** The files of an image in the form it was stored in: a folder, or the members of an archive. */
export interface ImageFiles {
  /** As messages call it. */
  readonly name: string;
  /** @param name relative, without `..`; null when it is not there */
  get(name: string): Promise<Blob | null>;
}

/** An OCI layout that is a folder. A file that is a link is refused: it could lead anywhere. */
export class FolderFiles implements ImageFiles {
  /** @param name absolute and resolved path */
  constructor(readonly name: string) {}

  get(name: string): Promise<Blob | null> {
    return Blob.ofFile(join(this.name, name), `${name} of ${this.name}`);
  }
}
