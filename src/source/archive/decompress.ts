import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { PlimsollError } from '../../model/error.js';

/** What `decompress` can read. */
export type ReadableCompression = 'none' | 'gzip' | 'zstd';

export type Compression = ReadableCompression | 'bzip2' | 'xz' | 'lz4';

/** Output in large pieces: each costs a turn of the event loop. */
const CHUNK_SIZE = 256 * 1024;

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
  const known = MAGIC.find(([, magic]) => magic.every((byte, index) => start[index] === byte));
  return known?.[0] ?? 'none';
}

export function isReadable(compression: Compression): compression is ReadableCompression {
  return compression === 'none' || compression === 'gzip' || compression === 'zstd';
}

/**
 * The decompressed data.
 *
 * @param onRead called with each piece as it was stored
 * @throws PlimsollError `archive_truncated`, `archive_corrupt`
 */
export async function* decompress(
  input: Readable,
  compression: ReadableCompression,
  name: string,
  onRead: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  if (compression === 'none') {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      onRead(chunk);
      yield chunk;
    }
    return;
  }
  const options = { chunkSize: CHUNK_SIZE };
  const unpack = compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
  input.on('error', (error) => unpack.destroy(error));
  input.on('data', onRead);
  input.pipe(unpack);
  try {
    yield* unpack as AsyncIterable<Buffer>;
  } catch (error) {
    throw asArchiveError(error, name);
  } finally {
    input.destroy();
    unpack.destroy();
  }
}

function asArchiveError(error: unknown, name: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'Z_BUF_ERROR' || code === 'ZSTD_error_srcSize_wrong') {
    const message = `The compressed data of ${name} ends early: copy or export it again.`;
    return new PlimsollError('archive_truncated', message, { cause: error });
  }
  if (code.startsWith('Z_') || code.startsWith('ZSTD_')) {
    const message = `The compressed data of ${name} is damaged (${code}): copy or export it again.`;
    return new PlimsollError('archive_corrupt', message, { cause: error });
  }
  return error;
}
