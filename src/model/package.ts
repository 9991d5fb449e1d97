/** A package as an extractor read it from one file. */
export interface ExtractedPackage {
  /** `apk`, `deb` or `npm`: the purl type, which also decides how versions are ordered. */
  type: PackageType;
  name: string;
  /** As the package manager prints it: `1:2.5.1-1build1`, `1.36.1-r29`. */
  version: string;
  /** The source package it was built from; null where the ecosystem has none. */
  source: SourcePackage | null;
  architecture: string | null;
  /** As the package says: SPDX expressions or names, unchecked. */
  licenses: string[];
}

export type PackageType = 'apk' | 'deb' | 'npm';

export interface SourcePackage {
  name: string;
  version: string;
}

/** Where a package was found: the file that lists it, and the diff ID of the layer that brought it. */
export interface PackageLocation {
  /** Absolute in the image, `/lib/apk/db/installed`. */
  path: string;
  /** `sha256:…`, or null where the target has no layers. */
  layer: string | null;
}

/** A package of an inventory. Two entries never share a purl. */
export interface Package {
  purl: string;
  type: PackageType;
  /** OSV's name for where advisories come from, `Alpine:v3.10`, `Debian:12`, `npm`; null for an unknown distribution. */
  ecosystem: string | null;
  name: string;
  version: string;
  source: SourcePackage | null;
  architecture: string | null;
  licenses: string[];
  locations: PackageLocation[];
}
