/**
 * JSON as PostgreSQL's jsonb and text accept it: they refuse U+0000 and lone surrogates (RFC 8259 allows both), which
 * whoever builds an image can put into a package's name. Both become U+FFFD.
 */
export function jsonb(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (typeof part === 'string' ? storable(part) : part));
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
