import { describe, expect, it } from 'vitest';
import { timeOf } from './time.property.js';

describe('a time in a request', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
    ['2026-03-01T00:30:00+01:00', '2026-02-28T23:30:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(timeOf({ value: text })).toEqual(new Date(time));
  });

  it.each([
    '2026-02-30',
    '2026-02-30T00:00:00Z',
    '2026-02-29T12:00:00+01:00',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '1900-02-29',
  ])('%s, a day that does not exist, stays text, which is refused', (text) => {
    expect(timeOf({ value: text })).toBe(text);
  });
});
