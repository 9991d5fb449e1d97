import { randomFillSync } from 'node:crypto';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PlimsollError } from '../../model/error.js';
import { Inflate } from './inflate.js';

const CONTENT = Buffer.concat([
  Buffer.from('the same words again and again '.repeat(40_000)),
  randomFillSync(Buffer.alloc(700_000)),
  Buffer.alloc(3_000_000),
]);

function inflate(compression: 'gzip' | 'zstd', input: Buffer, step: number): Buffer {
  const decoder = new Inflate(compression, 'x');
  const pieces: Buffer[] = [];
  try {
    for (let at = 0; at < input.length; at += step) {
      decoder.write(input.subarray(at, at + step), (piece) => pieces.push(Buffer.from(piece)));
    }
    decoder.end((piece) => pieces.push(Buffer.from(piece)));
  } finally {
    decoder.close();
  }
  return Buffer.concat(pieces);
}

const code = (compression: 'gzip' | 'zstd', input: Buffer) => {
  try {
    inflate(compression, input, 1_000);
    return 'none';
  } catch (error) {
    return (error as PlimsollError).code;
  }
};

describe('Inflate', () => {
  it.each([1_000, 65_536, 1 << 24])('gives back what was compressed, in pieces of %i bytes', (step) => {
    expect(inflate('gzip', gzipSync(CONTENT), step).equals(CONTENT)).toBe(true);
    expect(inflate('zstd', zstdCompressSync(CONTENT), step).equals(CONTENT)).toBe(true);
  });

  it('reads members that follow each other, and zeros behind them, as gunzip does', () => {
    const members = Buffer.concat([gzipSync('one '), gzipSync(''), gzipSync('two'), Buffer.alloc(600)]);
    for (const step of [1, 7, 1_000]) expect(String(inflate('gzip', members, step))).toBe('one two');
    expect(String(gunzipSync(members))).toBe('one two');
    const frames = Buffer.concat([zstdCompressSync('one '), zstdCompressSync('two')]);
    for (const step of [1, 7, 1_000]) expect(String(inflate('zstd', frames, step))).toBe('one two');
    const many = Buffer.concat(Array.from({ length: 50 }, () => zstdCompressSync(CONTENT)));
    expect(inflate('zstd', many, 65_536).length).toBe(50 * CONTENT.length);
  });

  it('tells what is damaged from what is cut off', () => {
    const gzip = gzipSync(CONTENT);
    const zstd = zstdCompressSync(CONTENT);
    for (const length of [5, 20, 30_000, gzip.length - 1]) {
      expect(code('gzip', gzip.subarray(0, length))).toBe('archive_truncated');
    }
    for (const length of [5, 20, 30_000, zstd.length - 1]) {
      expect(code('zstd', zstd.subarray(0, length))).toBe('archive_truncated');
    }
    const damaged = (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      // Noise is stored as it is and has no checksum in zstd: what compresses comes first.
      for (let at = 12; at < 60; at += 1) copy[at] = (copy[at] ?? 0) ^ 0xa5;
      return copy;
    };
    expect(code('gzip', damaged(gzip))).toBe('archive_corrupt');
    expect(code('zstd', damaged(zstd))).toBe('archive_corrupt');
    expect(code('gzip', Buffer.concat([gzipSync('x'), Buffer.from('garbage')]))).toBe('archive_corrupt');
  });

  it('stops where the sink throws, and can be closed then', () => {
    const decoder = new Inflate('gzip', 'x');
    const stop = new Error('enough');
    expect(() =>
      decoder.write(gzipSync(CONTENT), () => {
        throw stop;
      }),
    ).toThrow(stop);
    decoder.close();
  });
});
