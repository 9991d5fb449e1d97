/** What can be read. */
export type ReadableCompression = 'none' | 'gzip' | 'zstd';

export type Compression = ReadableCompression | 'bzip2' | 'xz' | 'lz4';

/** How many first bytes `compressionOf` looks at. */
export const MAGIC_LENGTH = 6;

const MAGIC: readonly [Compression, readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]], // RFC 1952, 2.3.1
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]], // RFC 8878, 3.1.1
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
];

/** By the first bytes. */
export function compressionOf(start: Buffer): Compression {
  if (isSkippable(start)) return 'zstd';
  const known = MAGIC.find(([, magic]) => magic.every((byte, index) => start[index] === byte));
  return known?.[0] ?? 'none';
}

export function isReadable(compression: Compression): compression is ReadableCompression {
  return compression === 'none' || compression === 'gzip' || compression === 'zstd';
}

/** RFC 8878, 3.1.2: zstd data may begin with a frame that holds none. */
function isSkippable(start: Buffer): boolean {
  return start.length >= 4 && (start.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50;
}
