import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { FINDER_PADDING, type Literal, LiteralFinder } from './literal-finder.js';

const letters = fc.constantFrom(...'abkey._-3');
const literalText = fc.string({ unit: letters, minLength: 2, maxLength: 9 });

function find(literals: Literal[], text: string, from = 0): string[] {
  const length = (text.length + 1) & ~1;
  const bytes = Buffer.alloc(length + FINDER_PADDING);
  bytes.write(text, 'latin1');
  const found: string[] = [];
  const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  new LiteralFinder(literals).scan(bytes, pairs, from, length, (literal, at) => {
    found.push(`${at} ${literals[literal]?.text}`);
    return false;
  });
  return found.sort();
}

function indexesOf(text: string, literal: string): number[] {
  return Array.from({ length: text.length }, (_, at) => at).filter((at) => text.startsWith(literal, at));
}

describe('a literal finder', () => {
  it('finds every literal wherever it stands, in any case', () => {
    const texts = fc
      .array(fc.oneof(literalText, fc.string({ unit: fc.constantFrom(...'KEYab \n\u00e9') })))
      .map((t) => t.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(literalText, { minLength: 1, maxLength: 8 }), texts, (literals, text) => {
        const lower = text.toLowerCase();
        const expected = literals.flatMap((literal) => indexesOf(lower, literal).map((at) => `${at} ${literal}`));
        expect(
          find(
            literals.map((literal) => ({ text: literal })),
            text,
          ),
        ).toEqual(expected.sort());
      }),
      { numRuns: 2000 },
    );
  });

  it('finds a literal between the bytes that may be around it', () => {
    const digits = [...'0123456789'].map((digit) => digit.charCodeAt(0));
    const blank = [0x20];
    for (const text of ['s.', 'abc', 'token']) {
      const literals = [{ text, before: blank, behind: digits }];
      for (const lead of ['', ' ', 'x ', 'xx ']) {
        expect(find(literals, `${lead}${text}42`), lead).toEqual([`${lead.length} ${text}`]);
      }
    }
  });

  it('goes on from an even index, and finds nothing twice', () => {
    const text = `${'x'.repeat(9000)}key${'y'.repeat(9000)}`;
    expect(find([{ text: 'key' }], text)).toEqual(['9000 key']);
    expect(find([{ text: 'key' }], text, 8998)).toEqual(['9000 key']);
    expect(find([{ text: 'key' }], text, 9002)).toEqual([]);
  });

  it('ends where it is told to', () => {
    const seen: number[] = [];
    const bytes = Buffer.from(`key key key${'\0'.repeat(FINDER_PADDING + 1)}`);
    const pairs = new Uint16Array(Uint8Array.from(bytes).buffer);
    new LiteralFinder([{ text: 'key' }]).scan(bytes, pairs, 0, 12, (_literal, at) => seen.push(at) === 2);
    expect(seen).toHaveLength(2);
  });

  it('says whether a string holds a literal', () => {
    const finder = new LiteralFinder([{ text: 'example' }, { text: 'abc' }]);
    expect(['an Example', 'ABC', 'xabc', 'xxabc'].every((text) => finder.isIn(text))).toBe(true);
    expect(['', 'ab', 'exampl', 'exbmple'].some((text) => finder.isIn(text))).toBe(false);
  });
});
