import type { Package } from './package.js';

/**
 * A package's name in the one form in which its ecosystem takes it for the same: advisories and installed packages are
 * compared in it.
 *
 * @param ecosystem OSV's name, release or not: `PyPI`, `Debian:12`
 */
export function canonicalName(ecosystem: string, name: string): string {
  switch (ecosystem.split(':', 1)[0]) {
    // Python packaging specifications, "Names and normalization".
    case 'PyPI':
      return name.toLowerCase().replace(/[-_.]+/g, '-');
    case 'NuGet':
    case 'Packagist':
      return name.toLowerCase();
    default:
      return name;
  }
}

/**
 * Every name that advisories may use for a package, by source or by binary: whatever the matcher asks for is among them,
 * so a package is judged again whenever one of them is spoken of.
 */
export function advisoryNames({ ecosystem, name, source }: Pick<Package, 'ecosystem' | 'name' | 'source'>): string[] {
  if (ecosystem === null) return [];
  const names = source === null ? [name] : [name, source.name];
  return [...new Set(names.map((each) => canonicalName(ecosystem, each)))];
}
