import { setTimeout as delay } from 'node:timers/promises';
import { Agent, fetch, type Response } from 'undici';
import { PlimsollError } from '../model/error.js';

/** The first request and its repetitions. */
const ATTEMPTS = 4;
/** A server may ask to wait; longer than this, the next sync is soon enough. */
const MAX_RETRY_DELAY_MS = 60_000;
/** Without a byte for so long, a connection counts as broken. */
const STALL_MS = 60_000;

export interface WebsiteOptions {
  /** What is expected there, `OSV's bulk export`. */
  what: string;
  /** The variable that says where it is. */
  variable: string;
  /** Before the first repetition of a request, doubled for each further one; milliseconds. */
  retryDelayMs: number;
}

export interface WebRequest {
  /** Of what is there already. */
  etag?: string | null;
  maxBytes: number;
  signal: AbortSignal;
}

export interface WebAnswer {
  etag: string | null;
  /** Bytes; null where the server does not say. */
  total: number | null;
  body: AsyncIterable<Buffer>;
}

/** Files of a feed on a web server. What may pass (a broken connection, a truncated body, 429 and 5xx) is tried again. */
export class Website {
  private readonly base: URL;
  /** Node's own fetch, and its connections, end the process when a server closes before its data was taken (undici#5360). */
  private readonly dispatcher = new Agent();
  private readonly headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'plimsoll' };

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
  }

  /** As messages call a file. */
  nameOf(path: string): string {
    return new URL(path, this.base).href;
  }

  /**
   * Gets a file, encoded as a path of a URL.
   *
   * @param use takes the answer; called again when a request has to be repeated
   * @returns null where the server says that the file is the one of the ETag
   * @throws PlimsollError `feed_source_unreachable`, `feed_source_invalid`, `limit_exceeded`
   */
  async get<T>(path: string, request: WebRequest, use: (answer: WebAnswer) => Promise<T>): Promise<T | null> {
    const url = new URL(path, this.base);
    const { signal } = request;
    for (let failures = 1; ; failures++) {
      try {
        return await this.attempt(url, request, use);
      } catch (error) {
        signal.throwIfAborted();
        // `syscall`: the disk's fault; fetch wraps the network's.
        if (error instanceof PlimsollError || (error instanceof Error && 'syscall' in error)) throw error;
        if (failures === ATTEMPTS) throw this.unreachable(url, error);
        const asked = error instanceof Passing ? error.retryAfterMs : null;
        const pause = asked ?? this.options.retryDelayMs * 2 ** (failures - 1);
        await delay(Math.min(pause, MAX_RETRY_DELAY_MS), undefined, { signal });
      }
    }
  }

  private async attempt<T>(
    url: URL,
    { etag, maxBytes, signal }: WebRequest,
    use: (answer: WebAnswer) => Promise<T>,
  ): Promise<T | null> {
    const stall = new Stall(STALL_MS);
    try {
      const response = await fetch(url, {
        headers: { ...this.headers, ...(etag && { 'if-none-match': etag }) },
        signal: AbortSignal.any([signal, stall.signal]),
        dispatcher: this.dispatcher,
      });
      if (response.status === 304 && etag) return null;
      if (!response.ok) {
        await response.body?.cancel();
        throw this.refused(url, response);
      }
      const body = this.bodyOf(url, response, stall, maxBytes);
      return await use({ etag: response.headers.get('etag'), total: lengthOf(response), body });
    } finally {
      stall.end();
    }
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

  private refused(url: URL, response: Response): Error {
    const status = `${response.status} ${response.statusText}`.trim();
    if (response.status === 429 || response.status >= 500) {
      return new Passing(`the server answered ${status}`, retryAfter(response));
    }
    const { what, variable } = this.options;
    const message = `Expected ${what} at ${url.href}, the server answered ${status}. Check ${variable}.`;
    return new PlimsollError('feed_source_invalid', message, { cause: new Refused(response.status) });
  }

  private unreachable(url: URL, error: unknown): PlimsollError {
    // fetch puts the reason, as ECONNREFUSED, into the cause of "fetch failed".
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why =
      cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : String(cause);
    const message = `Cannot read ${url.href}: ${why} (tried ${ATTEMPTS} times). Check the network and ${this.options.variable}, then sync again.`;
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

/** The server's no, as the cause of what is said of it. */
class Refused extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/** A failure that may not come again. */
class Passing extends Error {
  constructor(
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** Aborts a request that brings nothing for a while. */
class Stall {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  readonly signal = this.controller.signal;

  constructor(milliseconds: number) {
    this.timer = setTimeout(
      () => this.controller.abort(new Passing(`no byte for ${milliseconds / 1000} s`)),
      milliseconds,
    );
    this.timer.unref();
  }

  progress(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
  }
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
