/**
 * The type of a package URL (purl), which also decides how versions are ordered. What an operating system's package
 * manager installs comes first.
 */
export const PACKAGE_TYPES = [
  'apk',
  'deb',
  'rpm',
  'alpm',
  'npm',
  'pypi',
  'golang',
  'maven',
  'gem',
  'composer',
  'cargo',
  'nuget',
  'pub',
  'hackage',
  'cran',
  'hex',
] as const;
export type PackageType = (typeof PACKAGE_TYPES)[number];

/** Types whose packages belong to a distribution: they have a source package, and own the files that they installed. */
const SYSTEM_TYPES: readonly PackageType[] = ['apk', 'deb', 'rpm', 'alpm'];

export function isSystemType(type: PackageType): boolean {
  return SYSTEM_TYPES.includes(type);
}

/** A package as an extractor read it from one file. */
export interface ExtractedPackage {
  type: PackageType;
  /** As its ecosystem writes it whole: `@scope/name`, `group:artifact`, `github.com/owner/module`, `vendor/name`. */
  name: string;
  /** As the package manager prints it: `1:2.5.1-1build1`, `1.36.1-r29`. */
  version: string;
  /** The source package it was built from; null where the ecosystem has none. */
  source: SourcePackage | null;
  architecture: string | null;
  /** As the package says: SPDX expressions or names, unchecked. */
  licenses: string[];
  /** The modularity label of an rpm, `nodejs:18:8080020230718:63b34585`; null for any other. */
  module: string | null;
  /** Where in the file, which is an archive, it was found: `lib/inner.jar`; only of those. */
  inner?: string;
  /** Of a Maven project whose archive does not tell its group; left out of all others. */
  isGroupGuessed?: true;
}

export interface SourcePackage {
  name: string;
  version: string;
}

/** Where a package was found: the file that lists it, and the diff ID of the layer that brought it. */
export interface PackageLocation {
  /** Absolute in the image, `/lib/apk/db/installed`; inside archives `/app.jar!/lib/inner.jar`. */
  path: string;
  /** `sha256:…`, or null where the target has no layers. */
  layer: string | null;
}

/** A package of an inventory. Two entries never share a purl. */
export interface Package extends ExtractedPackage {
  purl: string;
  /** OSV's name for where advisories come from, `Alpine:v3.10`, `Debian:12`, `npm`; null for an unknown distribution. */
  ecosystem: string | null;
  locations: PackageLocation[];
}
