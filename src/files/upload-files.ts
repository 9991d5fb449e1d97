import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PlimsollError } from '../model/error.js';
import { removeUnchanged } from './temporary-files.js';

/** What clients sent, one file each under `<data folder>/uploads`, named by the upload's id. */
export class UploadFiles {
  private readonly folder: string;

  constructor(
    dataDir: string,
    private readonly maxBytes: number,
  ) {
    this.folder = join(dataDir, 'uploads');
  }

  path(id: string): string {
    return join(this.folder, id);
  }

  /**
   * Streams to disk, hashing on the way; a file is under its name only when it is whole.
   *
   * @throws PlimsollError `payload_too_large`, `invalid_request` (nothing came, or less than was declared), `unavailable`
   */
  async write(id: string, stream: Readable, declaredSize: number | null): Promise<{ size: number; digest: string }> {
    if (declaredSize !== null && declaredSize > this.maxBytes) throw this.tooLarge();
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const part = `${this.path(id)}.part`;
    const hash = createHash('sha256');
    let size = 0;
    const measure = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        size += chunk.length;
        hash.update(chunk);
        done(size > this.maxBytes ? this.tooLarge() : null, chunk);
      },
    });
    try {
      await pipeline(stream, measure, createWriteStream(part, { mode: 0o600, flags: 'wx', flush: true }));
      if (size === 0)
        throw new PlimsollError('invalid_request', 'The upload is empty: send the archive as the request body.');
      await rename(part, this.path(id));
    } catch (error) {
      await rm(part, { force: true });
      throw asUploadError(error);
    }
    return { size, digest: `sha256:${hash.digest('hex')}` };
  }

  async remove(id: string): Promise<void> {
    await rm(this.path(id), { force: true });
  }

  /** Removes parts that nobody has written to for an hour: their request died with a process. */
  async removeAbandoned(now: Date): Promise<void> {
    await removeUnchanged(this.folder, now.getTime() - 3_600_000, '.part');
  }

  private tooLarge(): PlimsollError {
    return new PlimsollError(
      'payload_too_large',
      `The upload is larger than ${this.maxBytes} bytes: raise PLIMSOLL_MAX_UPLOAD_BYTES, or scan it from a folder in PLIMSOLL_IMPORT_DIRS.`,
    );
  }
}

function asUploadError(error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new PlimsollError('unavailable', 'The data folder is full: free space, then upload again.', {
        cause: error,
      });
    case 'ERR_STREAM_PREMATURE_CLOSE':
    case 'ECONNRESET':
      return new PlimsollError('invalid_request', 'The upload ended early: send it again.', { cause: error });
    default:
      return error;
  }
}
