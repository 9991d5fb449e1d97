import { PackageURL } from 'packageurl-js';
import type { Distribution } from '../model/distribution.js';
import { type ExtractedPackage, isSystemType, type PackageType } from '../model/package.js';

/** The package URL specification, "Known purl types"; null for a name that its type does not allow. */
export function purlOf(found: ExtractedPackage, distribution: Distribution | null): string | null {
  const plain = plainPurl(found);
  if (plain !== null) return plain;
  try {
    const { namespace, name } = splitName(found);
    if (!isSystemType(found.type)) {
      return new PackageURL(found.type, namespace, name, found.version, undefined, undefined).toString();
    }
    const qualifiers: Record<string, string> = {};
    if (found.architecture !== null) qualifiers.arch = found.architecture;
    if (distribution) qualifiers.distro = [distribution.id, distribution.versionId].filter(Boolean).join('-');
    let { version } = found;
    if (found.type === 'rpm') {
      const [, epoch, rest] = /^(\d+):(.+)$/s.exec(version) ?? [];
      if (epoch !== undefined && rest !== undefined) {
        version = rest;
        if (epoch !== '0') qualifiers.epoch = epoch;
      }
      if (found.module !== null) qualifiers.rpmmod = found.module;
    }
    return new PackageURL(found.type, distribution?.id, name, version, qualifiers, undefined).toString();
  } catch {
    return null;
  }
}

/**
 * Of a package that no rule of its type changes, and no character of which is encoded: nearly all of these types. An
 * image has thousands, and the general form takes ten times as long. Null for any other.
 */
function plainPurl({ type, name, version }: ExtractedPackage): string | null {
  if (!PLAIN_TYPES.has(type) || !PLAIN_NAME.test(name) || !PLAIN_VERSION.test(version)) return null;
  if (!name.startsWith('@')) return `pkg:${type}/${name}@${version}`;
  return type === 'npm' ? `pkg:npm/%40${name.slice(1)}@${version}` : null;
}

const PLAIN_TYPES: ReadonlySet<PackageType> = new Set(['npm', 'pypi', 'gem', 'cargo']);
const PLAIN_NAME = /^(?:@[a-z0-9-]+\/)?[a-z0-9][a-z0-9.-]*$/;
const PLAIN_VERSION = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;

/** What stands before the last slash, or before Maven's colon, is the namespace. */
function splitName({ type, name }: ExtractedPackage): { namespace: string | undefined; name: string } {
  const at =
    type === 'maven'
      ? name.indexOf(':')
      : type === 'golang' || type === 'composer' || (type === 'npm' && name.startsWith('@'))
        ? name.lastIndexOf('/')
        : -1;
  return at <= 0 ? { namespace: undefined, name } : { namespace: name.slice(0, at), name: name.slice(at + 1) };
}
