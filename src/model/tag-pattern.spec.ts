import { expect, it } from 'vitest';
import { isTagPattern, matchesTag } from './tag-pattern.js';

it.each([
  ['*', 'latest', true],
  ['v1.*', 'v1.2.3', true],
  ['v1.*', 'v1', false],
  ['v1.*', 'v10', false],
  ['*-alpine', '3.20-alpine', true],
  ['*-alpine', '3.20-alpine3', false],
  ['1.?', '1.9', true],
  ['1.?', '1.10', false],
  ['*a*b*', 'xaybz', true],
  ['*a*b', 'abab', true],
  ['*aab', 'aaab', true],
  ['**', 'x', true],
  ['?*', 'x', true],
  ['latest', 'LATEST', false],
  ['latest', 'latest1', false],
  ['1.0', '1x0', false],
])('%s and %s: %s', (pattern, tag, expected) => {
  expect(matchesTag(pattern, tag)).toBe(expected);
});

it('decides at once what would keep a regular expression busy', () => {
  expect(matchesTag('*a'.repeat(63), `${'a'.repeat(127)}b`)).toBe(false);
});

it.each([
  ['v*', true],
  ['', false],
  ['a/b', false],
  ['[ab]', false],
  ['(a+)+', false],
  ['*'.repeat(129), false],
])('%j is a pattern: %s', (text, expected) => {
  expect(isTagPattern(text)).toBe(expected);
});
