import { describe, expect, it } from 'vitest';
import { parseEvr } from './evr.js';

describe('the version of an rpm', () => {
  it.each([
    ['0:4.12.14-150.72.1', '4.12.14-150.72.1'],
    ['4.12.14-150.72.1', '4.12.14-150.72.1'],
    ['30:9.3.3-8.el5', '30:9.3.3-8.el5'],
    ['(none):1.0-1', '1.0-1'],
    [':1.0-1', '1.0-1'],
    ['1:2-beta-3', '1:2-beta-3'],
  ])('%s is printed as %s', (text, expected) => {
    expect(parseEvr(text)).toBe(expected);
  });

  it.each(['', '1.0', '-', '1.0-', '-1', 'x:1.0-1', '99999999999:1-1', '1 0-1', '1:2:3-4', '1.0-\u0000'])(
    '%j is none',
    (text) => {
      expect(parseEvr(text)).toBeNull();
    },
  );
});
