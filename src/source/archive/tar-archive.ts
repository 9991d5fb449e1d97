import type { FileHandle } from 'node:fs/promises';
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

export function notAnArchive(name: string): PlimsollError {
  const message = `${name} is no tar archive: expected what "docker save", "skopeo copy" or "tar" writes, plain or compressed with gzip or zstd.`;
  return new PlimsollError('not_an_archive', message);
}
