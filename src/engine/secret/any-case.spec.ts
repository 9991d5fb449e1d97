import { describe, expect, it } from 'vitest';
import { anyCase } from './any-case.js';

describe('a pattern of any case', () => {
  it.each([
    ['key', '[kK][eE][yY]'],
    ['[a-f0-9_]{8}', '[a-fA-F0-9_]{8}'],
    ['[A-Z]x', '[a-zA-Z][xX]'],
    [String.raw`\b\w+\.ey[\w\-nr]`, String.raw`\b\w+\.[eE][yY][\w\-nNrR]`],
    [String.raw`(?:[\x60'"\t]|\\[nr]|$)`, String.raw`(?:[\x60'"\t]|\\[nNrR]|$)`],
    ['(?-i:Etsy|ETSY)x', '(?:Etsy|ETSY)[xX]'],
  ])('%s is %s', (pattern, expected) => {
    expect(anyCase(pattern)).toBe(expected);
  });
});
