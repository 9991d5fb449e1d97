import * as http from 'node:http';
import * as https from 'node:https';
import type { DaemonAddress } from '../../model/daemon.js';
import { PlimsollError } from '../../model/error.js';

/** PEM texts, as Docker keeps them in ca.pem, cert.pem and key.pem. */
export interface DaemonTls {
  ca: string;
  cert: string;
  key: string;
}

export interface DaemonOptions {
  address: DaemonAddress;
  /** Null: plain HTTP, which only a socket should be spoken to by. */
  tls: DaemonTls | null;
}

export interface DaemonAnswer {
  status: number;
  stream: http.IncomingMessage;
}

/** An engine collects a whole image before it sends the first byte, milliseconds. */
const ANSWER_LIMIT_MS = 600_000;

/** Bytes of an error's JSON. */
const MAX_MESSAGE = 16 * 1024;

/**
 * Sends a GET to a container engine: Docker Engine API, which Podman speaks too.
 *
 * @param path without the API's version: the engine's newest
 * @param agent keeps connections for requests to come; without one each has a connection of its own
 * @throws PlimsollError `daemon_unreachable`, `daemon_forbidden`
 */
export function askDaemon(
  { address, tls }: DaemonOptions,
  path: string,
  signal: AbortSignal,
  agent: http.Agent | false = false,
): Promise<DaemonAnswer> {
  const where = describe(address);
  const target =
    address.kind === 'unix'
      ? { socketPath: address.path, headers: { host: 'docker' } }
      : { host: address.host, port: address.port, ...tls };
  const request: typeof https.request = address.kind === 'tcp' && tls !== null ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...target, path, method: 'GET', agent, signal });
    outgoing.setTimeout(ANSWER_LIMIT_MS, () => {
      outgoing.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' }));
    });
    outgoing.on('error', (error) => reject(signal.aborted ? signal.reason : asDaemonError(error, where)));
    outgoing.on('response', (stream) => resolve({ status: stream.statusCode ?? 0, stream }));
    outgoing.end();
  });
}

/** What the engine said is wrong, for a message; null where it said nothing that can be printed. */
export async function messageOf({ stream }: DaemonAnswer): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_MESSAGE) return null;
      chunks.push(chunk);
    }
    const { message } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { message?: unknown };
    return typeof message === 'string' ? message.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300) : null;
  } catch {
    return null;
  } finally {
    stream.on('error', () => undefined);
    stream.destroy();
  }
}

export function describe(address: DaemonAddress): string {
  return address.kind === 'unix' ? `unix://${address.path}` : `tcp://${address.host}:${address.port}`;
}

function asDaemonError(error: unknown, where: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const cause = { cause: error };
  if (code === 'EACCES' || code === 'EPERM') {
    const message = `The service's user may not use the container engine at ${where}: add it to the group of the socket.`;
    return new PlimsollError('daemon_forbidden', message, cause);
  }
  if (/^(?:ERR_TLS|ERR_SSL|UNABLE_TO_)|CERT/.test(code)) {
    const message = `The container engine at ${where} and this service do not trust each other's certificates (${code}): check PLIMSOLL_DOCKER_CERT_PATH.`;
    return new PlimsollError('daemon_unreachable', message, cause);
  }
  if (code === '') return error;
  const message = `No container engine answers at ${where} (${code}): is it running, and is PLIMSOLL_DOCKER_HOST right?`;
  return new PlimsollError('daemon_unreachable', message, cause);
}
