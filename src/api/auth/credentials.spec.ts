import { describe, expect, it } from 'vitest';
import { readCredentials } from './credentials.js';

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('readCredentials', () => {
  it.each([
    ['Bearer abc', { scheme: 'bearer', token: 'abc' }],
    ['bearer   abc ', { scheme: 'bearer', token: 'abc' }],
    [basic('anyone:abc'), { scheme: 'basic', token: 'abc' }],
    [basic(':a:b'), { scheme: 'basic', token: 'a:b' }],
    [basic('abc'), null],
    [basic('abc:'), null],
    ['Bearer', null],
    ['Bearer ', null],
    ['Bearer a b', null],
    ['Digest abc', null],
    ['abc', null],
    ['', null],
    [undefined, null],
  ])('reads %j', (header, expected) => {
    expect(readCredentials(header)).toEqual(expected);
  });
});
