/**
 * Works on several items at once and yields the results in the items' order, at most so many of them waiting.
 *
 * @throws the first failure; work that has begun is waited for
 */
export async function* inOrder<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let next = 0;
  const begin = () => {
    const item = items[next];
    if (next >= items.length) return;
    next += 1;
    const promise = work(item as T);
    // Whoever is behind a failure has nobody who hears of its own.
    promise.catch(() => undefined);
    running.push(promise);
  };
  try {
    for (let started = 0; started < concurrency; started += 1) begin();
    for (let first = running.shift(); first; first = running.shift()) {
      const result = await first;
      begin();
      yield result;
    }
  } finally {
    await Promise.allSettled(running);
  }
}
