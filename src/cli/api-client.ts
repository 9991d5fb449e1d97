import { Agent, fetch } from 'undici';
import type { Page } from '../model/page.js';
import { CommandError, EXIT_CODES } from './exit-code.js';

/** A service that was there may be starting again: how long to keep asking, and how often, milliseconds. */
const RETRY_LIMIT_MS = 15_000;
const RETRY_PAUSE_MS = 500;

/** The service said no; `code` is of the problem it answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Speaks to a service over HTTP. */
export class ApiClient {
  /** Node's own fetch, and its connections, end the process when a server closes before its data was taken (undici#5360). */
  private readonly dispatcher = new Agent();

  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  get<T>(path: string): Promise<T> {
    return repeated(() => this.request<T>('GET', path));
  }

  /** What is answered, as it came. */
  getText(path: string): Promise<string> {
    return repeated(() => this.send('GET', path));
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.request<T>('POST', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>('PATCH', path, body);
  }

  /** @param text JSON, sent as it is */
  async postText<T>(path: string, text: string): Promise<T> {
    return this.parsed<T>(path, await this.send('POST', path, text));
  }

  /** What is answered without a body is `null`. */
  async delete<T = null>(path: string): Promise<T> {
    const text = await this.send('DELETE', path);
    return this.parsed<T>(path, text === '' ? 'null' : text);
  }

  /** Every item of a list, page by page to the end. */
  async list<T>(path: string, query: Record<string, string | undefined> = {}): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const parameters = new URLSearchParams({ limit: '500' });
      for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value);
      if (cursor !== null) parameters.set('cursor', cursor);
      const page: Page<T> = await this.get(`${path}?${parameters}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  endpoint(path: string): URL {
    return new URL(`${this.url.replace(/\/+$/, '')}${path}`);
  }

  headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}`, accept: 'application/json' };
  }

  private async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.parsed<T>(path, await this.send(method, path, body === undefined ? undefined : JSON.stringify(body)));
  }

  private parsed<T>(path: string, text: string): T {
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new CommandError(EXIT_CODES.failed, `${this.endpoint(path)} answered no JSON: is it a Plimsoll service?`);
    }
  }

  private async send(method: string, path: string, body?: string): Promise<string> {
    const response = await fetch(this.endpoint(path), {
      method,
      headers: { ...this.headers(), ...(body !== undefined && { 'content-type': 'application/json' }) },
      body: body ?? null,
      dispatcher: this.dispatcher,
    }).catch((error) => {
      throw unreachable(this.url, error);
    });
    const text = await response.text();
    if (!response.ok) throw asApiError(this.url, response.status, text);
    return text;
  }
}

/** Repeats while the service cannot be reached, as a GET changes nothing. */
async function repeated<T>(ask: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + RETRY_LIMIT_MS; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CommandError) || Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, RETRY_PAUSE_MS));
    }
  }
}

export function unreachable(url: string, error: unknown): CommandError {
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return new CommandError(
    EXIT_CODES.failed,
    `The service at ${url} cannot be reached (${cause?.code ?? cause?.message ?? message}): is it running?`,
  );
}

/** Reads a problem (RFC 9457), or makes do with what came. */
export function asApiError(url: string, status: number, text: string): ApiError {
  let problem: { code?: string; detail?: string; title?: string; errors?: { path: string; message: string }[] } = {};
  try {
    problem = JSON.parse(text);
  } catch {
    // Something between the service and us answered.
  }
  if (status === 401) {
    return new ApiError(
      401,
      'unauthenticated',
      `The service at ${url} does not accept the token: give one by --token or PLIMSOLL_TOKEN.`,
    );
  }
  const fields = (problem.errors ?? []).map(({ path, message }) => `\n  ${path}: ${message}`).join('');
  const message = problem.detail ?? problem.title ?? `${url} answered with status ${status}.`;
  return new ApiError(status, problem.code ?? 'unknown', `${message}${fields}`);
}
