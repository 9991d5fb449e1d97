import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, fetch, type Response } from 'undici';
import { PlimsollError } from '../../model/error.js';
import { MAX_LIST_BYTES, parseEcosystems, requirePartName } from './osv-parts.js';
import type { OnBytes, OpenedPart, OsvSource, PartState } from './osv-source.js';

/** The first request and its repetitions. */
const ATTEMPTS = 4;
/** A server may ask to wait; longer than this, the next sync is soon enough. */
const MAX_RETRY_DELAY_MS = 60_000;
/** Without a byte for so long, a connection counts as broken. */
const STALL_MS = 60_000;

/** The export on a web server, as OSV publishes it. An ETag tells whether an archive has changed, else its digest. */
export class OsvWebsite implements OsvSource {
  private readonly base: URL;
  /** Node's own fetch, and its connections, end the process when a server closes before its data was taken (undici#5360). */
  private readonly dispatcher = new Agent();
  private readonly headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'plimsoll' };

  constructor(
    location: string,
    private readonly tempDir: string,
    private readonly maxPartBytes: number,
    private readonly retryDelayMs: number,
  ) {
    this.base = baseUrl(location);
    // fetch refuses a URL with credentials, and messages must not show them.
    if (this.base.username !== '') {
      const credentials = `${decodeURIComponent(this.base.username)}:${decodeURIComponent(this.base.password)}`;
      this.headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
      this.base.username = '';
      this.base.password = '';
    }
  }

  async listParts(signal: AbortSignal): Promise<string[]> {
    const url = new URL('ecosystems.txt', this.base);
    return this.repeat(url, signal, async () => {
      const { response, stall } = await this.request(url, {}, signal);
      const chunks: Buffer[] = [];
      for await (const chunk of bodyOf(url, response, stall, MAX_LIST_BYTES)) chunks.push(chunk);
      return parseEcosystems(Buffer.concat(chunks).toString('utf8'), url.href);
    });
  }

  async openPart(name: string, previous: PartState | null, onBytes: OnBytes, signal: AbortSignal): Promise<OpenedPart> {
    requirePartName(name);
    const url = new URL(`${encodeURIComponent(name)}/all.zip`, this.base);
    const folder = await mkdtemp(join(this.tempDir, 'osv-'));
    const release = () => rm(folder, { recursive: true, force: true });
    try {
      const opened = await this.repeat(url, signal, () =>
        this.download(url, join(folder, 'all.zip'), previous, onBytes, signal),
      );
      if (opened === null || opened.digest === previous?.digest) {
        await release();
        return { unchanged: true };
      }
      return { unchanged: false, ...opened, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Null where the server says that the archive is the previous one. */
  private async download(url: URL, path: string, previous: PartState | null, onBytes: OnBytes, signal: AbortSignal) {
    const condition: Record<string, string> = previous?.etag ? { 'if-none-match': previous.etag } : {};
    const { response, stall } = await this.request(url, condition, signal);
    if (response.status === 304) {
      stall.end();
      return null;
    }
    const total = lengthOf(response);
    const hash = createHash('sha256');
    let done = 0;
    const file = await open(path, 'w', 0o600);
    try {
      for await (const chunk of bodyOf(url, response, stall, this.maxPartBytes)) {
        hash.update(chunk);
        await file.writeFile(chunk);
        done += chunk.length;
        onBytes(done, total);
      }
    } finally {
      await file.close();
    }
    return { path, etag: response.headers.get('etag'), digest: `sha256:${hash.digest('hex')}`, size: done };
  }

  private async request(url: URL, condition: Record<string, string>, signal: AbortSignal) {
    const stall = new Stall(STALL_MS);
    try {
      const response = await fetch(url, {
        headers: { ...this.headers, ...condition },
        signal: AbortSignal.any([signal, stall.signal]),
        dispatcher: this.dispatcher,
      });
      if (!response.ok && !(response.status === 304 && condition['if-none-match'])) {
        await response.body?.cancel();
        throw refused(url, response);
      }
      return { response, stall };
    } catch (error) {
      stall.end();
      throw error;
    }
  }

  /** Repeats what may pass: a broken connection, a truncated body, 429 and 5xx. */
  private async repeat<T>(url: URL, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures++) {
      try {
        return await attempt();
      } catch (error) {
        signal.throwIfAborted();
        // `syscall`: the disk's fault; fetch wraps the network's.
        if (error instanceof PlimsollError || (error instanceof Error && 'syscall' in error)) throw error;
        if (failures === ATTEMPTS) throw unreachable(url, error);
        const asked = error instanceof Passing ? error.retryAfterMs : null;
        await delay(Math.min(asked ?? this.retryDelayMs * 2 ** (failures - 1), MAX_RETRY_DELAY_MS), undefined, {
          signal,
        });
      }
    }
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

async function* bodyOf(url: URL, response: Response, stall: Stall, maxBytes: number): AsyncGenerator<Buffer> {
  const total = lengthOf(response);
  let done = 0;
  try {
    if (total !== null && total > maxBytes) throw tooLarge(url, maxBytes);
    for await (const chunk of response.body ?? []) {
      stall.progress();
      done += chunk.length;
      if (done > maxBytes) throw tooLarge(url, maxBytes);
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
    if (total !== null && done !== total) throw new Passing(`it ended after ${done} of ${total} bytes`);
  } catch (error) {
    // undici says only "terminated" of a connection that closed before the end.
    if (error instanceof TypeError && total !== null) throw new Passing(`it ended after ${done} of ${total} bytes`);
    throw error;
  } finally {
    stall.end();
  }
}

function lengthOf(response: Response): number | null {
  const text = response.headers.get('content-length');
  return text !== null && /^\d+$/.test(text) && !response.headers.has('content-encoding') ? Number(text) : null;
}

function refused(url: URL, response: Response): Error {
  const status = `${response.status} ${response.statusText}`.trim();
  if (response.status === 429 || response.status >= 500)
    return new Passing(`the server answered ${status}`, retryAfter(response));
  return new PlimsollError(
    'feed_source_invalid',
    `Expected OSV's bulk export at ${url.href}, the server answered ${status}. Check PLIMSOLL_OSV_SOURCE.`,
  );
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfter(response: Response): number | null {
  const text = response.headers.get('retry-after');
  if (text === null) return null;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(date - Date.now(), 0);
}

function unreachable(url: URL, error: unknown): PlimsollError {
  // fetch puts the reason, as ECONNREFUSED, into the cause of "fetch failed".
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why =
    cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : String(cause);
  const message = `Cannot read ${url.href}: ${why} (tried ${ATTEMPTS} times). Check the network and PLIMSOLL_OSV_SOURCE, then sync again.`;
  return new PlimsollError('feed_source_unreachable', message, { cause: error });
}

function tooLarge(url: URL, maxBytes: number): PlimsollError {
  return new PlimsollError(
    'limit_exceeded',
    `${url.href} is over the limit of ${maxBytes} bytes. Check that it is OSV's bulk export.`,
  );
}

/** Relative names are resolved against a URL that ends in a slash. */
function baseUrl(location: string): URL {
  try {
    const url = new URL(location);
    url.search = '';
    url.hash = '';
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url;
  } catch (cause) {
    const message = `Cannot read advisories from "${location.slice(0, 200)}": it is not a URL. Check PLIMSOLL_OSV_SOURCE.`;
    throw new PlimsollError('feed_source_invalid', message, { cause });
  }
}
