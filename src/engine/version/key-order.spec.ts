import { describe, expect, it } from 'vitest';
import { keyOrder } from './key-order.js';

describe('keyOrder', () => {
  /** Orders by length, in bytes of 1; what follows the character that says how the version ends is not read. */
  const { compare, key } = keyOrder((version, writer) => {
    if (version === '') return 'refused';
    const end = version.search(/[?!]/);
    for (let i = 0; i < (end < 0 ? version.length : end); i++) writer.byte(1);
    return end < 0 ? 'complete' : version[end] === '?' ? 'open' : 'broken';
  });

  it('puts a key before those that it begins', () => {
    expect(compare('a', 'aa')).toBeLessThan(0);
    expect(compare('aa', 'a')).toBeGreaterThan(0);
    expect(compare('aa', 'bb')).toBe(0);
  });

  it('takes an open end for equal to what follows', () => {
    expect(compare('aa?', 'aaa')).toBe(0);
    expect(compare('aaa', 'aa?')).toBe(0);
    expect(compare('aa?', 'a')).toBeGreaterThan(0);
  });

  it('does not decide behind a fault', () => {
    expect(compare('aa!', 'aaa')).toBeNull();
    expect(compare('aaa', 'aa!')).toBeNull();
    expect(compare('aa!', 'aa!')).toBeNull();
    expect(compare('a', 'aa!')).toBeLessThan(0);
  });

  it('gives keys to complete versions alone, and none that an index refuses', () => {
    expect(key('aa')).toEqual(Buffer.from([1, 1]));
    expect([key(''), key('aa?'), key('aa!'), key('a'.repeat(2001))]).toEqual([null, null, null, null]);
    expect(key('a'.repeat(2000))).toHaveLength(2000);
  });

  it('compares versions of any length, and small ones after large ones', () => {
    const long = 'a'.repeat(100_000);
    expect(compare(long, `${long}a`)).toBeLessThan(0);
    expect(compare('aa', long)).toBeLessThan(0);
    expect(compare('aa', 'a')).toBeGreaterThan(0);
  });
});
