import { createReadStream } from 'node:fs';
import type { ApiClient } from './api-client.js';
import { CommandError, EXIT_CODES } from './exit-code.js';

/** No event is nearly as long, bytes; what is longer is no export. */
const MAX_LINE_BYTES = 16 * 1_048_576;
const NEWLINE = 0x0a;

/** Entries of an export, one JSON value a line; what is no JSON comes as the text that it is. */
export async function* entriesOfFile(path: string): AsyncGenerator<unknown> {
  let parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        parts.push(chunk.subarray(from, end));
        const line = Buffer.concat(parts).toString('utf8').trim();
        if (line !== '') yield parsed(line);
        parts = [];
        length = 0;
        from = end + 1;
      }
      parts.push(chunk.subarray(from));
      length += chunk.length - from;
      if (length > MAX_LINE_BYTES) {
        throw new CommandError(EXIT_CODES.usage, `${path} has a line of more than 16 MiB: expected one event a line.`);
      }
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(EXIT_CODES.usage, `${path} cannot be read (${code ?? message}): check the path.`);
  }
  const last = Buffer.concat(parts).toString('utf8').trim();
  if (last !== '') yield parsed(last);
}

/** Entries of a service's log, to its end. */
export async function* entriesOfService(
  client: ApiClient,
  { after: start = '0', types }: { after?: string; types?: string } = {},
): AsyncGenerator<unknown> {
  const filter = types === undefined ? '' : `&types=${encodeURIComponent(types)}`;
  for (let after = start; ; ) {
    const page = await client.get<{ items: unknown[]; nextCursor: string; hasMore: boolean }>(
      `/v1/events?after=${encodeURIComponent(after)}&limit=500${filter}`,
    );
    yield* page.items;
    if (!page.hasMore || page.nextCursor === after) return;
    after = page.nextCursor;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
