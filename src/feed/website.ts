import { setTimeout as delay } from 'node:timers/promises';
import { type Agent, fetch, type Response } from 'undici';
import { PlimsollError } from '../model/error.js';
import { guardedAgent, refuseInside } from './guarded-agent.js';
import { Passing, Refused, Stall, Stalled } from './request-failure.js';

/** The first request and its repetitions. */
const ATTEMPTS = 4;
/** A server may ask to wait; longer than this, the next sync is soon enough. */
const MAX_RETRY_DELAY_MS = 60_000;
/** Without a byte for so long, a connection counts as broken. */
const STALL_MS = 20_000;
/** A server that hangs mostly goes on hanging: it is asked once more. */
const STALLED_ATTEMPTS = 2;

const PLAIN_HEADERS = { 'accept-encoding': 'identity', 'user-agent': 'plimsoll' };

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 10;

export interface WebsiteOptions {
  /** What is expected there, `OSV's bulk export`. */
  what: string;
  /** The variable that says where it is. */
  variable: string;
  /** Before the first repetition of a request, doubled for each further one; milliseconds. */
  retryDelayMs: number;
  /** Without a byte for so long, a connection counts as broken; milliseconds. */
  stallMs?: number;
  /** Sent with every request, to the configured host alone. */
  headers?: Record<string, string>;
  /** Statuses by which this server asks to come again later, beside 429 and 5xx. */
  passing?: readonly number[];
}

export interface WebRequest {
  /** HEAD asks for what is said of a file, without the file. */
  method?: 'GET' | 'HEAD';
  /** Of what is there already; where there is none, its Last-Modified. */
  etag?: string | null;
  lastModified?: string | null;
  maxBytes: number;
  signal: AbortSignal;
}

export interface WebAnswer {
  etag: string | null;
  lastModified: string | null;
  /** Bytes; null where the server does not say. */
  total: number | null;
  body: AsyncIterable<Buffer>;
}

/** Files of a feed on a web server. What may pass (a broken connection, a truncated body, 429 and 5xx) is tried again. */
export class Website {
  private readonly base: URL;
  /** Node's own fetch, and its connections, end the process when a server closes before its data was taken (undici#5360). */
  private readonly dispatcher: Agent;
  /** For the configured host alone. */
  private readonly headers: Record<string, string> = {};

  /** @throws PlimsollError `feed_source_invalid` for what is no URL */
  constructor(
    location: string,
    private readonly options: WebsiteOptions,
  ) {
    this.base = baseUrl(location, options);
    // fetch refuses a URL with credentials, and messages must not show them.
    if (this.base.username !== '') {
      const credentials = `${decodeURIComponent(this.base.username)}:${decodeURIComponent(this.base.password)}`;
      this.headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
      this.base.username = '';
      this.base.password = '';
    }
    Object.assign(this.headers, options.headers);
    this.dispatcher = guardedAgent(this.base, options.variable);
  }

  /** As messages call a file. */
  nameOf(path: string): string {
    return this.urlOf(path).href;
  }

  /**
   * Gets a file, encoded as a path of a URL.
   *
   * @param use takes the answer; called again when a request has to be repeated
   * @returns null where the server says that the file is the one of the ETag
   * @throws PlimsollError `feed_source_unreachable`, `feed_source_invalid`, `limit_exceeded`
   */
  async get<T>(path: string, request: WebRequest, use: (answer: WebAnswer) => Promise<T>): Promise<T | null> {
    const url = this.urlOf(path);
    const { signal } = request;
    let stalled = 0;
    for (let failures = 1; ; failures++) {
      try {
        return await this.attempt(url, request, use);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Error && error.cause instanceof PlimsollError) throw error.cause;
        // `syscall`: the disk's fault; fetch wraps the network's.
        if (error instanceof PlimsollError || (error instanceof Error && 'syscall' in error)) throw error;
        if (error instanceof Stalled) stalled += 1;
        if (failures === ATTEMPTS || stalled === STALLED_ATTEMPTS || isNoName(error))
          throw this.unreachable(url, error, failures);
        const asked = error instanceof Passing ? error.retryAfterMs : null;
        const pause = asked ?? this.options.retryDelayMs * 2 ** (failures - 1);
        await delay(Math.min(pause, MAX_RETRY_DELAY_MS), undefined, { signal });
      }
    }
  }

  private async attempt<T>(
    url: URL,
    { method = 'GET', etag, lastModified, maxBytes, signal }: WebRequest,
    use: (answer: WebAnswer) => Promise<T>,
  ): Promise<T | null> {
    const stall = new Stall(this.options.stallMs ?? STALL_MS);
    try {
      // RFC 9110 §13.1.3: a server that knows ETags ignores the date.
      const conditions = {
        ...(etag && { 'if-none-match': etag }),
        ...(lastModified && { 'if-modified-since': lastModified }),
      };
      const response = await this.follow(method, url, conditions, AbortSignal.any([signal, stall.signal]));
      if (response.status === 304 && (etag || lastModified)) return null;
      if (!response.ok) {
        await response.body?.cancel();
        throw this.refused(url, response);
      }
      const body = this.bodyOf(url, response, stall, maxBytes);
      const { headers } = response;
      return await use({
        etag: headers.get('etag'),
        lastModified: headers.get('last-modified'),
        total: lengthOf(response),
        body,
      });
    } finally {
      stall.end();
    }
  }

  /** Follows redirects itself: what is sent to the configured host is for no other, and none leads out of TLS. */
  private async follow(
    method: string,
    url: URL,
    conditions: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Response> {
    let target = url;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const headers = { ...PLAIN_HEADERS, ...(target.origin === url.origin && this.headers), ...conditions };
      const response = await fetch(target, {
        method,
        headers,
        signal,
        dispatcher: this.dispatcher,
        redirect: 'manual',
      });
      const location = response.headers.get('location');
      if (!REDIRECTS.includes(response.status) || location === null) return response;
      await response.body?.cancel();
      const next = URL.canParse(location, target.href) ? new URL(location, target) : null;
      if (next === null || !['https:', target.protocol].includes(next.protocol)) {
        throw this.astray(url, `it redirects to ${JSON.stringify(location.slice(0, 200))}`);
      }
      // Of credentials that a server puts there nothing is known.
      next.username = '';
      next.password = '';
      refuseInside(next, this.base, this.options.variable);
      target = next;
    }
    throw this.astray(url, `it redirects more than ${MAX_REDIRECTS} times`);
  }

  private astray(url: URL, why: string): PlimsollError {
    const { what, variable } = this.options;
    return new PlimsollError('feed_source_invalid', `Cannot read ${what} at ${url.href}: ${why}. Check ${variable}.`);
  }

  private async *bodyOf(url: URL, response: Response, stall: Stall, maxBytes: number): AsyncGenerator<Buffer> {
    const total = lengthOf(response);
    let done = 0;
    try {
      if (total !== null && total > maxBytes) throw this.tooLarge(url, maxBytes);
      for await (const chunk of response.body ?? []) {
        stall.progress();
        done += chunk.length;
        if (done > maxBytes) throw this.tooLarge(url, maxBytes);
        yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      }
      if (total !== null && done !== total) throw new Passing(`it ended after ${done} of ${total} bytes`);
    } catch (error) {
      // undici says only "terminated" of a connection that closed before the end.
      if (error instanceof TypeError && total !== null) throw new Passing(`it ended after ${done} of ${total} bytes`);
      throw error;
    }
  }

  /** Only the index of a feed can name another server, and the feed is not there. */
  private urlOf(path: string): URL {
    const url = URL.canParse(path, this.base.href) ? new URL(path, this.base) : null;
    if (url !== null && url.origin === this.base.origin) return url;
    const { what, variable } = this.options;
    const message = `Expected ${what} at ${this.base.origin}, which names ${JSON.stringify(path.slice(0, 200))}. Check ${variable}.`;
    throw new PlimsollError('feed_source_invalid', message);
  }

  private refused(url: URL, response: Response): Error {
    const status = `${response.status} ${response.statusText}`.trim();
    if (
      response.status === 429 ||
      (response.status >= 500 && response.status !== 501) ||
      this.options.passing?.includes(response.status)
    ) {
      return new Passing(`the server answered ${status}`, retryAfter(response));
    }
    const { what, variable } = this.options;
    const message = `Expected ${what} at ${url.href}, the server answered ${status}. Check ${variable}.`;
    return new PlimsollError('feed_source_invalid', message, { cause: new Refused(response.status) });
  }

  private unreachable(url: URL, error: unknown, attempts: number): PlimsollError {
    // fetch puts the reason, as ECONNREFUSED, into the cause of "fetch failed".
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why =
      cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : String(cause);
    const message = `Cannot read ${url.href}: ${why} (tried ${attempts === 1 ? 'once' : `${attempts} times`}). Check the network and ${this.options.variable}, then sync again.`;
    return new PlimsollError('feed_source_unreachable', message, { cause: error });
  }

  private tooLarge(url: URL, maxBytes: number): PlimsollError {
    const message = `${url.href} is over the limit of ${maxBytes} bytes. Check that it is ${this.options.what}.`;
    return new PlimsollError('limit_exceeded', message);
  }
}

/** Whether a server was there and has no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof PlimsollError && error.cause instanceof Refused && [404, 410].includes(error.cause.status);
}

/** A name that does not exist: it will not in a few seconds either. */
function isNoName(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND';
}

function lengthOf(response: Response): number | null {
  const text = response.headers.get('content-length');
  return text !== null && /^\d+$/.test(text) && !response.headers.has('content-encoding') ? Number(text) : null;
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfter(response: Response): number | null {
  const text = response.headers.get('retry-after');
  if (text === null) return null;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(date - Date.now(), 0);
}

/** Relative names are resolved against a URL that ends in a slash. */
function baseUrl(location: string, { what, variable }: WebsiteOptions): URL {
  try {
    const url = new URL(location);
    url.search = '';
    url.hash = '';
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url;
  } catch (cause) {
    const message = `Cannot read ${what} from "${location.slice(0, 200)}": it is not a URL. Check ${variable}.`;
    throw new PlimsollError('feed_source_invalid', message, { cause });
  }
}
