import type { Distribution } from '../../model/distribution.js';

/** Releases by the code names that purls and documents name them with. */
const CODENAMES: ReadonlyMap<string, readonly [id: string, versionId: string]> = new Map([
  ['wheezy', ['debian', '7']],
  ['jessie', ['debian', '8']],
  ['stretch', ['debian', '9']],
  ['buster', ['debian', '10']],
  ['bullseye', ['debian', '11']],
  ['bookworm', ['debian', '12']],
  ['trixie', ['debian', '13']],
  ['forky', ['debian', '14']],
  ['trusty', ['ubuntu', '14.04']],
  ['xenial', ['ubuntu', '16.04']],
  ['bionic', ['ubuntu', '18.04']],
  ['focal', ['ubuntu', '20.04']],
  ['jammy', ['ubuntu', '22.04']],
  ['kinetic', ['ubuntu', '22.10']],
  ['lunar', ['ubuntu', '23.04']],
  ['mantic', ['ubuntu', '23.10']],
  ['noble', ['ubuntu', '24.04']],
  ['oracular', ['ubuntu', '24.10']],
  ['plucky', ['ubuntu', '25.04']],
  ['questing', ['ubuntu', '25.10']],
]);

/** What other tools and purl namespaces call a distribution, and its `ID` in os-release(5). */
const IDS: ReadonlyMap<string, string> = new Map([
  ['alma', 'almalinux'],
  ['amazon', 'amzn'],
  ['amazon linux', 'amzn'],
  ['archlinux', 'arch'],
  ['cbl-mariner', 'mariner'],
  ['centos-stream', 'centos'],
  ['debian gnu/linux', 'debian'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['oracle', 'ol'],
  ['oraclelinux', 'ol'],
  ['photon-os', 'photon'],
  ['redhat', 'rhel'],
  ['rocky linux', 'rocky'],
  ['rockylinux', 'rocky'],
  ['slem', 'sle-micro'],
  ['suse linux enterprise micro', 'sle-micro'],
  ['suse linux enterprise server', 'sles'],
]);

/** Namespaces that stand for a family: what follows has an `ID` that begins so. */
const FAMILIES: ReadonlyMap<string, RegExp> = new Map([
  ['opensuse', /^opensuse/],
  ['suse', /^sle|^sl-/],
]);

/**
 * A distribution by the words of another tool.
 *
 * @param name `debian`, `redhat`, `amazon`: an `ID` or what stands for it
 * @param version `12`, `2 (Karoo)`, `bookworm`, `v3.18`; null for none
 */
export function distribution(name: string, version: string | null): Distribution {
  const lower = name.trim().toLowerCase();
  const id = IDS.get(lower) ?? lower;
  const [, word = ''] = /^(?:v(?=\d))?([^\s(]*)/i.exec(version?.trim() ?? '') ?? [];
  const [codenameOf, release] = CODENAMES.get(word.toLowerCase()) ?? [];
  const versionId = codenameOf === id && release !== undefined ? release : word;
  return { id, versionId: versionId || null, codename: null, prettyName: null };
}

/**
 * The distribution that a purl tells of: by its qualifier `distro` (`debian-12`, `opensuse-leap-15.5`, `bookworm`, and
 * Trivy's `3.20.3` of an apk), or by its namespace alone.
 */
export function distributionOf(distro: string | null, namespace: string | null): Distribution | null {
  const text = distro?.trim().toLowerCase() ?? '';
  const known = CODENAMES.get(text);
  if (known) return distribution(...known);
  if (/^v?\d/.test(text)) return namespace === null ? null : distribution(namespace, text);
  const [, id, release] = /^(.+?)-(v?\d.*)$/s.exec(text) ?? [];
  if (id !== undefined && release !== undefined) return distribution(id, release);
  const [, family, word] = /^(.+)-([a-z]+)$/.exec(text) ?? [];
  if (family !== undefined && word !== undefined && (CODENAMES.has(word) || word === 'edge')) {
    return distribution(family, word);
  }
  if (text !== '') return distribution(text, null);
  return namespace === null ? null : distribution(namespace, null);
}

/** Whether a purl's namespace, or another word for a distribution without a release, can mean this one. */
export function canMean(name: string, { id }: Distribution): boolean {
  return name === id || IDS.get(name) === id || (FAMILIES.get(name)?.test(id) ?? false);
}
