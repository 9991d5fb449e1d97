import type { CsafProduct } from '../csaf/csaf-products.js';
import { isWord } from '../feed-text.js';
import { parseEvr } from '../rpm/evr.js';

/** An rpm of Red Hat Enterprise Linux, as a VEX document names it. */
export interface RedHatComponent {
  /** `9`. */
  release: string;
  name: string;
  named: 'source' | 'binary';
  /** Null where nothing is fixed: then no version is named. */
  version: string | null;
  /** `nodejs:18`. */
  module: string | undefined;
}

/**
 * @returns null for what is not Red Hat Enterprise Linux' main stream: streams for other subscriptions (EUS, AUS, TUS,
 *   E4S, ELS), layered products, containers
 * @throws Error for an rpm of it whose name or version cannot be read
 */
export function componentOf(product: CsafProduct): RedHatComponent | null {
  const release = releaseOfCpe(product.cpe ?? '');
  const rpm = RPM_PURL.exec(product.purl ?? '');
  if (release === null || !rpm) return null;
  const [, encodedName = '', encodedVersion, query = ''] = rpm;
  const name = decoded(encodedName);
  const qualifiers = qualifiersOf(query);
  // Documents before 2023 have the epoch in the id alone: `bind-32:9.11.13-6.el8_2.3.x86_64`.
  const epoch = qualifiers.get('epoch') ?? /-(\d+):[^-]+-[^-]+$/.exec(product.component.split('::', 1)[0] ?? '')?.[1];
  const version = encodedVersion === undefined ? null : versionOf(epoch, decoded(encodedVersion));
  if (!isWord(name) || (encodedVersion !== undefined && version === null)) {
    throw new Error(`expected the purl of an rpm, got ${JSON.stringify(product.purl?.slice(0, 120))}`);
  }
  return {
    release,
    name,
    named: isSource(qualifiers.get('arch')) ? 'source' : 'binary',
    version,
    module: moduleOf(qualifiers.get('rpmmod')) ?? product.within.map(moduleOfPurl).find(Boolean),
  };
}

/** Some purls leave the release out, which is below every release. */
function versionOf(epoch: string | undefined, version: string): string | null {
  const evr = `${epoch ?? 0}:${version}`;
  return parseEvr(evr) ?? (parseEvr(`${evr}-1`) && isWord(version) ? evr.replace(/^0+:/, '') : null);
}

/**
 * `cpe:/a:redhat:enterprise_linux:9::appstream`, since release 10 with its minor release. `rhel_extras_other:7` is the
 * channel of release 7 that every system of it can enable, with docker and podman.
 */
function releaseOfCpe(cpe: string): string | null {
  const [, , , name = '', version = ''] = cpe
    .replace(/^cpe:2\.3:/, 'cpe:/')
    .replace(/^cpe:\//, 'cpe:')
    .split(':');
  if (name !== 'enterprise_linux' && name !== 'rhel_extras_other' && name !== 'rhel_extras') return null;
  return /^(\d{1,2})(?:\.\d+)?$/.exec(version)?.[1] ?? null;
}

const RPM_PURL = /^pkg:rpm\/redhat\/([^@?#]+)(?:@([^?#]+))?(?:\?([^#]*))?/;

function qualifiersOf(query: string): Map<string, string> {
  const qualifiers = new Map<string, string>();
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0) qualifiers.set(pair.slice(0, equals), decoded(pair.slice(equals + 1)));
  }
  return qualifiers;
}

function isSource(architecture: string | undefined): boolean {
  return architecture === 'src' || architecture === 'nosrc';
}

/** `nodejs:18:8090020231208…:b46abd14`. What has no stream names no module: then the package is meant in every one. */
function moduleOf(rpmmod: string | undefined): string | undefined {
  const [name = '', stream = ''] = rpmmod?.split(':') ?? [];
  return isWord(name) && isWord(stream) ? `${name}:${stream}` : undefined;
}

/** `pkg:rpmmod/redhat/nodejs@18:8090020231208…`, of documents before 2024. */
function moduleOfPurl(purl: string): string | undefined {
  const [, name = '', version = ''] = /^pkg:rpmmod\/redhat\/([^@?#]+)@([^?#]+)/.exec(purl) ?? [];
  return moduleOf(`${decoded(name)}:${decoded(version)}`);
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
