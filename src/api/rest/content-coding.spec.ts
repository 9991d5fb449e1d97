import { expect, it } from 'vitest';
import { acceptsGzip } from './content-coding.js';

it.each([
  ['', false],
  ['gzip', true],
  ['x-gzip', true],
  ['GZIP;q=0.5, br', true],
  ['gzip;q=0', false],
  ['gzip; q=0.0, *', false],
  ['*', true],
  ['*;q=0', false],
  ['br, deflate', false],
  ['gzip;q=x', false],
  ['identity;q=1, *;q=0.1', true],
])('compresses for Accept-Encoding %j: %s', (header, expected) => {
  expect(acceptsGzip(header)).toBe(expected);
});
