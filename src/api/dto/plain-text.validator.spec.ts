import { describe, expect, it } from 'vitest';
import { isPlainText } from './plain-text.validator.js';

describe('isPlainText', () => {
  it.each([
    ['a', true],
    ['ünïcödé 🚢', true],
    ['1234567890', true],
    ['12345678901', false],
    ['', false],
    ['nul\0', false],
    ['line\nbreak', false],
    ['half \ud83d', false],
    [5, false],
    [null, false],
    [['a'], false],
  ])('%j is %s', (value, expected) => {
    expect(isPlainText(value, 10)).toBe(expected);
  });
});
