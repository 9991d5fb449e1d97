import type { Distribution } from '../../../model/distribution.js';
import { readAssignments } from './assignments.js';

const ALPINE = 'etc/alpine-release';
const LSB = 'etc/lsb-release';
const SUSE = 'etc/SuSE-release';
const DEBIAN = 'etc/debian_version';

/**
 * Files that name the distribution where there is no os-release(5), as in CentOS 6, from the one that says most. A
 * derivative keeps the files of its parent beside its own: Oracle Linux has a redhat-release, Ubuntu a debian_version.
 */
export const RELEASE_FILES: readonly string[] = [
  ALPINE,
  LSB,
  'etc/oracle-release',
  'etc/centos-release',
  'etc/rocky-release',
  'etc/almalinux-release',
  'etc/mageia-release',
  'etc/fedora-release',
  'etc/redhat-release',
  'etc/system-release',
  SUSE,
  DEBIAN,
];

const PLAIN = /^\P{Cc}{1,200}$/u;

/** The beginnings of the names in `NAME release VERSION (CODENAME)`, and what os-release(5) of later releases has. */
const IDS: readonly [name: string, id: string][] = [
  ['CentOS', 'centos'],
  ['Red Hat Enterprise Linux', 'rhel'],
  ['Fedora', 'fedora'],
  ['Oracle Linux', 'ol'],
  // Oracle's before it had a name of its own.
  ['Enterprise Linux', 'ol'],
  ['Scientific Linux', 'scientific'],
  ['Amazon Linux', 'amzn'],
  ['Rocky Linux', 'rocky'],
  ['AlmaLinux', 'almalinux'],
  ['CloudLinux', 'cloudlinux'],
  ['Mageia', 'mageia'],
  ['SUSE Linux Enterprise Server', 'sles'],
  ['SUSE Linux Enterprise Desktop', 'sled'],
  ['openSUSE', 'opensuse'],
];

/**
 * Faults are not told: where os-release(5) is there too, these files decide nothing, and where it is not, an image
 * without a distribution is told.
 *
 * @param path one of `RELEASE_FILES`
 * @returns null for a file that names none
 */
export function readReleaseFile(path: string, content: Buffer): Distribution | null {
  const found = read(path, content);
  return found && Object.values(found).every((value) => value === null || PLAIN.test(value)) ? found : null;
}

function read(path: string, content: Buffer): Distribution | null {
  const lines = content.toString('utf8').split(/\r?\n/);
  const first = lines[0]?.trim() ?? '';
  switch (path) {
    case ALPINE:
      return first === '' ? null : distribution('alpine', first, null, `Alpine Linux ${first}`);
    case DEBIAN:
      return debian(first);
    case LSB:
      return lsb(readAssignments(content, () => undefined));
    case SUSE:
      return suse(first, lines);
    default: {
      const version = / release (\d[\w.]*)/.exec(first)?.[1] ?? null;
      return first === '' ? null : distribution(idOf(first), version, null, first);
    }
  }
}

/** A number of a release, or `trixie/sid` of what is to become one. */
function debian(text: string): Distribution | null {
  if (text === '') return null;
  const isRelease = /^\d/.test(text);
  return distribution(
    'debian',
    isRelease ? text : null,
    isRelease ? null : (text.split('/')[0] ?? null),
    `Debian ${text}`,
  );
}

/** Linux Standard Base; on distributions of Red Hat it only has the version of that. */
function lsb(values: ReadonlyMap<string, string>): Distribution | null {
  const name = values.get('DISTRIB_ID');
  if (!name) return null;
  const id = name.toLowerCase();
  const version = values.get('DISTRIB_RELEASE') || null;
  const described = values.get('DISTRIB_DESCRIPTION') || (version ? `${name} ${version}` : name);
  return distribution(
    /^[a-z0-9._-]+$/.test(id) ? id : 'linux',
    version,
    values.get('DISTRIB_CODENAME') || null,
    described,
  );
}

/** A name, then `VERSION = 11` and, for a service pack, `PATCHLEVEL = 4`. */
function suse(first: string, lines: readonly string[]): Distribution | null {
  if (first === '') return null;
  const value = (key: string) =>
    lines.map((line) => /^(\w+)\s*=\s*(\S+)/.exec(line)).find((match) => match?.[1] === key)?.[2] ?? null;
  const [version, level] = [value('VERSION'), value('PATCHLEVEL')];
  const isPatched = version !== null && level !== null && level !== '0';
  return distribution(idOf(first), isPatched ? `${version}.${level}` : version, value('CODENAME'), first);
}

/** os-release(5)'s word for a system that does not say which, where the name is not known. */
function idOf(text: string): string {
  return IDS.find(([name]) => text.startsWith(name))?.[1] ?? 'linux';
}

function distribution(id: string, versionId: string | null, codename: string | null, prettyName: string): Distribution {
  return { id, versionId, codename, prettyName };
}
