import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Readable, type Transform } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import unbzip2 from 'unbzip2-stream';
import { PlimsollError } from '../model/error.js';

// A bundle in which Node finds no named exports.
const { XzReadableStream } = createRequire(import.meta.url)('xz-decompress') as typeof import('xz-decompress');

export interface ContentOptions {
  /** As messages call the file. */
  name: string;
  /** Of what comes out, bytes: a bomb gets no further. */
  maxBytes: number;
  signal: AbortSignal;
}

/**
 * The bytes of a fetched file, uncompressed. The compression (gzip, zstd, bzip2, xz, or none) is recognised by the first
 * bytes, since a mirror may keep a file under its name and compress it otherwise, or not at all.
 *
 * @throws PlimsollError `feed_source_invalid` for data that ends early or is damaged, `limit_exceeded`
 */
export async function* contentOf(path: string, options: ContentOptions): AsyncGenerator<Buffer> {
  const { name, maxBytes, signal } = options;
  let done = 0;
  try {
    for await (const piece of await uncompressed(path)) {
      signal.throwIfAborted();
      done += piece.length;
      if (done > maxBytes) {
        throw new PlimsollError(
          'limit_exceeded',
          `${name} unpacks to more than ${maxBytes} bytes, which is no such feed.`,
        );
      }
      yield piece;
    }
  } catch (error) {
    signal.throwIfAborted();
    // `syscall`: the disk's fault.
    if (error instanceof PlimsollError || (error instanceof Error && 'syscall' in error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const message = `${name} ends early or is damaged (${why}). Sync again; a mirror has to fetch it again first.`;
    throw new PlimsollError('feed_source_invalid', message, { cause: error });
  }
}

/**
 * The same as text.
 *
 * @throws PlimsollError `feed_source_invalid` for what is not UTF-8
 */
export async function* textOf(path: string, options: ContentOptions): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (piece?: Buffer) => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new PlimsollError('feed_source_invalid', `${options.name} is not encoded as UTF-8.`, { cause });
    }
  };
  for await (const piece of contentOf(path, options)) yield decode(piece);
  yield decode();
}

/** RFC 1952 §2.3.1, RFC 8878 §3.1.1, bzip2's "BZh", the xz file format §2.1.1.1. */
const MAGIC: readonly [string, readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];

async function uncompressed(path: string): Promise<AsyncIterable<Buffer>> {
  const start = await firstBytes(path);
  switch (MAGIC.find(([, magic]) => magic.every((byte, index) => start[index] === byte))?.[0]) {
    case 'gzip':
      return piped(path, 0, createGunzip());
    case 'zstd':
      return zstd(path);
    case 'bzip2':
      return bzip2(path);
    case 'xz':
      return xz(path);
    default:
      return createReadStream(path);
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Node's stream ends at the end of the first frame, of which a file may have many (RFC 8878 §3.1). */
async function* zstd(path: string): AsyncGenerator<Buffer> {
  const size = await sizeOf(path);
  for (let at = 0; at < size; ) {
    const frame = createZstdDecompress();
    yield* piped(path, at, frame);
    at += frame.bytesWritten;
  }
}

async function* piped(path: string, start: number, transform: Transform): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { start });
  file.on('error', (error) => transform.destroy(error));
  try {
    yield* file.pipe(transform) as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
    transform.destroy();
  }
}

async function sizeOf(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** So few bytes are handed in at once that what comes out of them, before it can be counted, stays small. */
const BZIP2_INPUT_BYTES = 16 * 1024;

async function* bzip2(path: string): AsyncGenerator<Buffer> {
  const decoder = unbzip2();
  const pieces: Buffer[] = [];
  let failure: Error | null = null;
  decoder.on('data', (piece: Buffer) => pieces.push(piece));
  decoder.on('error', (error: Error) => {
    failure ??= error;
  });
  for await (const chunk of createReadStream(path, { highWaterMark: BZIP2_INPUT_BYTES })) {
    decoder.write(chunk);
    if (failure) throw failure;
    yield* pieces.splice(0);
  }
  decoder.end();
  if (failure) throw failure;
  yield* pieces;
}

async function* xz(path: string): AsyncGenerator<Buffer> {
  const input = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  for await (const piece of new XzReadableStream(input) as AsyncIterable<Uint8Array>) yield Buffer.from(piece);
}
