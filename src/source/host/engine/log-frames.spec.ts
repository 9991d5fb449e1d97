import { describe, expect, it } from 'vitest';
import fc from '../../../../test/support/property.js';
import { LogFrames } from './log-frames.js';

function frame(stream: number, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

function linesOf(bytes: Buffer, cuts: number[] = [], [maxLine, maxSize] = [100, 10_000]): string[] {
  const frames = new LogFrames(maxLine ?? 0, maxSize ?? 0);
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const cut of [...at, bytes.length]) {
    frames.write(bytes.subarray(from, cut));
    from = cut;
  }
  return frames.end();
}

describe('LogFrames', () => {
  it.each<[string, Buffer, string[]]>([
    ['frames', Buffer.concat([frame(1, 'a\n'), frame(2, 'b\nc\n')]), ['a', 'b', 'c']],
    ['a line over several frames', Buffer.concat([frame(1, 'a'), frame(2, 'err\n'), frame(1, 'b\n')]), ['err', 'ab']],
    ['no line break at the end', frame(1, 'a\nb'), ['a', 'b']],
    ['an empty frame', Buffer.concat([frame(1, ''), frame(1, 'a\n')]), ['a']],
    ['a terminal', Buffer.from('a\r\nb\r\n'), ['a', 'b']],
    ['a terminal, and few bytes', Buffer.from('hi'), ['hi']],
    ['a head that breaks off', frame(1, 'a').subarray(0, 5), ['\u0001\0\0\0\0']],
    ['a frame that breaks off', frame(1, 'abc').subarray(0, 10), ['ab']],
    [
      'no more frames',
      Buffer.concat([frame(1, 'a\n'), Buffer.from('text without a head\n')]),
      ['a', 'text without a head'],
    ],
    ['nothing', Buffer.alloc(0), []],
  ])('reads %s', (_what, bytes, lines) => {
    expect(linesOf(bytes)).toEqual(lines);
  });

  it('reads the same however what comes is cut', () => {
    const piece = fc.tuple(
      fc.constantFrom(1, 2),
      fc.string({ maxLength: 20 }).map((text) => text.replaceAll('\r', '')),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), fc.array(fc.nat(200), { maxLength: 8 }), (pieces, cuts) => {
        const bytes = Buffer.concat(pieces.map(([stream, text]) => frame(stream, `${text}\n`)));
        expect(linesOf(bytes, cuts)).toEqual(linesOf(bytes));
      }),
    );
  });

  it('keeps the beginning of a line, and the last lines', () => {
    expect(linesOf(Buffer.from(`${'x'.repeat(1_000)}\n`))[0]?.length).toBe(100);
    const many = Buffer.from(Array.from({ length: 50_000 }, (_, i) => `${i}\n`).join(''));
    expect(linesOf(many, [], [100, 30])).toEqual(['49995', '49996', '49997', '49998', '49999']);
  });
});
