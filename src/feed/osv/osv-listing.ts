import { textOf } from '../file-content.js';
import { isRecordId } from './osv-parts.js';

/** One line of `modified_id.csv`. */
export interface ListedRecord {
  id: string;
  /** When its database changed it last. */
  modified: Date;
}

/** Of the whole list, bytes. */
const MAX_BYTES = 2 ** 30;

/**
 * Reads `{ecosystem}/modified_id.csv`: a line for each record of the part, `2024-01-01T00:00:00Z,ID`. Every line must be one,
 * to its end: what is told from this list is which records are gone.
 *
 * @param path a local file
 * @throws Error that says which line is none
 */
export async function* readOsvListing(path: string, signal: AbortSignal): AsyncGenerator<ListedRecord> {
  let number = 0;
  let rest = '';
  for await (const text of textOf(path, { name: 'modified_id.csv', maxBytes: MAX_BYTES, signal })) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      number += 1;
      const record = recordOf(line.trimEnd());
      if (record) yield record;
      // Some that write CSV begin with the names of its columns.
      else if (number > 1) throw new Error(`line ${number} is ${JSON.stringify(line.slice(0, 80))}`);
    }
  }
  if (rest === '') return;
  // The last line may lack its end, or be cut.
  const last = recordOf(rest.trimEnd());
  if (last === null) throw new Error('it ends within a line');
  yield last;
}

function recordOf(line: string): ListedRecord | null {
  const [, time = '', zone = 'Z', id = ''] =
    /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:\d{2})?,(.+)$/.exec(line) ?? [];
  const modified = new Date(`${time.replace(' ', 'T')}${zone}`);
  return isRecordId(id) && !Number.isNaN(modified.getTime()) ? { id, modified } : null;
}
