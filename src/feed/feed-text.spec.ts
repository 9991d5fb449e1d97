import { describe, expect, it } from 'vitest';
import { cvesOf, isWord, summaryOf, timeOf } from './feed-text.js';

describe('a text of a feed', () => {
  it.each([
    ['2021-08-13 17:31', '2021-08-13T17:31:00.000Z'],
    ['2021-08-13 17:31:05', '2021-08-13T17:31:05.000Z'],
    ['2021-08-13 17:31:05 UTC', '2021-08-13T17:31:05.000Z'],
    ['2007-06-26', '2007-06-26T00:00:00.000Z'],
    ['2024-12-18T09:14:23+01:00', '2024-12-18T08:14:23.000Z'],
    ['1628596858', '2021-08-10T12:00:58.000Z'],
    ['yesterday', '1970-01-01T00:00:00.000Z'],
    ['', '1970-01-01T00:00:00.000Z'],
  ])('%j is the time %s', (text, time) => {
    expect(timeOf(text).toISOString()).toBe(time);
  });

  it('is one printable line as a summary, and short', () => {
    expect(summaryOf(' a\u0000b\n\t c\u202e ')).toBe('a b c');
    expect(summaryOf('x'.repeat(10_000))).toHaveLength(500);
    expect(summaryOf(null)).toBe('');
  });

  it.each([
    ['nodejs', true],
    ['libstdc++', true],
    ['', false],
    ['a b', false],
    ['a\u0000', false],
    ['x'.repeat(251), false],
  ])('%j is a word: %s', (text, expected) => {
    expect(isWord(text)).toBe(expected);
  });

  it('names CVEs once, and nothing else', () => {
    expect(cvesOf(['CVE-2021-1234', ' cve-2021-1234 ', 'RHSA-2021:1', 'CVE-2021-1', ''])).toEqual(['CVE-2021-1234']);
  });
});
