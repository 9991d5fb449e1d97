/** Characters that part one value from the next, in a format. */
export function marksOf(characters: string): Uint8Array {
  const marks = new Uint8Array(256);
  for (const character of characters) marks[character.charCodeAt(0)] = 1;
  return marks;
}

/**
 * Whether a document may hold more values than fit in memory: a value that takes two bytes of a file may take a thousand
 * times as many once it is parsed, so the file's size bounds nothing. Never says no too early: what parts values in
 * strings is counted too.
 *
 * @param marks of which the format has at least one for each value
 */
export function mayHoldOver(limit: number, content: Buffer, marks: Uint8Array): boolean {
  if (content.length <= limit) return false;
  let count = 0;
  for (let at = 0; at < content.length; at += 1) count += marks[content[at] ?? 0] ?? 0;
  return count > limit;
}
