import { crc32, deflateRawSync } from 'node:zlib';

/** An entry, and what its headers say otherwise than is true. */
export interface ZipPart {
  name: string;
  content: Buffer | string;
  stored?: boolean;
  /** 8 is deflate. */
  method?: number;
  encrypted?: boolean;
  /** Whether sizes and checksum stand behind the content, as in archives that were written as a stream. */
  streamed?: boolean;
  /** Whether sizes and offset stand in an extra field. */
  wide?: boolean;
  /** Bytes of an extra field that only the local header has. */
  localExtra?: number;
  claims?: { size?: number; compressedSize?: number; crc32?: number; offset?: number };
}

export interface ZipOptions {
  /** What stands in front of the archive. */
  prefix?: Buffer;
  /** Whether offsets count from the beginning of the archive rather than of the file. */
  prefixUncounted?: boolean;
  comment?: string;
  /** Whether the end of the directory is written as zip64 too. */
  wide?: boolean;
  /** What stands behind the archive. */
  suffix?: Buffer;
}

/** A zip archive of deflated files, APPNOTE.TXT §4.3. */
export function zip(files: Record<string, string | Buffer>): Buffer {
  return zipOf(Object.entries(files).map(([name, content]) => ({ name, content })));
}

export function zipOf(parts: ZipPart[], options: ZipOptions = {}): Buffer {
  const { prefix = Buffer.alloc(0), comment = '' } = options;
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = options.prefixUncounted ? 0 : prefix.length;
  for (const part of parts) {
    const name = Buffer.from(part.name);
    const content = Buffer.from(part.content);
    const data = part.stored ? content : deflateRawSync(content);
    const truth = { size: content.length, compressedSize: data.length, crc32: crc32(content), offset };
    const told = { ...truth, ...part.claims };
    const descriptor = part.streamed
      ? Buffer.concat([u32(0x08074b50), u32(truth.crc32), u32(data.length), u32(content.length)])
      : Buffer.alloc(0);
    const head = (sizes: typeof told, extra: number) =>
      Buffer.concat([
        u16(part.wide ? 45 : 20),
        u16((part.encrypted ? 1 : 0) | (part.streamed ? 8 : 0)),
        u16(part.method ?? (part.stored ? 0 : 8)),
        u32(0),
        u32(sizes.crc32),
        u32(sizes.compressedSize),
        u32(sizes.size),
        u16(name.length),
        u16(extra),
      ]);
    const nothing = { size: 0, compressedSize: 0, crc32: 0, offset: 0 };
    const localExtra = Buffer.alloc(part.localExtra ?? 0);
    const local = [u32(0x04034b50), head(part.streamed ? nothing : truth, localExtra.length), name, localExtra, data];
    locals.push(...local, descriptor);
    const wide = part.wide
      ? Buffer.concat([u16(1), u16(24), u64(told.size), u64(told.compressedSize), u64(told.offset)])
      : Buffer.alloc(0);
    const all = 0xffffffff;
    const central = part.wide ? { size: all, compressedSize: all, crc32: told.crc32, offset: all } : told;
    const tail = Buffer.concat([Buffer.alloc(10), u32(central.offset)]);
    centrals.push(u32(0x02014b50), u16(20), head(central, wide.length), tail, name, wide);
    offset += [...local, descriptor].reduce((sum, { length }) => sum + length, 0);
  }
  const directory = Buffer.concat(centrals);
  const count = Math.min(parts.length, 0xffff);
  const end64 = options.wide
    ? Buffer.concat([
        Buffer.concat([u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(parts.length)]),
        Buffer.concat([u64(parts.length), u64(directory.length), u64(offset)]),
        Buffer.concat([u32(0x07064b50), u32(0), u64(offset + directory.length), u32(1)]),
      ])
    : Buffer.alloc(0);
  const [size, start] = options.wide ? [0xffffffff, 0xffffffff] : [directory.length, offset];
  const end = [u32(0x06054b50), u32(0), u16(count), u16(count), u32(size), u32(start), u16(comment.length)];
  const suffix = options.suffix ?? Buffer.alloc(0);
  return Buffer.concat([prefix, ...locals, directory, end64, ...end, Buffer.from(comment), suffix]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
