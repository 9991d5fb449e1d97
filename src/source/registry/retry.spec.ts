import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../../model/error.js';
import { PassingFailure, retryAfter, withRetries } from './retry.js';

const signal = new AbortController().signal;

function clockOf(random: number) {
  const pauses: number[] = [];
  const clock = {
    now: () => 0,
    random: () => random,
    sleep: async (ms: number) => {
      pauses.push(ms);
    },
  };
  return { clock, pauses };
}

const failing = (waitMs: number | null) => async () => {
  throw new PassingFailure(new PlimsollError('registry_unreachable', 'It is away.'), waitMs);
};

describe('withRetries', () => {
  it('pauses twice as long after each failure, and gives the last one after the fifth', async () => {
    const { clock, pauses } = clockOf(1);
    await expect(withRetries(clock, signal, failing(null))).rejects.toMatchObject({ code: 'registry_unreachable' });
    expect(pauses).toEqual([300, 600, 1_200, 2_400]);
  });

  it('shortens pauses by chance, but not below what the other side asks for', async () => {
    const { clock, pauses } = clockOf(0.5);
    await expect(withRetries(clock, signal, failing(500))).rejects.toThrow();
    expect(pauses).toEqual([500, 500, 600, 1_200]);
  });

  it('does not wait for one who asks for more than a minute', async () => {
    const { clock, pauses } = clockOf(1);
    await expect(withRetries(clock, signal, failing(61_000))).rejects.toThrow(/61 s/);
    expect(pauses).toEqual([]);
  });

  it('does not repeat what does not pass', async () => {
    const { clock, pauses } = clockOf(1);
    const attempt = async () => {
      throw new PlimsollError('registry_unauthorized', 'No.');
    };
    await expect(withRetries(clock, signal, attempt)).rejects.toMatchObject({ code: 'registry_unauthorized' });
    expect(pauses).toEqual([]);
  });
});

describe('retryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['0', 0],
    ['7', 7_000],
    [' 7 ', 7_000],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['soon', null],
    ['-1', null],
    ['', null],
    [undefined, null],
  ])('reads %j', (header, ms) => expect(retryAfter(header, now)).toBe(ms));
});
