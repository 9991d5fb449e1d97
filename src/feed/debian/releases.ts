/**
 * OSV's ecosystem of a release, by its codename; null for one that is not known here.
 *
 * From lenny on a release is its major number, `Debian:12`; before, numbers have two parts that count, `Debian:3.1`.
 */
export function ecosystemOfRelease(codename: string): string | null {
  const number = RELEASES.get(codename);
  return number === undefined ? null : `Debian:${number}`;
}

/** Greater for a later release; -1 for a codename that is not known here. */
export function orderOfRelease(codename: string): number {
  return CODENAMES.indexOf(codename);
}

/** distro-info-data's debian.csv, from the first release that has advisories; oldest first. */
export const RELEASES: ReadonlyMap<string, string> = new Map([
  ['slink', '2.1'],
  ['potato', '2.2'],
  ['woody', '3.0'],
  ['sarge', '3.1'],
  ['etch', '4'],
  ['lenny', '5'],
  ['squeeze', '6'],
  ['wheezy', '7'],
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
]);

const CODENAMES = [...RELEASES.keys()];
