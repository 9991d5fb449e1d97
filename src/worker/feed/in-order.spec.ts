import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.js';

describe('inOrder', () => {
  it('yields in order what is worked on at once, and never more than it may', async () => {
    let running = 0;
    let most = 0;
    const results: number[] = [];
    const work = async (item: number) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(item % 3);
      running -= 1;
      return item * 2;
    };
    for await (const result of inOrder([1, 2, 3, 4, 5, 6, 7], 3, work)) results.push(result);
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(most).toBe(3);
  });

  it('ends with the first failure, after what had begun', async () => {
    const begun: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      if (item > 1) throw new Error(`item ${item}`);
      return item;
    };
    const results = inOrder([1, 2, 3, 4, 5], 2, work);
    expect((await results.next()).value).toBe(1);
    await expect(results.next()).rejects.toThrow('item 2');
    expect(begun).toEqual([1, 2, 3]);
  });

  it('yields nothing of nothing', async () => {
    expect((await inOrder([], 2, async () => 1).next()).done).toBe(true);
  });
});
