import type { StoredPart } from '../../store/feed-part.js';

/** How long changes are followed before a part is read as a whole again: a source may change a record and not say so. */
const WHOLE_AFTER_MS = 7 * 86_400_000;

/** Whether a part whose changes were followed has to be read as a whole. */
export function isWholeDue({ cursor, wholeAt }: StoredPart): boolean {
  return cursor !== null && Date.now() - wholeAt.getTime() > WHOLE_AFTER_MS;
}
