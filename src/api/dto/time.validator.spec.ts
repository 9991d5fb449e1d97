import { expect, it } from 'vitest';
import { isTime } from './time.validator.js';

it.each([
  ['2026-03-01T12:00:00Z', true],
  ['2026-03-01T12:00:00.123456+02:00', true],
  ['2026-02-30T12:00:00Z', false],
  ['2026-03-01T12:00:60Z', false],
  ['2026-03-01T12:00:00', false],
  ['2026-03-01', false],
  ['1772323200', false],
  ['yesterday', false],
  [1_772_323_200, false],
  [null, false],
])('%j is a time: %j', (value, expected) => {
  expect(isTime(value)).toBe(expected);
});
