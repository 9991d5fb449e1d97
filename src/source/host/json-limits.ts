/** Whether JSON is nested more than so deep: counts brackets outside of strings. */
export function isDeeper(content: Buffer, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < content.length; at += 1) {
    const byte = content[at];
    if (byte === 0x22) at = endOfString(content, at);
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > most) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}

/** A key that would mean something to objects, wherever it is. */
export function forbiddenKey(value: unknown): string | null {
  const pending: unknown[] = [value];
  for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
    if (typeof each !== 'object' || each === null) continue;
    if (Object.hasOwn(each, '__proto__')) return '__proto__';
    for (const item of Object.values(each)) if (typeof item === 'object' && item !== null) pending.push(item);
  }
  return null;
}

function endOfString(content: Buffer, start: number): number {
  for (let at = start + 1; at < content.length; at += 1) {
    if (content[at] === 0x5c) at += 1;
    else if (content[at] === 0x22) return at;
  }
  return content.length;
}
