import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from './seal.js';

const KEY = randomBytes(32);

describe('a sealed text', () => {
  it('opens with its key in its place, and does not show', () => {
    const sealed = seal(KEY, 'here', 'hunter2 ü');
    expect(unseal(KEY, 'here', sealed)).toBe('hunter2 ü');
    expect(sealed.toString('latin1')).not.toContain('hunter2');
  });

  it('is another every time', () => {
    expect(seal(KEY, 'here', 'x').equals(seal(KEY, 'here', 'x'))).toBe(false);
  });

  it('does not open with another key, in another place, or changed anywhere', () => {
    const sealed = seal(KEY, 'here', 'hunter2');
    expect(unseal(randomBytes(32), 'here', sealed)).toBeNull();
    expect(unseal(KEY, 'there', sealed)).toBeNull();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(unseal(KEY, 'here', changed)).toBeNull();
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(unseal(KEY, 'here', sealed.subarray(0, length))).toBeNull();
    }
  });
});
