/** Does something with each of a list, some at once. The first failure is that of the whole, after what had begun has ended. */
export async function eachAtOnce<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let hasFailed = false;
  const turns = Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const item of waiting) {
      if (hasFailed) return;
      await work(item).catch((error) => {
        hasFailed = true;
        throw error;
      });
    }
  });
  const results = await Promise.allSettled(turns);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
