/** All that some keys lead to, with them. */
export function reachable(from: Iterable<string>, next: (key: string) => Iterable<string>): Set<string> {
  const seen = new Set<string>();
  // A stack of our own: what leads to what comes from outside, and may be a chain of any length, or a circle.
  const pending = [...from];
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    for (const following of next(key)) pending.push(following);
  }
  return seen;
}

/** What is only for development: what development leads to, and nothing that is needed. */
export function developmentOnly(
  development: Iterable<string>,
  needed: Iterable<string>,
  next: (key: string) => Iterable<string>,
): Set<string> {
  const kept = reachable(needed, next);
  return new Set([...reachable(development, next)].filter((key) => !kept.has(key)));
}
