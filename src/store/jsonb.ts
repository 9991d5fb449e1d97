/**
 * JSON as PostgreSQL's jsonb and text accept it: they refuse U+0000 and lone surrogates (RFC 8259 allows both), which
 * whoever builds an image can put into a package's name. Both become U+FFFD.
 */
export function jsonb(value: unknown): string {
  const text = JSON.stringify(value);
  // Both are escaped in JSON; nearly all is without, and need not be looked at string by string.
  if (!MAY_BE_REFUSED.test(text)) return text;
  return JSON.stringify(value, (_key, part) => (typeof part === 'string' ? storable(part) : part));
}

/** Also what only looks like it, a backslash before `u0000`. */
const MAY_BE_REFUSED = /\\u(?:0000|d[89a-f])/;

/** A text that is no JSON, by the same rule. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
