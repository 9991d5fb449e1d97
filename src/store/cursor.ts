import { PlimsollError } from '../model/error.js';
import type { Page } from '../model/page.js';

type Key = (string | number)[];

/** Where a page ended, as an opaque text: the sort key of its last row. */
function encodeCursor(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * @param form the types that the key must have, one for each column
 * @throws PlimsollError `malformed_cursor`
 */
export function decodeCursor(cursor: string, form: readonly ('string' | 'number' | 'uuid')[]): Key {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(key) && key.length === form.length && key.every((part, i) => fits(part, form[i])))
      return key as Key;
  } catch {
    // Said below.
  }
  throw new PlimsollError('malformed_cursor', 'The cursor is not one that this list answered: start again without it.');
}

/** Cuts the row that was read beyond the limit, which only tells that there is more. */
export function pageOf<R, T>(rows: R[], limit: number, item: (row: R) => T, key: (row: R) => Key): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null,
  };
}

function fits(part: unknown, form: 'string' | 'number' | 'uuid' | undefined): boolean {
  if (form === 'number') return Number.isSafeInteger(part) && Math.abs(part as number) < 2 ** 31;
  if (typeof part !== 'string' || part.includes('\0')) return false;
  return form === 'string' || UUID.test(part);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
