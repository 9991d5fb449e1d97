import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Repeating } from './repeating.js';

describe('Repeating', () => {
  it('goes on after a failure, at once while there is more to do, and never twice at once', async () => {
    const errors: unknown[] = [];
    let running = 0;
    let most = 0;
    let runs = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      runs += 1;
      await sleep(1);
      running -= 1;
      if (runs === 2) throw new Error('once');
      return runs < 5;
    };
    const repeating = new Repeating(task, 5, (error) => errors.push(error));
    repeating.start();
    while (runs < 8) await sleep(1);
    await repeating.stop();
    const ended = runs;
    await sleep(20);
    expect({ most, errors: errors.length, after: runs - ended }).toEqual({ most: 1, errors: 1, after: 0 });
  });
});
