import * as http from 'node:http';
import * as https from 'node:https';
import { z } from 'zod';
import { marksOf, mayHoldOver } from '../../../engine/extractor/value-count.js';
import { PlimsollError } from '../../../model/error.js';
import { askDaemon, type DaemonAnswer, type DaemonOptions, describe, messageOf } from '../../daemon/daemon-client.js';

export interface EngineLimits {
  /** For one request, milliseconds. */
  requestMs: number;
  /** For all that is asked of an engine, milliseconds. */
  totalMs: number;
  /** Of one answer. */
  answerBytes: number;
  /** Of all answers together. */
  totalBytes: number;
}

export const ENGINE_LIMITS: EngineLimits = {
  requestMs: 30_000,
  totalMs: 300_000,
  answerBytes: 64 * 2 ** 20,
  totalBytes: 512 * 2 ** 20,
};

/** Requests at the same time. */
const CONCURRENCY = 8;

/** Values of an answer, each of which may take some hundred bytes once it is parsed. */
const MAX_VALUES = 2_000_000;
const MARKS = marksOf('[{,');

/** Why an engine gave no answer that could be used. */
export class Unanswered extends Error {
  constructor(
    readonly kind: 'missing' | 'forbidden' | 'failed' | 'unreadable' | 'limit',
    /** The rest of a sentence that begins with what was asked for: `could not be read: …`, without a full stop. */
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Asks one engine over a few connections that are kept. Time and bytes are bounded, for each request and for all. */
export class EngineClient {
  private readonly agent: http.Agent;
  private readonly end: number;
  private bytes = 0;

  constructor(
    private readonly daemon: DaemonOptions,
    private readonly signal: AbortSignal,
    private readonly limits: EngineLimits,
  ) {
    const options = { keepAlive: true, maxSockets: CONCURRENCY, maxFreeSockets: CONCURRENCY };
    const isTls = daemon.address.kind === 'tcp' && daemon.tls !== null;
    this.agent = isTls ? new https.Agent(options) : new http.Agent(options);
    this.end = Date.now() + limits.totalMs;
  }

  get address(): string {
    return describe(this.daemon.address);
  }

  close(): void {
    this.agent.destroy();
  }

  /**
   * @throws Unanswered, PlimsollError of `askDaemon`; the signal's reason when it is aborted
   */
  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const chunks: Buffer[] = [];
    await this.read(path, this.limits.answerBytes, 'fail', (chunk) => chunks.push(chunk));
    const body = Buffer.concat(chunks);
    if (mayHoldOver(MAX_VALUES, body, MARKS))
      throw new Unanswered('limit', 'could not be read: the answer holds more values than an engine has');
    let json: unknown;
    try {
      json = JSON.parse(body.toString('utf8'));
    } catch {
      throw new Unanswered('unreadable', 'could not be read: the answer is no JSON');
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    throw new Unanswered(
      'unreadable',
      `could not be read: the answer has another form than was expected (${issueOf(parsed.error)})`,
    );
  }

  /**
   * Reads an answer's body piece by piece.
   *
   * @param over what to do with a body of more bytes: give up, or take what came so far
   * @returns whether all of it was read
   */
  async read(
    path: string,
    maxBytes: number,
    over: 'fail' | 'cut',
    take: (chunk: Buffer) => void,
    requestMs = this.limits.requestMs,
  ): Promise<boolean> {
    const left = Math.min(requestMs, this.end - Date.now());
    if (left <= 0)
      throw new Unanswered(
        'limit',
        `was not asked for: the time for one engine, ${this.limits.totalMs / 1000} s, was over`,
      );
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), left);
    let begun = false;
    try {
      const answer = await this.ask(path, AbortSignal.any([this.signal, timeout.signal]));
      if (answer.status !== 200) throw await refusal(answer);
      return await this.drain(answer, maxBytes, over, (chunk) => {
        begun = true;
        take(chunk);
      });
    } catch (error) {
      this.signal.throwIfAborted();
      if (timeout.signal.aborted) {
        if (over === 'cut' && begun) return false;
        throw new Unanswered('limit', `could not be read: the answer did not end within ${left / 1000} s`);
      }
      if (error instanceof Unanswered || error instanceof PlimsollError) throw error;
      throw new Unanswered(
        'failed',
        `could not be read: the answer broke off (${(error as NodeJS.ErrnoException).code ?? 'no code'})`,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** An engine may close a connection that was kept just when it is used again: then it is asked once more on a new one. */
  private async ask(path: string, signal: AbortSignal): Promise<DaemonAnswer> {
    try {
      return await askDaemon(this.daemon, path, signal, this.agent);
    } catch (error) {
      const code = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined)?.code : undefined;
      if (signal.aborted || (code !== 'ECONNRESET' && code !== 'EPIPE')) throw error;
      return await askDaemon(this.daemon, path, signal);
    }
  }

  private async drain(
    { stream }: DaemonAnswer,
    maxBytes: number,
    over: 'fail' | 'cut',
    take: (chunk: Buffer) => void,
  ): Promise<boolean> {
    let bytes = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        const room = Math.min(maxBytes - bytes, this.limits.totalBytes - this.bytes);
        if (chunk.length > room) {
          if (over === 'fail')
            throw new Unanswered('limit', 'could not be read: the answer is larger than what is read of an engine');
          take(chunk.subarray(0, Math.max(0, room)));
          return false;
        }
        bytes += chunk.length;
        this.bytes += chunk.length;
        take(chunk);
      }
      return true;
    } finally {
      stream.on('error', () => undefined);
      stream.destroy();
    }
  }
}

/** Calls for each, a few at the same time. Stops at the first that throws. */
export async function forEachConcurrently<T>(items: readonly T[], call: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: Math.min(CONCURRENCY, items.length) }, async () => {
    for (const item of queue) await call(item);
  });
  await Promise.all(workers);
}

async function refusal(answer: DaemonAnswer): Promise<Unanswered> {
  const { status } = answer;
  const said = await messageOf(answer);
  const reason = `could not be read: the engine refused it (${status}${said === null ? '' : `: ${said}`})`;
  if (status === 401 || status === 403) return new Unanswered('forbidden', reason);
  return new Unanswered(status === 404 ? 'missing' : 'failed', reason);
}

function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  const where = issue?.path.slice(0, 6).map(String).join('.') ?? '';
  return `${where === '' ? 'the whole' : where}: ${issue?.message ?? 'invalid'}`
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 200);
}
