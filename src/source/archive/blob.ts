import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { PlimsollError } from '../../model/error.js';
import { openRegular } from './open-regular.js';

/** Larger reads cost memory and save nothing. */
const READ_SIZE = 256 * 1024;

/** A JSON document of an image (manifest, configuration) over this size is an attack, bytes. */
const MAX_DOCUMENT = 8 * 1024 * 1024;

/** Where a blob's bytes are; can be sent to another thread. */
export interface BlobLocation {
  /** As messages call it. */
  name: string;
  /** Absolute and resolved. */
  path: string;
  /** Bytes, both. */
  offset: number;
  size: number;
}

/** A run of bytes in a local file. */
export class Blob {
  constructor(readonly location: BlobLocation) {}

  get name(): string {
    return this.location.name;
  }

  get size(): number {
    return this.location.size;
  }

  /** @returns null where the file does not exist */
  static async ofFile(path: string, name: string): Promise<Blob | null> {
    try {
      const file = await openRegular(path);
      try {
        return new Blob({ name, path, offset: 0, size: (await file.stat()).size });
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof PlimsollError && error.code === 'path_not_found') return null;
      throw error;
    }
  }

  async use<T>(work: (file: FileHandle) => Promise<T>): Promise<T> {
    const file = await openRegular(this.location.path);
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  }

  /**
   * The bytes in order, in one buffer that is used for each piece again. It blocks.
   *
   * @throws PlimsollError `archive_truncated` when the file has become shorter
   */
  *pieces(file: FileHandle): Generator<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.min(READ_SIZE, this.size));
    for (let done = 0; done < this.size; ) {
      const length = Math.min(buffer.length, this.size - done);
      const count = readSync(file.fd, buffer, 0, length, this.location.offset + done);
      if (count === 0) throw this.endsAfter(done);
      done += count;
      yield buffer.subarray(0, count);
    }
  }

  /** The first bytes; fewer where there are not as many. */
  head(length: number): Promise<Buffer> {
    return this.use((file) => this.read(file, Math.min(length, this.size)));
  }

  /** The first bytes, and the file's identity. */
  look(length: number): Promise<{ head: Buffer; identity: string | null }> {
    return this.use(async (file) => ({
      identity: await this.identity(file),
      head: await this.read(file, Math.min(length, this.size)),
    }));
  }

  /** A document, parsed. @throws PlimsollError `limit_exceeded`, `archive_truncated`, `manifest_invalid`, `digest_mismatch` */
  async json(expectedDigest: string | null): Promise<unknown> {
    const bytes = await this.document();
    if (expectedDigest !== null) {
      const actual = digestOf(bytes, expectedDigest);
      if (actual !== expectedDigest) throw digestMismatch(this.name, expectedDigest, actual);
    }
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch (cause) {
      throw new PlimsollError('manifest_invalid', `${this.name} is not JSON: export the image again.`, { cause });
    }
  }

  /** What changes when the file's content may have changed; null when it is too young to tell. */
  async identity(file: FileHandle): Promise<string | null> {
    const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
    const age = BigInt(Date.now()) * 1_000_000n - ctimeNs;
    if (age < CLOCK_GRANULARITY_NS) return null;
    return [dev, ino, size, mtimeNs, ctimeNs, this.location.offset, this.size].join(':');
  }

  private async document(): Promise<Buffer> {
    if (this.size > MAX_DOCUMENT) {
      const message = `${this.name} has ${this.size} bytes, over the limit of ${MAX_DOCUMENT} for a document.`;
      throw new PlimsollError('limit_exceeded', message);
    }
    const bytes = await this.use((file) => this.read(file, this.size));
    if (bytes.length === this.size) return bytes;
    throw this.endsAfter(bytes.length);
  }

  private endsAfter(bytes: number): PlimsollError {
    const message = `${this.name} ends after ${bytes} of ${this.size} bytes: copy or export the image again.`;
    return new PlimsollError('archive_truncated', message);
  }

  private async read(file: FileHandle, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, this.location.offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }
}

/** File systems with the coarsest clocks count in two seconds: a file that was changed twice within can look unchanged. */
const CLOCK_GRANULARITY_NS = 2_000_000_000n;

/** The digest of bytes by the algorithm of another digest. */
function digestOf(bytes: Buffer, like: string): string {
  const algorithm = like.slice(0, like.indexOf(':'));
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

export function digestMismatch(name: string, expected: string, actual: string): PlimsollError {
  const message = `${name} should have the digest ${expected} but has ${actual}: it was damaged or changed. Export or pull the image again.`;
  return new PlimsollError('digest_mismatch', message);
}
