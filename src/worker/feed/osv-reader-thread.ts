import { parentPort } from 'node:worker_threads';
import type { RejectedRecord } from '../../feed/feed-record.js';
import { readOsvZip } from '../../feed/osv/osv-zip.js';
import { type ErrorCode, PlimsollError } from '../../model/error.js';
import { CopyBuffer, type CopyChunk } from '../../store/advisory-copy.js';

/*
 * The entry of a thread that reads archives of OSV, one at a time. Only what can be cloned crosses to the main thread, so
 * expected errors are answers.
 */

/** `more` allows one chunk more to be sent. */
export type ReaderRequest = { read: ReadTask } | { more: true };

export type ReaderAnswer = { chunk: ReadChunk } | { end: true } | { error: { code: ErrorCode; message: string } };

interface ReadTask {
  path: string;
  part: string;
}

export interface ReadChunk {
  records: CopyChunk;
  /** Of the records since the chunk before, those that gave no advisory. */
  leftOut: LeftOutEntry[];
}

/** `passed` has no packages of the part. */
type LeftOutEntry = { rejected: RejectedRecord } | { passed: { id: string; modified: Date } };

/** Chunks that are sent before they are asked for: one to be written, one to wait. */
const AHEAD = 2;

/** Entries that are sent without a chunk's worth of records. */
const LEFT_OUT = 10_000;

class Reader {
  private allowed = 0;
  private wake: () => void = () => undefined;

  constructor(private readonly answer: (answer: ReaderAnswer) => void) {}

  request(request: ReaderRequest): void {
    if ('read' in request) {
      void this.read(request.read);
    } else {
      this.allowed += 1;
      this.wake();
    }
  }

  private async read(task: ReadTask): Promise<void> {
    this.allowed = AHEAD;
    try {
      for await (const chunk of chunksOf(task)) {
        while (this.allowed === 0) await new Promise<void>((resolve) => (this.wake = resolve));
        this.allowed -= 1;
        this.answer({ chunk });
      }
      this.answer({ end: true });
    } catch (error) {
      // What was not expected ends the thread, which the main thread hears of.
      if (!(error instanceof PlimsollError)) throw error;
      this.answer({ error: { code: error.code, message: error.message } });
    }
  }
}

async function* chunksOf({ path, part }: ReadTask): AsyncGenerator<ReadChunk> {
  const buffer = new CopyBuffer('osv', part);
  let leftOut: LeftOutEntry[] = [];
  const take = () => {
    const chunk = { records: buffer.take(), leftOut };
    leftOut = [];
    return chunk;
  };
  // Whoever does not want the rest ends the thread.
  for await (const record of readOsvZip(path, part, new AbortController().signal)) {
    if ('rejected' in record) leftOut.push({ rejected: record.rejected });
    else if (record.advisory.affected.length > 0) buffer.add(record.advisory);
    else leftOut.push({ passed: { id: record.advisory.id, modified: record.advisory.modified } });
    if (buffer.isFull || leftOut.length >= LEFT_OUT) yield take();
  }
  yield take();
}

const port = parentPort;
if (!port) throw new Error('this is the entry of a thread');
const reader = new Reader((answer) => port.postMessage(answer));
port.on('message', (request: ReaderRequest) => reader.request(request));
