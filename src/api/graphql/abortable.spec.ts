import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { abortable } from './abortable.js';

describe('abortable', () => {
  it('ends a source that waits, as soon as its reader leaves', async () => {
    let ended = false;
    async function* source(signal: AbortSignal) {
      try {
        yield 1;
        await sleep(60_000, undefined, { signal }).catch(() => undefined);
      } finally {
        ended = true;
      }
    }
    const iterator = abortable(source, (n) => n * 2);
    expect(await iterator.next()).toEqual({ done: false, value: 2 });
    const waiting = iterator.next();
    await iterator.return?.();
    expect(ended).toBe(true);
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('ends with its source', async () => {
    async function* source() {
      yield 1;
    }
    const seen: number[] = [];
    for await (const n of abortable(source, (n) => n)) seen.push(n);
    expect(seen).toEqual([1]);
  });
});
