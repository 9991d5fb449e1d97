import * as http from 'node:http';
import * as https from 'node:https';
import { PlimsollError } from '../../model/error.js';
import type { GuardedAgents } from './guarded-agents.js';
import { PassingFailure } from './retry.js';

export interface Request {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** Sent only to the origin of `url`, never to where that redirects. */
  authorization: string | null;
  body?: string;
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Who answered, after redirects. */
  url: URL;
  /** Has to be read, or given to `discard`. */
  stream: http.IncomingMessage;
}

export interface Connections {
  agents: GuardedAgents;
  signal: AbortSignal;
}

/** Until there is a connection, milliseconds. */
const CONNECT_LIMIT_MS = 15_000;

/** Until the headers are there, and between two pieces of a body, milliseconds: a caching registry first fetches a blob itself. */
const SILENCE_LIMIT_MS = 120_000;

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Bytes of a body that nobody wants, up to which it is cheaper to read it than to connect again. */
const MAX_DISCARDED = 64 * 1024;

/** Who asks. Some registries refuse a client without a name. */
const USER_AGENT = 'plimsoll';

/**
 * Sends a request and follows redirects: to http and https only, never from https to http, at most five. Authorization
 * goes no further than to the first origin.
 *
 * @throws PassingFailure when no connection could be made or it broke
 * @throws PlimsollError `address_not_allowed`, `certificate_untrusted`, `registry_invalid`, `registry_unreachable`
 */
export async function exchange(request: Request, connections: Connections): Promise<Answer> {
  let { url, authorization } = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await send({ ...request, url, authorization }, connections);
    const { location } = answer.headers;
    if (!REDIRECTS.has(answer.status) || location === undefined) return answer;
    discard(answer);
    // A body may hold a secret, and no registry redirects one.
    if (request.method !== 'GET') throw invalid(url, 'redirects a POST');
    if (redirects === MAX_REDIRECTS) throw invalid(request.url, `redirects more than ${MAX_REDIRECTS} times`);
    const next = redirectTarget(location, url);
    if (next.origin !== url.origin) authorization = null;
    url = next;
  }
}

/** Lets go of an answer whose body is not wanted. */
export function discard({ stream, headers }: Answer): void {
  stream.on('error', () => undefined);
  if (Number(headers['content-length'] ?? Number.NaN) <= MAX_DISCARDED) stream.resume();
  else stream.destroy();
}

/**
 * The body as a whole.
 *
 * @throws PassingFailure when it breaks off
 * @throws PlimsollError `limit_exceeded`
 */
export async function readBody({ stream, headers }: Answer, name: string, limit: number): Promise<Buffer> {
  const tooLarge = () => {
    stream.on('error', () => undefined);
    stream.destroy();
    return new PlimsollError('limit_exceeded', `${name} has more than ${limit} bytes, the limit for a document.`);
  };
  if (Number(headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    throw asFailure(error, name);
  }
  return Buffer.concat(chunks);
}

function send(request: Request, { agents, signal }: Connections): Promise<Answer> {
  const { method, url, headers, authorization, body } = request;
  const open: typeof https.request = url.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const outgoing = open(url, {
      method,
      agent: agents.for(url),
      signal,
      headers: {
        'user-agent': USER_AGENT,
        ...headers,
        ...(authorization !== null && { authorization }),
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      },
    });
    const timeout = (what: string) => Object.assign(new Error(what), { code: 'ETIMEDOUT' });
    outgoing.setTimeout(SILENCE_LIMIT_MS, () => outgoing.destroy(timeout('silence')));
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => outgoing.destroy(timeout('no connection')), CONNECT_LIMIT_MS);
      for (const event of ['connect', 'close'] as const) socket.once(event, () => clearTimeout(timer));
    });
    outgoing.on('error', (error) => reject(signal.aborted ? signal.reason : asFailure(error, url.host)));
    outgoing.on('response', (stream) => {
      resolve({ status: stream.statusCode ?? 0, headers: stream.headers, url, stream });
    });
    outgoing.end(body);
  });
}

function redirectTarget(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) throw invalid(from, 'redirects to what is no address');
  const target = new URL(location, from.href);
  const isWeb = target.protocol === 'https:' || target.protocol === 'http:';
  if (!isWeb) throw invalid(from, `redirects to ${target.protocol}, where http or https was expected`);
  if (from.protocol === 'https:' && target.protocol === 'http:') {
    throw invalid(from, `redirects from https to http (${target.host})`);
  }
  target.username = '';
  target.password = '';
  return target;
}

function invalid({ host }: URL, what: string): PlimsollError {
  return new PlimsollError('registry_invalid', `${host} ${what}: that is not followed.`);
}

/** What may be otherwise a moment later. */
const PASSING = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'HPE_INVALID_EOF_STATE',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

const CERTIFICATE =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH)/;

/** Of the operating system, of the resolver, of Node's HTTP parser, TLS and streams. */
const NETWORK = /^(?:E[A-Z0-9_]+$|HPE_|ERR_TLS|ERR_STREAM|ERR_HTTP|ABORT_ERR)/;

/** What an error of the network means. Its own text stays in the log: it may hold addresses. */
export function asFailure(error: unknown, host: string): unknown {
  if (error instanceof PlimsollError || error instanceof PassingFailure) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const cause = { cause: error };
  if (CERTIFICATE.test(code)) {
    const message = `The certificate of ${host} is not trusted (${code}): give the certificate of its authority as "ca" in the registry's settings.`;
    return new PlimsollError('certificate_untrusted', message, cause);
  }
  if (PASSING.has(code)) {
    return new PassingFailure(new PlimsollError('registry_unreachable', unreachable(host, code), cause));
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    const message = `${host} does not speak TLS as expected (${code}): a registry with plain HTTP needs "insecure" in its settings.`;
    return new PlimsollError('registry_unreachable', message, cause);
  }
  if (NETWORK.test(code)) return new PlimsollError('registry_unreachable', unreachable(host, code), cause);
  return error;
}

function unreachable(host: string, code: string): string {
  return `${host} cannot be reached, or broke off its answer (${code}): check the host, and whether it is up.`;
}
