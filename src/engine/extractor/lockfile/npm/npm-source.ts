/**
 * Where a version of an npm package comes from, as lockfiles write it: `npm:real@1.0.0` stands for another package, and
 * `file:`, `link:`, `portal:` and `workspace:` for what is part of the project itself.
 */
const LOCAL = /^(?:file|link|portal|workspace|root):/;
const ALIAS = /^npm:((?:@[^/]+\/)?[^@/]+)(?:@(.*))?$/s;

export function isLocal(specifier: string): boolean {
  return LOCAL.test(specifier);
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
