import { hash } from 'node:crypto';
import type { Advisory } from '../model/advisory.js';
import { copyText } from './copy-text.js';
import { jsonb, storable } from './jsonb.js';

/** Characters of a chunk; two of them are held at a time, and one more in the thread that reads. */
const CHUNK = 4 * 2 ** 20;
/** Characters that are encoded, and handed to the connection, at once. */
const PIECE = 2 ** 16;

/** The columns of `advisories`; a table of the same form can take them as well. */
export const ADVISORY_COLUMNS = 'feed, part, id, digest, names, withdrawn, modified, record';
/** The columns of `packages`. */
export const PACKAGE_COLUMNS = 'feed, part, advisory_id, ecosystem, name';

/** Records as COPY takes them; they can be made in another thread than the one that sends them. */
export interface CopyChunk {
  /** Of records. */
  count: number;
  /** Lines of `ADVISORY_COLUMNS`, in UTF-8. */
  advisories: readonly Uint8Array[];
  /** Lines of `PACKAGE_COLUMNS`: each package that a record names, once. */
  packages: readonly Uint8Array[];
}

/** Makes chunks of records that come one by one. */
export class CopyBuffer {
  private readonly prefix: string;
  private count = 0;
  private advisories = new Pieces();
  private packages = new Pieces();

  constructor(feed: string, part: string) {
    this.prefix = copyText([feed, part, '']).slice(0, -1);
  }

  /** Whether it is time to `take`. */
  get isFull(): boolean {
    return this.advisories.size >= CHUNK;
  }

  /** @returns whether a piece came full, at which other work may be let through */
  add(advisory: Advisory): boolean {
    this.count += 1;
    const id = copyText([advisory.id]).slice(0, -1);
    this.packages.add(this.packageLines(id, advisory));
    return this.advisories.add(`${this.prefix}${id}\t${columnsOf(advisory)}`);
  }

  take(): CopyChunk {
    const chunk = { count: this.count, advisories: this.advisories.end(), packages: this.packages.end() };
    this.count = 0;
    this.advisories = new Pieces();
    this.packages = new Pieces();
    return chunk;
  }

  private packageLines(id: string, { affected }: Advisory): string {
    let lines = '';
    const seen = affected.length > 1 ? new Set<string>() : null;
    for (const { ecosystem, name } of affected) {
      const columns = copyText([storable(ecosystem), storable(name)]);
      if (seen?.has(columns)) continue;
      seen?.add(columns);
      lines += `${this.prefix}${id}\t${columns}`;
    }
    return lines;
  }
}

/** Chunks of records that are read in this thread. */
export async function* copyChunks(
  feed: string,
  part: string,
  records: AsyncIterable<Advisory>,
): AsyncGenerator<CopyChunk> {
  const buffer = new CopyBuffer(feed, part);
  for await (const advisory of records) {
    // The chunk before is being sent meanwhile, which reading alone would keep waiting.
    if (buffer.add(advisory)) await new Promise((resolve) => setImmediate(resolve));
    if (buffer.isFull) yield buffer.take();
  }
  const rest = buffer.take();
  if (rest.count > 0) yield rest;
}

/** Text that is encoded piece by piece: long strings that are put together of short ones cost more memory than bytes. */
class Pieces {
  /** Characters. */
  size = 0;
  private readonly encoded: Uint8Array[] = [];
  private text = '';

  /** @returns whether a piece came full */
  add(lines: string): boolean {
    this.text += lines;
    this.size += lines.length;
    if (this.text.length < PIECE) return false;
    this.encode();
    return true;
  }

  end(): Uint8Array[] {
    if (this.text !== '') this.encode();
    return this.encoded;
  }

  private encode(): void {
    this.encoded.push(Buffer.from(this.text));
    this.text = '';
  }
}

function columnsOf(advisory: Advisory): string {
  const record = jsonb(advisory);
  const names = `{${namesOf(advisory)
    .map((name) => JSON.stringify(name))
    .join(',')}}`;
  const { withdrawn, modified } = advisory;
  return copyText([hash('sha256', record), names, withdrawn === null ? 'f' : 't', modified.toISOString(), record]);
}

/** What a record is found by. A bulletin on several vulnerabilities is no name of any of them. */
function namesOf({ id, aliases, upstream }: Advisory): string[] {
  return [id, ...aliases, ...(upstream.length === 1 ? upstream : [])];
}
