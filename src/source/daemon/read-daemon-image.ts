import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { PlimsollError } from '../../model/error.js';
import { planDockerArchive } from '../archive/docker-archive.js';
import { type ReadImageOptions, readPlan } from '../archive/read-image.js';
import type { SourceImage } from '../archive/read-layers.js';
import { TarArchive } from '../archive/tar-archive.js';
import { askDaemon, type DaemonAnswer, type DaemonOptions, describe, messageOf } from './daemon-client.js';

export interface DaemonImageOptions extends ReadImageOptions {
  daemon: DaemonOptions;
  /** Bytes of an image above which it is not fetched. */
  maxImageBytes: number;
}

/** Of what an engine says of an image: about how much it will send, bytes. */
const inspected = z.object({ Size: z.number().nonnegative().catch(0) });
const MAX_INSPECTED = 8 * 1024 * 1024;

/**
 * Reads an image from a container engine, which sends it as `docker save` writes it.
 *
 * @param image an id, or a name with a tag or digest
 * @throws PlimsollError `image_not_found`, `daemon_unreachable`, `daemon_forbidden`, `daemon_failed`,
 *   `archive_truncated` for what breaks off, `limit_exceeded`, and what an archive gives
 */
export async function readDaemonImage(image: string, options: DaemonImageOptions): Promise<SourceImage> {
  const { onProgress, tempDir } = options;
  const expected = await sizeOf(image, options);
  await mkdir(tempDir, { recursive: true, mode: 0o700 });
  // Resolved, as files are opened by where they really are.
  const path = join(await realpath(tempDir), randomUUID());
  try {
    await fetchImage(image, path, options, (bytes) => onProgress(Math.min(1, bytes / Math.max(1, expected)) / 2));
    const name = `docker-daemon:${image}`;
    const plan = await planDockerArchive(await TarArchive.open(path, name), null, options.platform);
    return await readPlan(plan, { ...options, onProgress: (fraction) => onProgress((1 + fraction) / 2) });
  } finally {
    await rm(path, { force: true });
  }
}

/** Asked first, since only here an engine says clearly that there is no such image. */
async function sizeOf(image: string, { daemon, signal }: DaemonImageOptions): Promise<number> {
  const answer = await askDaemon(daemon, `/images/${image}/json`, signal);
  if (answer.status !== 200) throw await refusal(answer, image, daemon);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_INSPECTED) {
      throw new PlimsollError(
        'daemon_failed',
        `${describe(daemon.address)} says more of ${image} than an engine does.`,
      );
    }
    chunks.push(chunk);
  }
  try {
    return inspected.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).Size;
  } catch (cause) {
    const message = `${describe(daemon.address)} does not answer as a container engine does: is PLIMSOLL_DOCKER_HOST right?`;
    throw new PlimsollError('daemon_failed', message, { cause });
  }
}

async function fetchImage(
  image: string,
  path: string,
  { daemon, signal, maxImageBytes }: DaemonImageOptions,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const answer = await askDaemon(daemon, `/images/${image}/get`, signal);
  if (answer.status !== 200) throw await refusal(answer, image, daemon);
  const limited = limit(answer.stream, image, maxImageBytes, onBytes);
  try {
    await pipeline(limited, createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 2 ** 20 }), { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw asFetchError(error, image, daemon);
  }
}

async function* limit(
  chunks: AsyncIterable<Buffer>,
  image: string,
  maxBytes: number,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      const message = `${image} has more than ${maxBytes} bytes: raise PLIMSOLL_MAX_LAYER_BYTES if that is right.`;
      throw new PlimsollError('limit_exceeded', message);
    }
    onBytes(bytes);
    yield chunk;
  }
}

async function refusal(answer: DaemonAnswer, image: string, { address }: DaemonOptions): Promise<PlimsollError> {
  const said = await messageOf(answer);
  if (answer.status === 404) {
    const message = `The container engine at ${describe(address)} has no image ${image}: pull it there, or scan docker://${image}.`;
    return new PlimsollError('image_not_found', message);
  }
  if (answer.status === 401 || answer.status === 403) {
    const message = `The container engine at ${describe(address)} refuses to give images (${answer.status}): what is in between allows it to nobody.`;
    return new PlimsollError('daemon_forbidden', message);
  }
  const message = `The container engine at ${describe(address)} could not give ${image} (${answer.status}${said === null ? '' : `: ${said}`}).`;
  return new PlimsollError('daemon_failed', message);
}

function asFetchError(error: unknown, image: string, { address }: DaemonOptions): unknown {
  if (error instanceof PlimsollError) return error;
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT': {
      const message = `There is no space left in the data folder for ${image}: make space, then scan again.`;
      return new PlimsollError('limit_exceeded', message, { cause: error });
    }
    case 'ECONNRESET':
    case 'ETIMEDOUT':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE': {
      const message = `The container engine at ${describe(address)} broke off while it sent ${image} (${code}): look at its log, then scan again.`;
      return new PlimsollError('archive_truncated', message, { cause: error });
    }
    default:
      return error;
  }
}
