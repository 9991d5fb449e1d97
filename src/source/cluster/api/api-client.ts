import * as http from 'node:http';
import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlimsollError } from '../../../model/error.js';
import type { Raw } from '../object/fields.js';
import type { ClusterAccess } from './cluster-access.js';

/** Of one answer: a page has some 3 MB. Bytes. */
const MAX_ANSWER = 64 * 1024 * 1024;

/** Until the answer is whole, milliseconds. */
const ANSWER_LIMIT_MS = 60_000;

/** Tries of what may go well the next time. */
const TRIES = 4;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export const JSON_TYPE = 'application/json';

/** Metadata alone: the API server leaves out all other fields. */
export const METADATA_TYPE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** An answer that is not what was asked for. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    /** HTTP's; null where there was no whole answer. */
    readonly status: number | null,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface ApiClientOptions {
  access: ClusterAccess;
  signal: AbortSignal;
  /** How long an answer may take, milliseconds. */
  answerLimitMs?: number;
  maxAnswerBytes?: number;
  /** Waits so many milliseconds. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Sends GET to an API server, and nothing else. */
export class ApiClient {
  private readonly agent: http.Agent;

  constructor(private readonly options: ApiClientOptions) {
    const { access } = options;
    const settings = { keepAlive: true, maxSockets: 8 };
    this.agent =
      access.server.protocol === 'https:' ? new https.Agent({ ...settings, ...access.tls }) : new http.Agent(settings);
  }

  /**
   * @param path with its query: `/api/v1/pods?limit=500`
   * @throws ApiFailure, PlimsollError `kubeconfig_invalid`; whatever the signal was aborted with
   */
  async get(path: string, accept = JSON_TYPE): Promise<{ [key: string]: Raw }> {
    const pause = this.options.pause ?? ((ms, signal) => sleep(ms, undefined, { signal }));
    for (let attempt = 1; ; attempt += 1) {
      this.options.signal.throwIfAborted();
      try {
        return await this.once(path, accept);
      } catch (error) {
        this.options.signal.throwIfAborted();
        if (!(error instanceof Retryable) || attempt >= TRIES) throw error instanceof Retryable ? error.failure : error;
        const own = Math.min(FIRST_PAUSE_MS * 4 ** (attempt - 1), LONGEST_PAUSE_MS);
        await pause(Math.min(Math.max(own, error.afterMs), LONGEST_PAUSE_MS), this.options.signal);
      }
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private async once(path: string, accept: string): Promise<{ [key: string]: Raw }> {
    const { status, headers, body } = await this.send(path, accept);
    if (status !== 200) {
      const failure = new ApiFailure(status, `it answered ${status}${reasonOf(body)}`);
      const isPassing = status === 429 || status === 500 || status === 502 || status === 503 || status === 504;
      throw isPassing ? new Retryable(failure, secondsOf(headers['retry-after']) * 1_000) : failure;
    }
    let value: Raw;
    try {
      value = JSON.parse(body.toString('utf8')) as Raw;
    } catch {
      throw new ApiFailure(null, 'it answered with something that is no JSON');
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw new ApiFailure(null, 'it answered with JSON that is no object');
  }

  private async send(
    path: string,
    accept: string,
  ): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }> {
    const { access, signal } = this.options;
    const limit = AbortSignal.timeout(this.options.answerLimitMs ?? ANSWER_LIMIT_MS);
    const { server } = access;
    const headers = { ...(await access.headers()), accept, 'user-agent': 'plimsoll' };
    const { request } = server.protocol === 'https:' ? https : http;
    try {
      return await new Promise((resolve, reject) => {
        const sent = request(
          {
            protocol: server.protocol,
            // Node takes an IPv6 address without its brackets.
            hostname: server.hostname.replace(/^\[|\]$/g, ''),
            port: server.port,
            path: `${server.pathname.replace(/\/$/, '')}${path}`,
            headers,
            agent: this.agent,
            signal: AbortSignal.any([signal, limit]),
          },
          (response) => {
            readBody(response, this.options.maxAnswerBytes ?? MAX_ANSWER).then(
              (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
              reject,
            );
          },
        );
        sent.on('error', reject);
        sent.end();
      });
    } catch (error) {
      if (error instanceof PlimsollError || error instanceof ApiFailure) throw error;
      const { code } = error as NodeJS.ErrnoException;
      const why = limit.aborted ? 'it took too long' : `the connection failed (${code ?? 'it was cut'})`;
      const failure = new ApiFailure(null, why, { cause: error });
      // A certificate is not better the next time.
      throw /CERT|SIGNED|ALTNAME|^ERR_SSL|^ERR_TLS|VERIFY/.test(code ?? '') ? failure : new Retryable(failure, 0);
    }
  }
}

/** What may go well the next time. */
class Retryable extends Error {
  constructor(
    readonly failure: ApiFailure,
    readonly afterMs: number,
  ) {
    super(failure.message);
  }
}

async function readBody(response: http.IncomingMessage, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > most) {
      response.destroy();
      throw new ApiFailure(null, `its answer has more than ${most} bytes`);
    }
    parts.push(part);
  }
  if (response.complete) return Buffer.concat(parts);
  throw new Error('the answer was cut');
}

/** Of a Status: its reason is a word of Kubernetes' own, while its message could repeat anything. */
function reasonOf(body: Buffer): string {
  const reason = /"reason"\s*:\s*"([A-Za-z]{1,60})"/.exec(body.toString('utf8', 0, 4_096))?.[1];
  return reason === undefined ? '' : ` ${reason}`;
}

function secondsOf(header: string | undefined): number {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}
