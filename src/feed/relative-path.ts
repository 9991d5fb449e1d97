/**
 * A path that a feed's index may have written as an absolute URL of the vendor, relative to the source: so it holds for
 * mirrors too.
 *
 * @returns null for a URL of another place, and for a path with a NUL
 */
export function relativePath(path: string, publicUrl: string): string | null {
  const base = publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`;
  if (path.includes('\0')) return null;
  if (path.startsWith(base)) return path.slice(base.length);
  return /^[a-z][a-z0-9+.-]*:|^\/\//i.test(path) ? null : path.replace(/^\/+/, '');
}
