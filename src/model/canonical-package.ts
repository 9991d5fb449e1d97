import type { Package, PackageLocation, SourcePackage } from './package.js';

/**
 * A list of packages in RFC 8785 canonical JSON, piece by piece. An image has thousands: to put their fields in order by hand, and have them
 * written by the engine's own JSON, takes a fifth of the time that writing any JSON so takes.
 */
export function* canonicalPackages(packages: readonly Package[]): Generator<string> {
  yield '[';
  for (let at = 0; at < packages.length; at += PACKAGES_AT_ONCE) {
    if (at > 0) yield ',';
    yield JSON.stringify(packages.slice(at, at + PACKAGES_AT_ONCE).map(ordered)).slice(1, -1);
  }
  yield ']';
}

/** Text of this many is gone again as soon as it was used; one of all would stay until a large collection. */
const PACKAGES_AT_ONCE = 200;

/** A package without the places where it was found. */
export function canonicalPackage(entry: Package): string {
  return JSON.stringify({ ...ordered(entry), locations: undefined });
}

/** Every field, so that one which is new is not left out. */
type Ordered<T> = { [K in keyof Required<T>]: T[K] };

/** JSON is written in the order in which the fields are named here, and leaves out what is undefined. */
function ordered(entry: Package): Ordered<Package> {
  return {
    architecture: entry.architecture,
    ecosystem: entry.ecosystem,
    inner: entry.inner,
    isGroupGuessed: entry.isGroupGuessed,
    licenses: entry.licenses,
    locations: entry.locations.map(orderedLocation),
    module: entry.module,
    name: entry.name,
    purl: entry.purl,
    source: entry.source && orderedSource(entry.source),
    type: entry.type,
    version: entry.version,
  };
}

function orderedLocation({ layer, path }: PackageLocation): Ordered<PackageLocation> {
  return { layer, path };
}

function orderedSource({ name, version }: SourcePackage): Ordered<SourcePackage> {
  return { name, version };
}
