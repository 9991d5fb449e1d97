import { PackageURL } from 'packageurl-js';
import type { Distribution } from '../model/inventory.js';
import { type ExtractedPackage, isSystemType } from '../model/package.js';

/** The package URL specification, "Known purl types"; null for a name that its type does not allow. */
export function purlOf(found: ExtractedPackage, distribution: Distribution | null): string | null {
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
