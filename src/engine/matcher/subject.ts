import type { AffectedPackage } from '../../model/advisory.js';
import { isSystemType, type Package, type SourcePackage } from '../../model/package.js';
import { canonicalName } from '../../model/package-name.js';
import { familyOf } from './ecosystem-family.js';
import { type Flavour, flavourOf } from './flavour.js';
import { foreignOrigin } from './origin.js';
import { editionOf, proEcosystems, type UbuntuEdition } from './ubuntu-pro.js';

/** What of an installed package decides which vulnerabilities it has. */
export type MatchedPackage = Pick<
  Package,
  'type' | 'ecosystem' | 'name' | 'version' | 'source' | 'architecture' | 'module'
>;

/** Whose name and version an advisory compares: what was installed, or what that was built from. */
export type NamedKind = 'source' | 'binary';

/** A package under the names and versions that advisories may use. */
export interface Subject {
  package: MatchedPackage;
  ecosystem: string;
  /** Where an advisory may be filed, the package's own ecosystem first. */
  ecosystems: readonly string[];
  source: SourcePackage;
  binary: SourcePackage;
  /** What kind of build it is, where its versions are apart from the plain ones. */
  flavour: Flavour | null;
  edition: UbuntuEdition;
  /** Where it is from, if that is not the distribution that the advisories are of; in words. */
  origin: string | null;
}

/** Null for a package of no ecosystem: nothing is filed about it. */
export function subjectOf(entry: MatchedPackage): Subject | null {
  const { ecosystem, type } = entry;
  if (ecosystem === null) return null;
  const named = ({ name, version }: SourcePackage) => ({ name: canonicalName(ecosystem, name), version });
  const source = named(entry.source === null ? entry : sourceOf(entry, entry.source));
  const edition = editionOf(ecosystem, source.name, entry.version);
  return {
    package: entry,
    ecosystem,
    ecosystems: [ecosystem, ...proEcosystems(ecosystem, edition, source.name)],
    source,
    binary: named(entry),
    flavour: isSystemType(type) ? flavourOf(entry.version) : null,
    edition,
    origin: foreignOrigin(entry),
  };
}

/** What to ask for: every ecosystem and name that advisories about the package may be filed under. */
export function askedOf({ ecosystems, source, binary }: Subject): { ecosystem: string; name: string }[] {
  const names = source.name === binary.name ? [source.name] : [source.name, binary.name];
  return ecosystems.flatMap((ecosystem) => names.map((name) => ({ ecosystem, name })));
}

/** The same of a package: whoever asks when advisories say something else of it has to watch all of these. */
export function advisoryNamesOf(entry: MatchedPackage): { ecosystem: string; name: string }[] {
  const subject = subjectOf(entry);
  return subject ? askedOf(subject) : [];
}

/** The kinds of name that an entry's may be; an entry that does not say is as its ecosystem files advisories. */
export function kindsOf({ named, ecosystem }: Pick<AffectedPackage, 'named' | 'ecosystem'>): readonly NamedKind[] {
  if (named === 'source') return SOURCE;
  if (named === 'binary') return BINARY;
  return FILING.get(familyOf(ecosystem)) ?? SOURCE;
}

const SOURCE: readonly NamedKind[] = ['source'];
const BINARY: readonly NamedKind[] = ['binary'];
const EITHER: readonly NamedKind[] = ['source', 'binary'];

/**
 * Most distributions file advisories by source package, with the source's version. AlmaLinux' errata list every binary.
 * The others here name either: an advisory of an origin is about what was built from it too.
 */
const FILING: ReadonlyMap<string, readonly NamedKind[]> = new Map([
  ['AlmaLinux', BINARY],
  ['Photon OS', EITHER],
  ['Wolfi', EITHER],
  ['Chainguard', EITHER],
  ['MinimOS', EITHER],
]);

function sourceOf({ type, ecosystem, version }: MatchedPackage, source: SourcePackage): SourcePackage {
  // The name of a source rpm has no epoch; a binary has its source's.
  if (type === 'rpm' && !source.version.includes(':')) {
    return { name: source.name, version: `${/^\d+:/.exec(version)?.[0] ?? ''}${source.version}` };
  }
  if (type === 'deb' && source.name.startsWith('linux-signed')) return unsignedKernel(ecosystem ?? '', version, source);
  return source;
}

/**
 * Kernel images are signed by building them again, from a source package that only holds signatures and that no advisory
 * names. Debian's is `linux-signed-amd64 6.1.76+1` for `linux 6.1.76-1`, Ubuntu's `linux-signed-aws` for `linux-aws`.
 */
function unsignedKernel(ecosystem: string, version: string, source: SourcePackage): SourcePackage {
  const flavour = source.name.slice('linux-signed'.length);
  if (familyOf(ecosystem) === 'Ubuntu') return { name: `linux${flavour}`, version: source.version };
  return /^-(?:amd64|arm64|i386|armhf)$/.test(flavour) ? { name: 'linux', version } : source;
}
