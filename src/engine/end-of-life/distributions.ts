import type { Distribution } from '../../model/distribution.js';

/** Which release of which product of endoflife.date a distribution is. */
export type Release =
  | {
      kind: 'release';
      product: string;
      /** Names of the cycle, the likeliest first. */
      cycles: string[];
      /** Everyone gets the extended support, from the same archive. */
      extendedForAll: boolean;
    }
  /** It moves on all the time, and has no end. */
  | { kind: 'rolling' }
  /** Nothing is known of the distribution, or it does not say which release it is. */
  | { kind: 'unknown' };

/** How a `VERSION_ID` is the name of a cycle: `12.5` as `12`, as `12.5`. */
type CycleRule = 'major' | 'minor' | 'whole';

/** A product, and how it names its cycles; most are named as the distribution names itself. */
interface Product {
  product?: string;
  cycle: CycleRule;
  extendedForAll?: boolean;
}

/** By `ID` of os-release(5). A derivative is not its parent: it has dates of its own. */
const PRODUCTS: Record<string, Product> = {
  alpine: { product: 'alpine-linux', cycle: 'minor' },
  almalinux: { cycle: 'major' },
  amzn: { product: 'amazon-linux', cycle: 'whole' },
  // Debian LTS comes from the security archive that every installation has; Ubuntu's, Red Hat's, Oracle's and SUSE's are bought.
  debian: { cycle: 'major', extendedForAll: true },
  devuan: { cycle: 'major' },
  eurolinux: { cycle: 'major' },
  fedora: { cycle: 'major' },
  linuxmint: { cycle: 'whole' },
  mageia: { cycle: 'major' },
  nixos: { cycle: 'minor' },
  ol: { product: 'oracle-linux', cycle: 'major' },
  'opensuse-leap': { product: 'opensuse', cycle: 'minor' },
  openwrt: { cycle: 'minor' },
  photon: { cycle: 'minor' },
  postmarketos: { cycle: 'minor' },
  rhel: { cycle: 'major' },
  rocky: { product: 'rocky-linux', cycle: 'major' },
  slackware: { cycle: 'minor' },
  'sl-micro': { product: 'suse-linux-micro', cycle: 'minor' },
  'sle-micro': { product: 'suse-linux-micro', cycle: 'minor' },
  sled: { product: 'sles', cycle: 'whole' },
  sles: { cycle: 'whole' },
  sles_sap: { product: 'sles', cycle: 'whole' },
  steamos: { cycle: 'major' },
  ubuntu: { cycle: 'minor' },
};

const ROLLING = new Set([
  ...['arch', 'archarm', 'artix', 'chainguard', 'endeavouros', 'gentoo', 'kali', 'manjaro', 'opensuse-microos'],
  ...['opensuse-tumbleweed', 'solus', 'void', 'wolfi'],
]);

/** Distributions whose next release goes by their name without a number while it is made. */
const UNRELEASED = new Set(['debian', 'devuan', 'ubuntu', 'alpine']);

export function releaseOf({ id, versionId, prettyName }: Distribution): Release {
  if (ROLLING.has(id)) return { kind: 'rolling' };
  if (id === 'centos') return centos(versionId, prettyName);
  const known = Object.hasOwn(PRODUCTS, id) ? PRODUCTS[id] : undefined;
  if (!known) return { kind: 'unknown' };
  if (versionId === null) return { kind: UNRELEASED.has(id) ? 'rolling' : 'unknown' };
  // Alpine's edge: 3.22_alpha20250108.
  if (id === 'alpine' && /_(?:alpha|beta|pre|rc)/.test(versionId)) return { kind: 'rolling' };
  const cycles = cyclesOf(versionId, known.cycle);
  if (cycles.length === 0) return { kind: 'unknown' };
  return { kind: 'release', product: known.product ?? id, cycles, extendedForAll: known.extendedForAll ?? false };
}

/** CentOS Linux and CentOS Stream share an ID; from 9 on there is only the second. */
function centos(versionId: string | null, prettyName: string | null): Release {
  const major = /^\d+/.exec(versionId ?? '')?.[0];
  if (major === undefined) return { kind: 'unknown' };
  const isStream = /\bstream\b/i.test(prettyName ?? '') || Number(major) >= 9;
  if (!isStream && prettyName === null && major === '8') return { kind: 'unknown' };
  return { kind: 'release', product: isStream ? 'centos-stream' : 'centos', cycles: [major], extendedForAll: false };
}

function cyclesOf(versionId: string, rule: CycleRule): string[] {
  const version = versionId.replace(/^v/, '');
  const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (major === undefined) return [];
  switch (rule) {
    case 'major':
      return [major];
    case 'minor':
      return minor === undefined ? [major, `${major}.0`] : [`${major}.${minor}`];
    case 'whole':
      return minor === undefined ? [version, `${major}.0`] : [...new Set([version, `${major}.${minor}`])];
  }
}
