import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  BLOCK,
  corrupt,
  isZeroBlock,
  normalisePath,
  parseHeader,
  type TarHeader,
} from '../../engine/layer/tar-header.js';
import { checkAttributeSize, entryOf, readAttribute } from '../../engine/layer/tar-reader.js';
import { PlimsollError } from '../../model/error.js';
import { Blob } from './blob.js';
import { compressionOf, decompress, isReadable, MAGIC_LENGTH } from './decompress.js';
import type { ImageFiles } from './image-files.js';
import { openRegular } from './open-regular.js';

/** An image archive has a few members for each layer; more is a root file system, or an attack. */
const MAX_MEMBERS = 10_000;
const MAX_LINKS = 16;

/** The members of a plain tar archive by name, found by jumping from header to header. */
export class TarArchive implements ImageFiles {
  private readonly members = new Map<string, Blob>();
  private readonly links = new Map<string, string>();
  private overrides = new Map<string, string>();

  private constructor(
    readonly name: string,
    private readonly path: string,
  ) {}

  /**
   * @param path absolute and resolved
   * @param name as messages call it
   * @throws PlimsollError `not_an_archive`, `archive_truncated`, `archive_corrupt`, `limit_exceeded`
   */
  static async open(path: string, name: string): Promise<TarArchive> {
    const archive = new TarArchive(name, path);
    const file = await openRegular(path);
    try {
      await archive.index(file, (await file.stat()).size);
    } finally {
      await file.close();
    }
    return archive;
  }

  /** As `open`; null for an archive with more members than any image has. */
  static async openSmall(path: string, name: string): Promise<TarArchive | null> {
    try {
      return await TarArchive.open(path, name);
    } catch (error) {
      if (error instanceof PlimsollError && error.code === 'limit_exceeded') return null;
      throw error;
    }
  }

  /** A member by its name, or by that of a link to it. */
  async get(name: string): Promise<Blob | null> {
    let path = normalisePath(name);
    for (let followed = 0; followed <= MAX_LINKS; followed += 1) {
      const member = this.members.get(path);
      if (member) return member;
      const target = this.links.get(path);
      if (target === undefined) return null;
      path = target;
    }
    return null;
  }

  private async index(file: FileHandle, size: number): Promise<void> {
    if (size < BLOCK) throw notAnArchive(this.name);
    const block = Buffer.alloc(BLOCK);
    for (let at = 0, count = 0; at < size; count += 1) {
      if (count > MAX_MEMBERS) {
        const message = `${this.name} has more than ${MAX_MEMBERS} members, which no image archive has: is it a root file system? Then scan rootfs:PATH.`;
        throw new PlimsollError('limit_exceeded', message);
      }
      const { bytesRead } = await file.read(block, 0, BLOCK, at);
      if (bytesRead < BLOCK) throw this.truncated();
      if (isZeroBlock(block, 0)) return;
      const header = parseHeader(block, 0);
      if (!header && count === 0) throw notAnArchive(this.name);
      if (!header || header.extended) throw corrupt(`${this.name} has no valid header at byte ${at}`);
      at += BLOCK + (await this.addMember(file, header, at + BLOCK, size));
    }
  }

  /** @returns bytes to the next header */
  private async addMember(file: FileHandle, header: TarHeader, data: number, end: number): Promise<number> {
    const { type } = header;
    const isAttribute = type === 'pax' || type === 'longname' || type === 'longlink';
    const entry = isAttribute || type === 'paxglobal' ? null : entryOf(header, this.overrides);
    const size = entry?.size ?? header.size;
    if (data + size > end) throw this.truncated();
    if (isAttribute) {
      checkAttributeSize(size);
      const { buffer } = await file.read(Buffer.alloc(size), 0, size, data);
      readAttribute(this.overrides, type, buffer);
    }
    if (entry) {
      this.overrides = new Map();
      const { path, linkName } = entry;
      this.members.delete(path);
      this.links.delete(path);
      if (entry.type === 'file') this.members.set(path, this.blob(path, data, size));
      else if (entry.type === 'hardlink') this.links.set(path, normalisePath(linkName));
      else if (entry.type === 'symlink') {
        this.links.set(path, normalisePath(linkName.startsWith('/') ? linkName : `${path}/../${linkName}`));
      }
    }
    return Math.ceil(size / BLOCK) * BLOCK;
  }

  private blob(member: string, offset: number, size: number): Blob {
    return new Blob({ name: `${member} of ${this.name}`, path: this.path, offset, size });
  }

  private truncated(): PlimsollError {
    const message = `${this.name} ends in the middle of a member: copy or export it again.`;
    return new PlimsollError('archive_truncated', message);
  }
}

/** `docker save | gzip` of an archive that was compressed already happens; more is an attack. */
const MAX_LEVELS = 2;

export interface UnpackOptions {
  tempDir: string;
  signal: AbortSignal;
  maxBytes: number;
  /** Called with how many stored bytes were unpacked since the last call, and how many there are. */
  onRead(count: number, total: number): void;
  /** How often it may be compressed. */
  levels?: number;
}

/**
 * Lends an archive in a form that can be read at any place: a compressed one is unpacked into a temporary file for as
 * long as `use` takes.
 *
 * @param path absolute and resolved
 */
export async function uncompressed<T>(
  path: string,
  name: string,
  options: UnpackOptions,
  use: (plainPath: string) => Promise<T>,
): Promise<T> {
  const { levels = MAX_LEVELS } = options;
  const blob = await Blob.ofFile(path, name);
  if (!blob) throw new PlimsollError('path_not_found', `There is no ${path}: check the path after the transport.`);
  const compression = compressionOf(await blob.head(MAGIC_LENGTH));
  if (compression === 'none') return use(path);
  if (levels === 0) throw notAnArchive(name);
  if (!isReadable(compression)) {
    const message = `${name} is compressed with ${compression}, which is not read: store it plain, or with gzip or zstd.`;
    throw new PlimsollError('not_an_archive', message);
  }
  await mkdir(options.tempDir, { recursive: true, mode: 0o700 });
  const temporary = join(options.tempDir, randomUUID());
  try {
    await blob.use((file) => {
      const input = blob.stream(file, options.signal);
      const plain = decompress(input, compression, name, ({ length }) => options.onRead(length, blob.size));
      const output = createWriteStream(temporary, { flags: 'wx', mode: 0o600, highWaterMark: 2 ** 20 });
      return pipeline(checked(plain, options.maxBytes, name), output);
    });
    return await uncompressed(temporary, name, { ...options, onRead: () => undefined, levels: levels - 1 }, use);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    const message = `There is no space left to unpack ${name} in ${options.tempDir}: make space, or store the archive uncompressed.`;
    throw new PlimsollError('limit_exceeded', message, { cause: error });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What is no tar is refused before it fills the disk. */
async function* checked(chunks: AsyncIterable<Buffer>, maxBytes: number, name: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    if (bytes === 0 && !mayBeArchive(chunk)) throw notAnArchive(name);
    bytes += chunk.length;
    if (bytes > maxBytes) {
      const message = `${name} unpacks to more than ${maxBytes} bytes: raise PLIMSOLL_MAX_LAYER_BYTES if that is right.`;
      throw new PlimsollError('limit_exceeded', message);
    }
    yield chunk;
  }
}

function mayBeArchive(start: Buffer): boolean {
  if (start.length < BLOCK || compressionOf(start) !== 'none') return true;
  return isZeroBlock(start, 0) || parseHeader(start, 0) !== null;
}

export function notAnArchive(name: string): PlimsollError {
  const message = `${name} is no tar archive: expected what "docker save", "skopeo copy" or "tar" writes, plain or compressed with gzip or zstd.`;
  return new PlimsollError('not_an_archive', message);
}
