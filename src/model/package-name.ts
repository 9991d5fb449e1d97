/**
 * A package's name in the one form in which its ecosystem takes it for the same: advisories and installed packages are
 * compared in it.
 *
 * @param ecosystem OSV's name, release or not: `PyPI`, `Debian:12`
 */
export function canonicalName(ecosystem: string, name: string): string {
  switch (withoutRelease(ecosystem)) {
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

/** `Debian` of `Debian:12`. */
function withoutRelease(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}
