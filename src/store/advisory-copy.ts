import { hash } from 'node:crypto';
import type { Advisory } from '../model/advisory.js';
import { copyText } from './copy-text.js';
import { jsonb } from './jsonb.js';

/** Characters of a chunk; two of them are held at a time. */
const CHUNK = 4 * 2 ** 20;
/** Characters that are handed to the connection at once. */
const PIECE = 2 ** 16;

/** Records as lines of COPY, in chunks that are written by themselves. */
export async function* copyChunks(records: AsyncIterable<Advisory>): AsyncGenerator<string[]> {
  let pieces: string[] = [];
  let size = 0;
  let lines = '';
  for await (const advisory of records) {
    lines += lineOf(advisory);
    if (lines.length < PIECE) continue;
    pieces.push(lines);
    size += lines.length;
    lines = '';
    // The chunk before is being sent meanwhile, which reading alone would keep waiting.
    await new Promise((resolve) => setImmediate(resolve));
    if (size < CHUNK) continue;
    yield pieces;
    pieces = [];
    size = 0;
  }
  if (lines !== '') pieces.push(lines);
  if (pieces.length > 0) yield pieces;
}

function lineOf(advisory: Advisory): string {
  const record = jsonb(advisory);
  const names = `{${namesOf(advisory)
    .map((name) => JSON.stringify(name))
    .join(',')}}`;
  const { id, withdrawn, modified } = advisory;
  return copyText([id, hash('sha256', record), names, withdrawn === null ? 'f' : 't', modified.toISOString(), record]);
}

/** What a record is found by. A bulletin on several vulnerabilities is no name of any of them. */
function namesOf({ id, aliases, upstream }: Advisory): string[] {
  return [id, ...aliases, ...(upstream.length === 1 ? upstream : [])];
}
