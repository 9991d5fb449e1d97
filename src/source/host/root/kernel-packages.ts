import { schemeOf } from '../../../engine/version/scheme.js';
import type { Kernel } from '../../../model/host/host-facts.js';
import type { Package } from '../../../model/package.js';

/** A kernel that is installed. */
interface InstalledKernel {
  /** As `uname -r` will say. */
  release: string;
  /** What kind of kernel of the distribution: `amd64`, `generic`, `lts`; kernels of other kinds do not follow each other. */
  flavour: string;
  package: Package;
}

/**
 * The release of the newest installed kernel, where that is not the one that runs. A kernel that the distribution did not
 * build, as a virtual machine may be given from outside, says nothing: null.
 */
export function rebootFor(
  { release, version }: Pick<Kernel, 'release' | 'version'>,
  packages: readonly Package[],
): string | null {
  const installed = packages.flatMap((each) => kernelOf(each) ?? []);
  const running = installed.find((kernel) => kernel.release === release);
  const flavour = running?.flavour ?? flavourOf(release);
  const newest = installed
    .filter(
      (kernel) => kernel.flavour === flavour && (running === undefined || kernel.package.type === running.package.type),
    )
    .reduce<InstalledKernel | null>((best, kernel) => (best && order(best, kernel) >= 0 ? best : kernel), null);
  if (!newest) return null;
  if (newest.release !== release) return newest.release;
  // Debian updates a kernel under the same release, and says in `uname -v` which it is: `Debian 6.1.115-1`.
  const built = /\bDebian (\S+)/.exec(version)?.[1];
  const isOlder = built !== undefined && (schemeOf('deb').compare(built, newest.package.version) ?? 0) < 0;
  return isOlder ? `${newest.release} (${newest.package.version})` : null;
}

function order(a: InstalledKernel, b: InstalledKernel): number {
  const type = a.package.type;
  return schemeOf(type).compare(orderedVersion(a), orderedVersion(b)) ?? 0;
}

/** Debian's and Ubuntu's kernels have their version in the release; that of their package is a meta package's at times. */
function orderedVersion({ package: { type, version }, release }: InstalledKernel): string {
  return type === 'deb' ? release.replace(/-[a-z][\w-]*$/, '') : version;
}

function kernelOf(found: Package): InstalledKernel | null {
  const { type, name, version, architecture } = found;
  switch (type) {
    case 'deb': {
      const release = /^linux-image-(?:unsigned-)?(\d+\.\d+\.\S+)$/.exec(name)?.[1];
      if (release === undefined || /-dbg(?:sym)?$/.test(release)) return null;
      return { release, flavour: flavourOf(release), package: found };
    }
    case 'rpm': {
      // Fedora and Red Hat: kernel-core; before them, and elsewhere: kernel, kernel-default.
      const kind = /^kernel(?:-(core|default|rt-core|rt|64k-core|debug-core|azure|ml|lt|uek|uek-core))?$/.exec(name);
      if (!kind) return null;
      const plain = version.replace(/^\d+:/, '');
      const flavour = (kind[1] ?? '').replace(/-?core$/, '');
      const isSuse = flavour === 'default' || flavour === 'azure';
      // SUSE leaves out the last number of the package's release, which counts builds.
      const release = isSuse
        ? `${plain.replace(/\.\d+$/, '')}-${flavour}`
        : `${plain}.${architecture ?? ''}${SUFFIX[flavour] ?? ''}`;
      return { release, flavour: isSuse ? flavour : `rpm ${flavour}`, package: found };
    }
    case 'apk': {
      const flavour = /^linux-(lts|virt|edge|stable|rpi\d?|asahi)$/.exec(name)?.[1];
      return flavour === undefined
        ? null
        : { release: `${version.replace(/-r(\d+)$/, '-$1')}-${flavour}`, flavour, package: found };
    }
    case 'alpm': {
      const kind = /^linux(?:-(lts|zen|hardened|rt|rt-lts))?$/.exec(name);
      if (!kind) return null;
      const [, flavour] = kind;
      // `6.11.5.arch1-1` runs as `6.11.5-arch1-1`; those of a flavour have it at the end.
      const release = flavour ? `${version}-${flavour}` : version.replace(/\.(arch\d+-)/, '-$1');
      return { release, flavour: flavour ?? 'arch', package: found };
    }
    default:
      return null;
  }
}

const SUFFIX: Record<string, string> = { rt: '+rt', '64k': '+64k', debug: '+debug' };

/** `6.1.0-28-amd64` → `amd64`, `6.6.58-0-lts` → `lts`, `5.14.0-503.el9.x86_64` → of rpm. */
function flavourOf(release: string): string {
  if (/\.(?:el|fc|amzn|uek|cm|azl|oe|an|tl)\w*(?:\.\w+)?\.(?:x86_64|aarch64|ppc64le|s390x|i686)\b/.test(release))
    return `rpm ${/\+(\w+)$/.exec(release)?.[1] ?? ''}`;
  if (/-arch\d+-\d+$/.test(release)) return 'arch';
  return /-((?:cloud-|rt-)?[a-z][a-z0-9_-]*)$/.exec(release)?.[1] ?? '';
}
