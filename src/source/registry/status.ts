import { PlimsollError } from '../../model/error.js';
import type { Answer } from './exchange.js';
import { PassingFailure, retryAfter } from './retry.js';

/** Failures of the other side that may pass: too many requests, and errors of servers and what is before them. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Null for a status that says the same at the next attempt. */
export function retryableStatus(host: string, { status, headers }: Answer): PassingFailure | null {
  if (!PASSING.has(status)) return null;
  const wait = retryAfter(headers['retry-after'], Date.now());
  if (status === 429) {
    const message = `${host} has had too many requests from here: wait, or give it credentials in /v1/registries.`;
    return new PassingFailure(new PlimsollError('registry_rate_limited', message), wait);
  }
  const message = `${host} answered ${status}: it has trouble, try again later.`;
  return new PassingFailure(new PlimsollError('registry_unreachable', message), wait);
}
