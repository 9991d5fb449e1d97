import { setTimeout as sleep } from 'node:timers/promises';
import { PlimsollError } from '../../model/error.js';

/** Time and chance, passed in so that tests decide on both. */
export interface Clock {
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Rejects as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const REAL_CLOCK: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** An attempt that failed in a way that may pass. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure';

  constructor(
    /** What it is when it does not pass. */
    readonly failure: PlimsollError,
    /** How long the other side asked to be left alone, milliseconds. */
    readonly waitMs: number | null = null,
  ) {
    super(failure.message, { cause: failure });
  }
}

/** How often in all, and how long between, milliseconds. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;

/** Who asks for more than this is not waited for. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Repeats what fails in passing: after pauses that double, each shortened by chance so that workers that failed together
 * do not come back together ("full jitter"), or as long as Retry-After says.
 *
 * @throws PlimsollError the last failure
 */
export async function withRetries<T>(clock: Clock, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      await pauseAfter(error, failures, clock, signal);
    }
  }
}

/**
 * Waits before the next attempt.
 *
 * @param failures how often it has failed in a row, this time included
 * @throws PlimsollError when there is to be no next attempt
 */
export async function pauseAfter(error: unknown, failures: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (!(error instanceof PassingFailure)) throw error;
  const { failure, waitMs } = error;
  if (failures >= ATTEMPTS) throw failure;
  if (waitMs !== null && waitMs > LONGEST_WAIT_MS) {
    const message = `${failure.message} It asks to be left alone for ${Math.ceil(waitMs / 1_000)} s.`;
    throw new PlimsollError(failure.code, message, { cause: failure.cause });
  }
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * clock.random();
  await clock.sleep(Math.max(waitMs ?? 0, pause), signal);
}

/**
 * RFC 9110 §10.2.3: seconds, or a date.
 *
 * @returns milliseconds from now; null where the header says nothing
 */
export function retryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const date = /^[A-Z][a-z]{2},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
