/** How long something may be silent before it says what it does, milliseconds. */
const SILENCE_MS = 2_000;

/** Runs a step; every two seconds that it takes, says how long it has been at it. */
export async function withProgressLines<T>(
  name: string,
  say: (line: string) => void,
  step: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const timer = setInterval(() => say(`${name} … ${Math.round((performance.now() - started) / 1_000)} s`), SILENCE_MS);
  try {
    return await step();
  } finally {
    clearInterval(timer);
  }
}
