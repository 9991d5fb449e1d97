import { PackageURL } from 'packageurl-js';
import type { Distribution } from '../../model/distribution.js';
import { isSystemType, PACKAGE_TYPES } from '../../model/package.js';
import { canonicalName } from '../../model/package-name.js';
import type { NamedPackage, VexProduct } from '../../model/vex.js';
import { ecosystemOf } from '../ecosystem.js';

/** Taken apart, with what compares folded. */
export interface PurlParts {
  type: string;
  namespace: string | null;
  name: string;
  version: string | null;
  qualifiers: ReadonlyMap<string, string>;
  subpath: string | null;
}

/**
 * Whether a statement's purl names an installed package. What it leaves out it does not restrict, as OpenVEX matches
 * products; what it has must be the same. A qualifier that is not known here may narrow it to something else, so it does
 * not match.
 */
export function namesPackage(
  statement: PurlParts,
  installed: NamedPackage,
  distribution: Distribution | null,
): boolean {
  const own = purlOf(installed);
  if (!own || own.type !== statement.type || statement.subpath !== null) return false;
  if (!sameNamespace(statement, own)) return false;
  const isSource = statement.qualifiers.get('arch') === 'source' || statement.qualifiers.get('arch') === 'src';
  const named = isSource ? (installed.source ?? { name: own.name, version: fullVersion(own) }) : null;
  if (statement.name !== (named?.name ?? own.name)) return false;
  if (statement.version !== null && fullVersion(statement) !== withoutZeroEpoch(named?.version ?? fullVersion(own))) {
    return false;
  }
  for (const [key, value] of statement.qualifiers) {
    if (IGNORED.has(key) || (key === 'arch' && isSource)) continue;
    if (key === 'distro' ? !sameDistro(value, own, distribution) : own.qualifiers.get(key) !== value) return false;
  }
  return true;
}

/** Read once for as long as the statement is kept: each finding of a vulnerability asks about the same ones. */
const readLists = new WeakMap<readonly string[], PurlParts[]>();
const readPackages = new WeakMap<NamedPackage, PurlParts | null>();

/** Those of some texts that are purls. */
export function purlsIn(texts: readonly string[]): PurlParts[] {
  let purls = readLists.get(texts);
  if (purls === undefined) {
    purls = texts.flatMap((text) => parsePurl(text) ?? []);
    readLists.set(texts, purls);
  }
  return purls;
}

function purlOf(installed: NamedPackage): PurlParts | null {
  let purl = readPackages.get(installed);
  if (purl === undefined) {
    purl = parsePurl(installed.purl);
    readPackages.set(installed, purl);
  }
  return purl;
}

/** What of a package a product that names it has too: its name, or that of its source. */
export function packageKeys(installed: NamedPackage): string[] {
  const own = purlOf(installed);
  if (own === null) return [];
  return [...new Set([own.name, installed.source?.name ?? own.name])].map((name) => keyOf(own.type, name));
}

/** The other side of `packageKeys`. */
export function purlKeys({ purls }: VexProduct): string[] {
  return purlsIn(purls).map(({ type, name }) => keyOf(type, name));
}

function keyOf(type: string, name: string): string {
  return `package ${type} ${name}`;
}

/** Null for what is no purl. */
function parsePurl(text: string): PurlParts | null {
  try {
    const [, bare = '', query = '', fragment = ''] = /^([^?#]*)\??([^#]*)#?(.*)$/s.exec(text) ?? [];
    const [type, namespace, name, version] = PackageURL.parseString(bare);
    if (!type || !name) return null;
    const lower = type.toLowerCase();
    const ecosystem = ecosystemOf(null, PACKAGE_TYPES.find((known) => known === lower) ?? 'apk') ?? '';
    const qualifiers = [...new URLSearchParams(query)].filter(([, value]) => value !== '');
    return {
      type: lower,
      namespace: namespace ? canonicalName(ecosystem, namespace) : null,
      name: canonicalName(ecosystem, name),
      version: version || null,
      qualifiers: new Map(qualifiers.map(([key, value]) => [key.toLowerCase(), value.replaceAll(' ', '+')])),
      subpath: fragment || null,
    };
  } catch {
    return null;
  }
}

/** Where a package was got from does not make it another; the epoch is compared with the version. */
const IGNORED: ReadonlySet<string> = new Set(['epoch', 'upstream', 'repository_url', 'download_url', 'vcs_url']);

/** Of a distribution's packages: names of the same vendor. */
const VENDORS: Record<string, string> = {
  redhat: 'rhel',
  'red hat': 'rhel',
  amazonlinux: 'amzn',
  amazon: 'amzn',
  oracle: 'ol',
  suse: 'sles',
};

function sameNamespace({ namespace, type }: PurlParts, own: PurlParts): boolean {
  const isSystem = PACKAGE_TYPES.some((known) => known === type && isSystemType(known));
  // The namespace of a language's package is part of its name.
  if (!isSystem) return namespace === own.namespace;
  if (namespace === null) return true;
  const vendor = (name: string | null) => (name === null ? null : (VENDORS[name.toLowerCase()] ?? name.toLowerCase()));
  return vendor(namespace) === vendor(own.namespace);
}

/** The epoch of an rpm is a qualifier. */
function fullVersion({ type, version, qualifiers }: PurlParts): string {
  const epoch = type === 'rpm' ? qualifiers.get('epoch') : undefined;
  return withoutZeroEpoch(epoch === undefined || version?.includes(':') ? (version ?? '') : `${epoch}:${version}`);
}

function withoutZeroEpoch(version: string): string {
  return version.startsWith('0:') ? version.slice(2) : version;
}

/** `debian-12`, `12`, `bookworm`, `jammy`, `el9`. */
function sameDistro(written: string, own: PurlParts, distribution: Distribution | null): boolean {
  if (own.qualifiers.get('distro') === written) return true;
  if (!distribution) return false;
  const { id, versionId, codename } = distribution;
  const major = versionId?.split('.', 1)[0] ?? null;
  return [
    codename,
    versionId,
    versionId && `${id}-${versionId}`,
    codename && `${id}-${codename}`,
    major && `el${major}`,
  ].includes(written);
}
