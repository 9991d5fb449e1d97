import { describe, expect, it } from 'vitest';
import { jsonb } from './jsonb.js';

describe('jsonb', () => {
  it.each([
    [{ a: ['b', 1, null] }, '{"a":["b",1,null]}'],
    ['x\0y', '"x�y"'],
    ['half \ud83d of a pair', '"half � of a pair"'],
    ['other half \ude00', '"other half �"'],
    ['a pair \ud83d\ude00', '"a pair \ud83d\ude00"'],
    ['a backslash before u0000: \\u0000', '"a backslash before u0000: \\\\u0000"'],
    [{ deep: [{ er: '\0' }] }, '{"deep":[{"er":"�"}]}'],
  ])('writes %j as PostgreSQL takes it', (value, text) => {
    expect(jsonb(value)).toBe(text);
  });
});
