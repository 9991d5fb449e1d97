import type { Package } from '../../model/package.js';

/**
 * The release of a language's runtime that a package is, where that is certain: Go's standard library is built into each
 * program, and .NET's runtime packs lie beside the programs that bring their own. A distribution's own build of a
 * language is none: the distribution supports it for longer.
 */
export function runtimeOf({ type, name, version }: Package): { product: string; cycle: string } | null {
  const [, major, minor] = /^(?:go|v)?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return null;
  if (type === 'golang' && name === 'stdlib') return { product: 'go', cycle: `${major}.${minor}` };
  if (type === 'nuget' && /^(?:runtimepack\.)?Microsoft\.NETCore\.App\.Runtime\./i.test(name)) {
    return { product: 'dotnet', cycle: Number(major) >= 5 ? major : `${major}.${minor}` };
  }
  return null;
}
