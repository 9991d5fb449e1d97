import { on } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { PlimsollError } from '../../model/error.js';
import type { ReadChunk, ReaderAnswer, ReaderRequest } from './osv-reader-thread.js';

/** A thread that needs more than this reads something that was made to exhaust it. */
const MAX_HEAP_MB = 512;

/** Records live for less than a millisecond: with less room than this, many are kept until a large collection. */
const YOUNG_HEAP_MB = 48;

/**
 * Reads archives of OSV in a thread of its own, which makes of them what COPY takes: to inflate, parse and check a record is
 * three quarters of the processor time that its import takes outside of the database, and the API is answered meanwhile.
 */
export class OsvReader {
  private thread: Worker | null = null;

  /**
   * One archive at a time. The thread reads ahead by no more than two chunks.
   *
   * @param part the ecosystem, `Debian`, which stands for its releases too
   * @throws PlimsollError `feed_source_invalid` when the file is not a whole zip archive, `limit_exceeded`
   */
  async *read(path: string, part: string, signal: AbortSignal): AsyncGenerator<ReadChunk> {
    signal.throwIfAborted();
    const thread = this.start();
    const request = (what: ReaderRequest) => thread.postMessage(what);
    let isRead = false;
    try {
      const answers = on(thread, 'message', { signal, close: ['exit'] });
      request({ read: { path, part } });
      for await (const [answer] of answers as AsyncIterable<[ReaderAnswer]>) {
        if ('chunk' in answer) {
          yield answer.chunk;
          request({ more: true });
          continue;
        }
        isRead = true;
        if ('error' in answer) throw new PlimsollError(answer.error.code, answer.error.message);
        return;
      }
      throw new Error('the thread that reads advisories ended');
    } catch (error) {
      signal.throwIfAborted();
      if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
      const message = `${part}/all.zip takes more than ${MAX_HEAP_MB} MiB of memory to read: nothing real does.`;
      throw new PlimsollError('limit_exceeded', message, { cause: error });
    } finally {
      // It would go on to send what nobody takes.
      if (!isRead) await this.close();
    }
  }

  /** Ends the thread; the next archive gets another one. */
  async close(): Promise<void> {
    const { thread } = this;
    this.thread = null;
    await thread?.terminate();
  }

  private start(): Worker {
    if (this.thread) return this.thread;
    // The service is started with a flag that keeps its young generation small, which would hold for threads whatever their
    // own limit is. The heap of this thread is as it was made.
    setFlagsFromString('--max-semi-space-size=0');
    const thread = new Worker(threadFile(), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    });
    // Who reads hears of both; between two archives nobody does, and the next one needs another thread.
    thread.on('error', () => undefined);
    thread.once('exit', () => {
      if (this.thread === thread) this.thread = null;
    });
    this.thread = thread;
    return thread;
  }
}

/** A thread runs what was built, also where the sources are run as they are, in tests. */
function threadFile(): string {
  const folder = import.meta.dirname;
  const isBuilt = import.meta.filename.endsWith('.js');
  const built = isBuilt ? folder : join(folder, '..', '..', '..', 'dist', 'src', 'worker', 'feed');
  return join(built, 'osv-reader-thread.js');
}
