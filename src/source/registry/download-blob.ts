import type { FileHandle } from 'node:fs/promises';
import { PlimsollError } from '../../model/error.js';
import { type Answer, asFailure, discard } from './exchange.js';
import type { RegistryEndpoint } from './registry-endpoint.js';
import { type Clock, PassingFailure, pauseAfter } from './retry.js';

/** An attempt that brought this much counts as none, bytes: a large layer may break off more often than a small one. */
const PROGRESS = 4 * 1024 * 1024;

/** A connection that brings less is given up, bytes in so many milliseconds. */
const SLOWEST = { bytes: 64 * 1024, ms: 60_000 };

export interface DownloadOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Called with how many bytes came that had not come before. */
  onBytes(count: number): void;
}

/**
 * Downloads a blob of known size into a file. What breaks off is resumed where it ended (RFC 9110 §14.2), or begun again
 * where the other side knows no ranges. The digest is for the reader to check.
 *
 * @returns false when the registry has no such blob
 * @throws PlimsollError `digest_mismatch` for another size, `limit_exceeded` when the disk is full, and what
 *   `RegistryEndpoint.fetch` gives
 */
export async function downloadBlob(
  endpoint: RegistryEndpoint,
  blob: { digest: string; size: number },
  file: FileHandle,
  { clock, signal, onBytes }: DownloadOptions,
): Promise<boolean> {
  const download = new Download(endpoint, blob, file, onBytes);
  for (let failures = 0; ; ) {
    const before = download.highest;
    try {
      return await download.attempt(signal);
    } catch (error) {
      signal.throwIfAborted();
      failures = download.highest - before >= PROGRESS ? 1 : failures + 1;
      await pauseAfter(asFailure(error, endpoint.host), failures, clock, signal);
    }
  }
}

class Download {
  /** How many bytes the file has; the next attempt goes on there. */
  private at = 0;
  /** The most that it has had. */
  highest = 0;

  constructor(
    private readonly endpoint: RegistryEndpoint,
    private readonly blob: { digest: string; size: number },
    private readonly file: FileHandle,
    private readonly onBytes: (count: number) => void,
  ) {}

  async attempt(signal: AbortSignal): Promise<boolean> {
    const { digest, size } = this.blob;
    if (this.at === size) return true;
    const range: Record<string, string> = this.at === 0 ? {} : { range: `bytes=${this.at}-` };
    const answer = await this.endpoint.fetch(`blobs/${digest}`, range, signal);
    if (answer.status === 404) {
      discard(answer);
      return false;
    }
    this.at = this.startOf(answer);
    this.checkLength(answer);
    await this.receive(answer, signal);
    if (this.at < size) throw this.broken('ended its answer early');
    return true;
  }

  /** Where the body of an answer begins. */
  private startOf(answer: Answer): number {
    if (answer.status === 200) return 0;
    const { size } = this.blob;
    const [, first, last, total] =
      /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(answer.headers['content-range'] ?? '') ?? [];
    const isAsked =
      answer.status === 206 &&
      this.at > 0 &&
      Number(first) === this.at &&
      Number(last) < size &&
      (total === '*' || Number(total) === size);
    if (isAsked) return this.at;
    discard(answer);
    this.at = 0;
    throw this.broken('answered with another part than was asked for');
  }

  /** A wrong length is better known before the body than after it. */
  private checkLength(answer: Answer): void {
    const length = answer.headers['content-length'];
    if (length === undefined || this.at + Number(length) <= this.blob.size) return;
    discard(answer);
    throw this.otherSize(`at least ${this.at + Number(length)}`);
  }

  private async receive({ stream }: Answer, signal: AbortSignal): Promise<void> {
    let seen = this.at;
    const timer = setInterval(() => {
      if (this.at - seen < SLOWEST.bytes) stream.destroy(this.broken('is too slow'));
      seen = this.at;
    }, SLOWEST.ms);
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (this.at + chunk.length > this.blob.size) throw this.otherSize('more');
        await this.write(chunk);
        signal.throwIfAborted();
      }
    } finally {
      clearInterval(timer);
      stream.on('error', () => undefined);
      stream.destroy();
    }
  }

  private async write(chunk: Buffer): Promise<void> {
    for (let written = 0; written < chunk.length; ) {
      const { bytesWritten } = await this.file
        .write(chunk, written, chunk.length - written, this.at)
        .catch((error: unknown) => {
          throw diskError(error, this.blob);
        });
      written += bytesWritten;
      this.at += bytesWritten;
    }
    if (this.at <= this.highest) return;
    this.onBytes(this.at - this.highest);
    this.highest = this.at;
  }

  private broken(what: string): PassingFailure {
    const message = `${this.endpoint.host} ${what} while it sent ${this.blob.digest}: try again later.`;
    return new PassingFailure(new PlimsollError('registry_unreachable', message));
  }

  private otherSize(actual: string): PlimsollError {
    const { digest, size } = this.blob;
    const message = `${digest} at ${this.endpoint.host} should have ${size} bytes but has ${actual}: it was damaged or changed, at the registry or on its way.`;
    return new PlimsollError('digest_mismatch', message);
  }
}

/** A full disk is nothing that passes by itself. */
export function diskError(error: unknown, { digest, size }: { digest: string; size: number }): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  const message = `There is no space left in the data folder for ${digest}, which has ${size} bytes: make space, then scan again.`;
  return new PlimsollError('limit_exceeded', message, { cause: error });
}
