import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { extract, type Header } from 'tar-stream';
import { PlimsollError } from '../../model/error.js';
import { contentOf } from '../file-content.js';

/** A JSON document of an archive, or the name of one that is too large. */
export type ArchivedDocument = { name: string; text: string } | { name: string; oversized: true };

/** The longest VEX document has some 30 MB. */
export const MAX_DOCUMENT_BYTES = 2 ** 27;
/** Of all: some 20 GB, which are unpacked as they are read. */
const MAX_BYTES = 2 ** 37;

/**
 * Reads csaf_vex_YYYY-MM-DD.tar.zst, or a single document, which an archive of one stands for. Names are never used as
 * paths.
 *
 * @throws PlimsollError `feed_source_invalid`, `limit_exceeded`
 */
export async function* archivedDocuments(
  path: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<ArchivedDocument> {
  const options = { name, maxBytes: MAX_BYTES, signal };
  const content = contentOf(path, options);
  const first = await content.next();
  const start: Buffer = first.done ? Buffer.alloc(0) : first.value;
  const all = concatenated(start, content);
  if (start.subarray(0, 64).toString('latin1').trimStart().startsWith('{')) {
    const document = await limited(all, MAX_DOCUMENT_BYTES);
    yield document === null ? { name, oversized: true } : { name, text: document };
    return;
  }
  const entries = extract();
  const source = Readable.from(all, { objectMode: false });
  source.on('error', (error) => entries.destroy(error));
  source.pipe(entries);
  try {
    for await (const entry of entries as AsyncIterable<Readable & { header: Header }>) {
      const { name: file, size = 0, type } = entry.header;
      if (type !== 'file' || !file.endsWith('.json')) {
        entry.resume();
      } else if (size > MAX_DOCUMENT_BYTES) {
        entry.resume();
        yield { name: file, oversized: true };
      } else {
        yield { name: file, text: await text(entry) };
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PlimsollError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const message = `${name} cannot be read as a tar archive: ${why}. Sync again; a mirror has to fetch it again first.`;
    throw new PlimsollError('feed_source_invalid', message, { cause: error });
  } finally {
    source.destroy();
    entries.destroy();
  }
}

async function* concatenated(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* rest;
}

/** @returns null for what is longer */
async function limited(pieces: AsyncIterable<Buffer>, maxBytes: number): Promise<string | null> {
  const all: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > maxBytes) return null;
    all.push(Buffer.from(piece));
  }
  return Buffer.concat(all).toString('utf8');
}
