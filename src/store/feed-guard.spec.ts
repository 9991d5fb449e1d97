import { describe, expect, it } from 'vitest';
import { refuseForm, refuseLoss } from './feed-guard.js';

describe('refuseLoss', () => {
  it.each([
    [0, 0, true],
    [0, 5, true],
    [1, 0, false],
    [2, 1, true],
    [9, 1, true],
    [9, 0, false],
    [10, 6, true],
    [10, 5, false],
    [11, 6, true],
    [11, 5, false],
    [300_000, 150_001, true],
    [300_000, 150_000, false],
  ])('from %i to %i records: passes %s', (before, after, passes) => {
    const refusing = () => refuseLoss('Debian', before, after);
    if (passes) expect(refusing).not.toThrow();
    else expect(refusing).toThrow(expect.objectContaining({ code: 'feed_shrank' }));
  });
});

describe('refuseForm', () => {
  it.each([
    [0, 0, true],
    [1, 0, true],
    [1, 1, true],
    [1, 2, false],
    [0, 1, false],
  ])('%i read and %i rejected: passes %s', (accepted, rejected, passes) => {
    const refusing = () => refuseForm('Debian', accepted, rejected);
    if (passes) expect(refusing).not.toThrow();
    else expect(refusing).toThrow(expect.objectContaining({ code: 'feed_source_invalid' }));
  });
});
