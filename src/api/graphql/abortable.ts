/**
 * An iterator whose `return` aborts its source first. A generator that waits inside `next` hears of `return` only when
 * the wait is over; a client that unsubscribes should not keep it for so long.
 */
export function abortable<T, R>(
  start: (signal: AbortSignal) => AsyncGenerator<T>,
  map: (item: T) => R,
): AsyncIterableIterator<R> {
  const controller = new AbortController();
  const source = start(controller.signal);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const { done, value } = await source.next();
      return done ? { done: true, value: undefined } : { done: false, value: map(value) };
    },
    async return() {
      controller.abort();
      await source.return(undefined);
      return { done: true, value: undefined };
    },
  };
}
