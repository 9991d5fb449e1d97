import { PackageURL } from 'packageurl-js';
import {
  type ExtractedPackage,
  isSystemType,
  PACKAGE_TYPES,
  type PackageType,
  type SourcePackage,
} from '../../model/package.js';
import { canonicalName } from '../../model/package-name.js';
import { ecosystemOf } from '../ecosystem.js';

/** A package as its purl tells of it, and of which distribution it is. */
export interface PurlPackage {
  /** Without licences; `source` is null where the purl does not name it. */
  found: ExtractedPackage;
  /** Of a system's package: `debian-12`, `trixie`. */
  distro: string | null;
  /** Of a system's package, in lower case: `debian`. */
  namespace: string | null;
}

/** What a document says of the same package beside its purl. */
export interface Beside {
  /** Names in their own spelling: purls of some types are in lower case. */
  names: readonly string[];
  version: string | null;
}

/** By the type of a purl, which is the same word. Packages of other types have no advisories here. */
const TYPES: ReadonlyMap<string, PackageType> = new Map(PACKAGE_TYPES.map((type) => [type, type]));

/**
 * Reads a package URL.
 *
 * @returns `unknown_type` for a purl of a type that is not matched (`generic`, `github`, `oci`), `invalid` for what is no
 *   purl, or has no version
 */
export function readPurl(text: string, beside: Beside): PurlPackage | 'invalid' | 'unknown_type' {
  const parts = partsOf(text);
  if (!parts) return 'invalid';
  const type = TYPES.get(parts.type);
  if (!type) return 'unknown_type';
  const { namespace, qualifiers } = parts;
  const isSystem = isSystemType(type);
  const written = parts.version ?? beside.version;
  if (parts.name === '' || written === null || written === '') return 'invalid';
  const version = isSystem ? withEpoch(type, written, qualifiers.get('epoch') ?? null, beside.version) : written;
  const name = nameOf(type, namespace, parts.name, beside.names);
  const found: ExtractedPackage = {
    type,
    name,
    version,
    source: isSystem ? sourceOf(type, version, qualifiers.get('upstream') ?? null) : null,
    architecture: isSystem ? (qualifiers.get('arch') ?? null) : null,
    licenses: [],
    module: type === 'rpm' ? (qualifiers.get('rpmmod') ?? qualifiers.get('modularitylabel') ?? null) : null,
  };
  return { found, distro: isSystem ? distroOf(qualifiers) : null, namespace: isSystem ? namespace : null };
}

interface PurlParts {
  type: string;
  namespace: string | null;
  name: string;
  version: string | null;
  qualifiers: ReadonlyMap<string, string>;
}

/**
 * Only taken apart: `fromString` would also change letters, and refuse what an ecosystem does not allow. Qualifiers are
 * read apart, as the library decodes them twice.
 */
function partsOf(text: string): PurlParts | null {
  try {
    const [, bare = '', query = ''] = /^([^?#]*)\??([^#]*)/.exec(text) ?? [];
    const [type, namespace, name, version] = PackageURL.parseString(bare);
    if (!type) return null;
    const pairs = [...new URLSearchParams(query)];
    return {
      type: type.toLowerCase(),
      namespace: namespace?.replace(/^\/+|\/+$/g, '') || null,
      name: name?.trim() ?? '',
      version: version?.trim() || null,
      qualifiers: new Map(pairs.flatMap(([key, value]) => (value === '' ? [] : [[key.toLowerCase(), value]]))),
    };
  } catch {
    return null;
  }
}

/** The epoch is in the version, a qualifier, or, as some tools write Debian's, both; one of 0 is not in a purl. */
function withEpoch(type: PackageType, version: string, epoch: string | null, besideVersion: string | null): string {
  if (epoch !== null && /^\d+$/.test(epoch) && !/^\d+:/.test(version)) return `${epoch}:${version}`;
  return type === 'rpm' && besideVersion === `0:${version}` ? besideVersion : version;
}

/** The whole name, in the document's own spelling where the purl may have lost it. */
function nameOf(type: PackageType, namespace: string | null, name: string, spellings: readonly string[]): string {
  // The namespace of a system's package is its distribution.
  const whole = namespace === null || isSystemType(type) ? name : `${namespace}${type === 'maven' ? ':' : '/'}${name}`;
  if (whole !== whole.toLowerCase()) return whole;
  const ecosystem = ecosystemOf(null, type) ?? '';
  const folded = canonicalName(ecosystem, whole);
  return (
    spellings.find((spelling) => spelling !== whole && canonicalName(ecosystem, spelling).toLowerCase() === folded) ??
    whole
  );
}

/**
 * Of Syft's qualifier `upstream`, which is `name`, `name@version`, or the file of a source rpm: `+` in a query is a space
 * to some, and no name or version has one.
 */
function sourceOf(type: PackageType, version: string, upstream: string | null): SourcePackage | null {
  if (upstream === null) return null;
  const text = upstream.replaceAll(' ', '+');
  const rpm = type === 'rpm' ? /^(.+)-([^-]+-[^-]+)\.[^.]+\.rpm$/.exec(text) : null;
  if (rpm?.[1] && rpm[2]) return { name: rpm[1], version: rpm[2] };
  const at = text.lastIndexOf('@');
  return at > 0 ? { name: text.slice(0, at), version: text.slice(at + 1) } : { name: text, version };
}

/** Docker Scout and cdxgen name the distribution in qualifiers of their own. */
function distroOf(qualifiers: ReadonlyMap<string, string>): string | null {
  const [name, version] = [qualifiers.get('os_name'), qualifiers.get('os_version')];
  const scout = name !== undefined && version !== undefined ? `${name}-${version}` : null;
  return qualifiers.get('distro') ?? scout ?? qualifiers.get('distro_name') ?? null;
}
