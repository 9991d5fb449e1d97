import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf, textOf } from './file-content.js';

const TEXT = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${(i * 7919) % 1009}\n`).join('');

/** "hello\n" as bzip2 and xz write it. */
const BZIP2 = Buffer.from('QlpoOTFBWSZTWcHAgOIAAAFBAAAQAkSgADDNAMNGKZcXckU4UJDBwIDi', 'base64');
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAFaGVsbG8KAAAApWCX8ZT2/eAAAR4GwS+kHR+2830BAAAAAARZWg==',
  'base64',
);

describe('the content of a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-content-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const options = (maxBytes = 10_000_000) => ({ name: 'x.json', maxBytes, signal: new AbortController().signal });
  const read = async (bytes: Buffer, maxBytes?: number) => {
    const path = join(folder, 'file');
    await writeFile(path, bytes);
    const pieces: Buffer[] = [];
    for await (const piece of contentOf(path, options(maxBytes))) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces).toString();
  };

  const half = TEXT.length / 2;
  it.each([
    ['plain', Buffer.from(TEXT)],
    ['by gzip', gzipSync(TEXT)],
    ['by gzip in two members', Buffer.concat([gzipSync(TEXT.slice(0, half)), gzipSync(TEXT.slice(half))])],
    ['by zstd', zstdCompressSync(TEXT)],
    [
      'by zstd in two frames',
      Buffer.concat([zstdCompressSync(TEXT.slice(0, half)), zstdCompressSync(TEXT.slice(half))]),
    ],
  ])('is the same %s', async (_, bytes) => {
    expect(await read(bytes)).toBe(TEXT);
  });

  it.each([
    ['bzip2', BZIP2],
    ['xz', XZ],
  ])('is read by %s', async (_, bytes) => {
    expect(await read(bytes)).toBe('hello\n');
  });

  for (const program of ['bzip2', 'xz']) {
    const made = spawnSync(program, ['-c'], { input: TEXT, maxBuffer: 10_000_000 });
    if (made.error) console.info(`skipped: there is no ${program}`);
    it.skipIf(made.error)(`is read as ${program} writes it, and refused when it is cut`, async () => {
      expect(await read(made.stdout)).toBe(TEXT);
      await expect(read(made.stdout.subarray(0, -20))).rejects.toMatchObject({ code: 'feed_source_invalid' });
    });
  }

  it.each([
    ['gzip', gzipSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT)],
  ])('is refused when %s ends early, or has a wrong byte', async (_, bytes) => {
    await expect(read(bytes.subarray(0, -10))).rejects.toMatchObject({ code: 'feed_source_invalid' });
    const wrong = Buffer.from(bytes);
    wrong.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 40);
    await expect(read(wrong)).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it('ends at its limit, however small a bomb is', async () => {
    const zeros = Buffer.alloc(50_000_000);
    for (const bomb of [gzipSync(zeros), zstdCompressSync(zeros), zeros]) {
      await expect(read(bomb, 1_000_000)).rejects.toMatchObject({ code: 'limit_exceeded' });
    }
  });

  it('is text only where it is UTF-8', async () => {
    const path = join(folder, 'text');
    const text = async (bytes: Buffer) => {
      await writeFile(path, bytes);
      let all = '';
      for await (const piece of textOf(path, options())) all += piece;
      return all;
    };
    expect(await text(Buffer.from('\ufeffgrün'))).toBe('grün');
    await expect(text(Buffer.from('grün', 'latin1'))).rejects.toMatchObject({ code: 'feed_source_invalid' });
    await expect(text(Buffer.from('{"a":1}', 'utf16le').subarray(0, 3))).resolves.toBe('{\0"');
  });

  it('ends when it is told to', async () => {
    const path = join(folder, 'long');
    await writeFile(path, gzipSync(TEXT));
    const controller = new AbortController();
    const pieces = contentOf(path, { ...options(), signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(pieces.next()).rejects.toThrow('stop');
  });
});
