import type { Package, SourcePackage } from '../model/package.js';

/**
 * The purl as other tools expect it in an SBOM: with the source package, under which distributions publish advisories,
 * as the qualifier `upstream`. It is `openssl`, `glibc@2.36-9` where its version differs, the file of an rpm's source.
 */
export function packagePurl({ purl, type, name, version, source }: Package): string {
  if (source === null || (source.name === name && source.version === version)) return purl;
  const upstream = type === 'rpm' ? `${source.name}-${source.version}.src.rpm` : upstreamOf(source, version);
  // Qualifiers are sorted, and none of a system's package comes after this one.
  return `${purl}${purl.includes('?') ? '&' : '?'}upstream=${encodeURIComponent(upstream)}`;
}

function upstreamOf({ name, version }: SourcePackage, ownVersion: string): string {
  return version === ownVersion ? name : `${name}@${version}`;
}
