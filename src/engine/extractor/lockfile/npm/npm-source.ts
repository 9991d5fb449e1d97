/** What is part of the project itself, and stays where it is; a file may be of others, and is copied. */
const LINK = /^(?:link|portal|workspace|root):/;
const FILE = 'file:';
/** What stands for another package: `npm:real@1.0.0`. */
const ALIAS = /^npm:((?:@[^/]+\/)?[^@/]+)(?:@(.*))?$/s;

export function isLink(specifier: string): boolean {
  return LINK.test(specifier);
}

/** Where a specifier stands for a version: whether it is local, and so has none. */
export function isLocal(specifier: string): boolean {
  return isLink(specifier) || specifier.startsWith(FILE);
}

/** What an alias stands for; null for a specifier that is none. */
export function aliasOf(specifier: string): { name: string; version: string } | null {
  const [, name, version = ''] = ALIAS.exec(specifier) ?? [];
  return name === undefined ? null : { name, version };
}

/** `@scope/name@rest`, at the first `@` that does not begin a scope; null where there is none. */
export function splitAt(descriptor: string): { name: string; rest: string } | null {
  const at = descriptor.indexOf('@', descriptor.startsWith('@') ? descriptor.indexOf('/') : 1);
  return at <= 0 ? null : { name: descriptor.slice(0, at), rest: descriptor.slice(at + 1) };
}
