import { PlimsollError } from '../../model/error.js';
import {
  BLOCK,
  corrupt,
  isMapContinued,
  isZeroBlock,
  normalisePath,
  parseHeader,
  parsePax,
  type TarHeader,
} from './tar-header.js';

/** One file, folder or link of an archive. */
export interface TarEntry {
  type: 'file' | 'hardlink' | 'symlink' | 'directory' | 'other';
  /** Normalised, without leading slash. */
  path: string;
  linkName: string;
  /** Bytes. */
  size: number;
  /** Its data is in a sparse form that is not put together here. */
  sparse: boolean;
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  mode: number;
  uid: number;
  gid: number;
  /** It has file capabilities, capabilities(7), which give privileges as setuid does. */
  capabilities: boolean;
}

export interface TarHandler {
  /** Whether the entry's data is wanted; without it the data is skipped. */
  entry(entry: TarEntry): boolean;
  /** A piece of a wanted entry's data; valid only during the call. */
  data(chunk: Buffer): void;
  /** The end of a wanted entry, also of an empty one. */
  endEntry(): void;
}

/** A name or attribute over this size is an attack, bytes. */
const MAX_ATTRIBUTE = 1024 * 1024;

/**
 * A tar archive as it arrives, in chunks of any size. Memory is a block and the longest name. Where POSIX leaves a
 * choice it chooses as Go's archive/tar, which container engines unpack with: global pax headers are not applied, a
 * hard link has no data, and what comes after the end mark is not part of the archive.
 */
export class TarReader {
  private state: 'header' | 'map' | 'data' | 'skip' | 'attribute' | 'ended' = 'header';
  /** A header that is split over chunks. */
  private readonly block = Buffer.alloc(BLOCK);
  private filled = 0;
  /** Bytes of the current data, and of the padding behind it, that are still to come. */
  private remaining = 0;
  private padding = 0;
  /** What comes after the map of a sparse file. */
  private afterMap: { size: number; state: 'data' | 'skip' | 'attribute' } | null = null;
  private attribute: { type: TarHeader['type']; chunks: Buffer[] } | null = null;
  /** Attributes of the next entry, by their pax names. */
  private overrides = new Map<string, string>();
  private zeroBlocks = 0;
  private headers = 0;
  private bytes = 0;
  private path = '';

  constructor(private readonly handler: TarHandler) {}

  /** @throws PlimsollError `layer_not_a_tar`, `archive_corrupt`, `limit_exceeded` */
  write(chunk: Buffer): void {
    this.bytes += chunk.length;
    let at = 0;
    while (at < chunk.length && this.state !== 'ended') {
      if (this.remaining > 0) at = this.takeData(chunk, at);
      else if (this.padding > 0) {
        const skipped = Math.min(this.padding, chunk.length - at);
        this.padding -= skipped;
        at += skipped;
      } else at = this.takeBlock(chunk, at);
    }
  }

  /** @throws PlimsollError `archive_truncated`, or `layer_not_a_tar` when not even one block came */
  end(): void {
    if (this.state === 'ended' || this.bytes === 0) return;
    const isBetweenEntries = this.state === 'header' && this.filled === 0 && this.overrides.size === 0;
    if (isBetweenEntries && this.padding === 0) return;
    if (this.headers === 0) throw notATar();
    const where = this.path === '' ? 'its first header' : this.path;
    throw new PlimsollError(
      'archive_truncated',
      `The tar archive ends in the middle of ${where}: copy or export it again.`,
    );
  }

  private takeData(chunk: Buffer, at: number): number {
    const end = Math.min(at + this.remaining, chunk.length);
    this.remaining -= end - at;
    if (this.state === 'data') this.handler.data(chunk.subarray(at, end));
    else if (this.state === 'attribute') this.attribute?.chunks.push(Buffer.from(chunk.subarray(at, end)));
    if (this.remaining === 0) this.endData();
    return end;
  }

  private endData(): void {
    const { state } = this;
    this.state = 'header';
    if (state === 'data') this.handler.endEntry();
    else if (state === 'attribute') this.endAttribute();
  }

  private endAttribute(): void {
    if (!this.attribute) return;
    const { type, chunks } = this.attribute;
    this.attribute = null;
    readAttribute(this.overrides, type, Buffer.concat(chunks));
  }

  private takeBlock(chunk: Buffer, at: number): number {
    if (this.filled === 0 && chunk.length - at >= BLOCK) {
      this.onBlock(chunk, at);
      return at + BLOCK;
    }
    const taken = Math.min(BLOCK - this.filled, chunk.length - at);
    chunk.copy(this.block, this.filled, at, at + taken);
    this.filled += taken;
    if (this.filled === BLOCK) {
      this.filled = 0;
      this.onBlock(this.block, 0);
    }
    return at + taken;
  }

  private onBlock(bytes: Buffer, at: number): void {
    if (this.state === 'map') {
      if (!isMapContinued(bytes, at)) this.endMap();
    } else if (bytes[at] === 0 && isZeroBlock(bytes, at)) {
      this.zeroBlocks += 1;
      if (this.zeroBlocks === 2) this.state = 'ended';
    } else {
      const header = parseHeader(bytes, at);
      if (!header && this.headers === 0) throw notATar();
      if (!header || this.zeroBlocks > 0) throw corrupt(`there is no valid header after ${this.path || 'the first'}`);
      this.headers += 1;
      this.begin(header);
    }
  }

  private begin(header: TarHeader): void {
    const { type } = header;
    if (type === 'longname' || type === 'longlink' || type === 'pax') {
      checkAttributeSize(header.size);
      this.attribute = { type, chunks: [] };
      this.follow(header.size, 'attribute');
      return;
    }
    if (type === 'paxglobal') {
      this.follow(header.size, 'skip');
      return;
    }
    const entry = entryOf(header, this.overrides);
    if (this.overrides.size > 0) this.overrides = new Map();
    this.path = entry.path;
    const wanted = this.handler.entry(entry);
    this.follow(entry.size, wanted ? 'data' : 'skip', header.extended);
  }

  private follow(size: number, state: 'data' | 'skip' | 'attribute', hasMap = false): void {
    this.state = state;
    if (hasMap) {
      this.afterMap = { size, state };
      this.state = 'map';
      return;
    }
    this.remaining = size;
    this.padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (size === 0) this.endData();
  }

  private endMap(): void {
    if (this.afterMap) this.follow(this.afterMap.size, this.afterMap.state);
  }
}

/** Adds what a header of attributes says of the entry after it. */
export function readAttribute(overrides: Map<string, string>, type: TarHeader['type'], data: Buffer): void {
  if (type === 'pax') for (const [key, value] of parsePax(data)) overrides.set(key, value);
  else overrides.set(type === 'longname' ? 'path' : 'linkpath', data.toString('utf8').replace(/\0.*$/s, ''));
}

/** @throws PlimsollError `limit_exceeded` */
export function checkAttributeSize(size: number): void {
  if (size <= MAX_ATTRIBUTE) return;
  const message = `The tar archive has a name or attribute of ${size} bytes, over the limit of ${MAX_ATTRIBUTE}: no image has that.`;
  throw new PlimsollError('limit_exceeded', message);
}

/** An entry from its header and the attributes that came before it. @throws PlimsollError `archive_corrupt` */
export function entryOf(header: TarHeader, overrides: ReadonlyMap<string, string>): TarEntry {
  const { linkName, size, mode, uid, gid } = header;
  const isSparse = header.type === 'sparse';
  const type = isSparse ? 'file' : (header.type as TarEntry['type']);
  if (overrides.size === 0) {
    const path = normalisePath(header.path);
    return { type, path, linkName, size, sparse: isSparse, mode, uid, gid, capabilities: false };
  }
  return {
    type,
    path: normalisePath(overrides.get('GNU.sparse.name') ?? overrides.get('path') ?? header.path),
    linkName: overrides.get('linkpath') ?? linkName,
    size: sizeOf(header, overrides.get('size')),
    sparse: isSparse || overrides.has('GNU.sparse.major') || overrides.has('GNU.sparse.size'),
    mode,
    uid,
    gid,
    capabilities: overrides.has('SCHILY.xattr.security.capability'),
  };
}

/** Sizes of 8 GiB and more do not fit into a POSIX header. */
function sizeOf(header: TarHeader, override: string | undefined): number {
  const isFile = header.type === 'file' || header.type === 'sparse';
  if (override === undefined || !isFile) return header.size;
  const size = Number(override);
  if (/^\d+$/.test(override) && Number.isSafeInteger(size)) return size;
  throw corrupt(`${header.path} has the size "${override.slice(0, 40)}"`);
}

function notATar(): PlimsollError {
  const message =
    'Expected a tar archive, but the data does not begin with a tar header: check that the file is what its name says.';
  return new PlimsollError('layer_not_a_tar', message);
}
