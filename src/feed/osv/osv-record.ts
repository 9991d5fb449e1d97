import type { Advisory } from '../../model/advisory.js';
import { parseOsv } from './osv-schema.js';

/** Of one record, uncompressed. */
export const MAX_RECORD_BYTES = 16 * 2 ** 20;

/**
 * Reads one record: of its packages only those of the part's ecosystem are kept, which may be none.
 *
 * @param part the ecosystem, `Debian`, which stands for its releases too
 * @throws Error for what is not JSON, z.ZodError for what does not have the form of the schema; see `describeFault`
 */
export function readOsvRecord(text: string, part: string): Advisory {
  const advisory = parseOsv(parseJson(text));
  advisory.affected = advisory.affected.filter(
    ({ ecosystem }) => ecosystem === part || ecosystem.startsWith(`${part}:`),
  );
  return advisory;
}

/** PostgreSQL's text holds no NUL, so they are taken out; no database means one. */
function parseJson(text: string): unknown {
  if (!text.includes('\\u0000')) return JSON.parse(text);
  return JSON.parse(text, (_, value) => (typeof value === 'string' ? value.replaceAll('\0', '') : value));
}
