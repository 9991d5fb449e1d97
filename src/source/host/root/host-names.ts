import type { Fact } from '../../../model/host/fact.js';
import type { HostAccount, HostGroup } from '../../../model/host/system.js';
import { type Parsed, parseGroup, parsePasswd, parseShadow } from './accounts.js';
import { type Gaps, readFact } from './fact-reading.js';
import type { HostRoot } from './host-root.js';

/** A hundred bytes for each of more users than any host has. */
const MAX_BYTES = 16 * 1024 * 1024;

const noFile = (path: string) => ({
  code: 'not_present' as const,
  reason: `The root has no ${path}: mount the whole root of the host.`,
});

/** Users by passwd(5), shadow(5). Needs root, or CAP_DAC_READ_SEARCH, for what shadow says. */
export function readAccounts(root: HostRoot): Fact<HostAccount[]> {
  return readFact(noFile('/etc/passwd'), (gaps) => {
    const passwd = root.text('/etc/passwd', MAX_BYTES);
    const shadow = gaps.tolerate('/etc/shadow', () => root.textIfThere('/etc/shadow', MAX_BYTES) ?? NO_SHADOW);
    const lines = shadow && taken('/etc/shadow', shadow.isCut, parseShadow(shadow.text), gaps);
    const shadows = lines && new Map(lines.map((line) => [line.name, line]));
    const accounts = taken('/etc/passwd', passwd.isCut, parsePasswd(passwd.text, shadows), gaps);
    return accounts.sort((a, b) => a.uid - b.uid || (a.name < b.name ? -1 : 1));
  });
}

export function readGroups(root: HostRoot): Fact<HostGroup[]> {
  return readFact(noFile('/etc/group'), (gaps) => {
    const { text, isCut } = root.text('/etc/group', MAX_BYTES);
    const groups = taken('/etc/group', isCut, parseGroup(text), gaps);
    return groups.sort((a, b) => a.gid - b.gid || (a.name < b.name ? -1 : 1));
  });
}

/** Systems without shadow passwords have no such file. */
const NO_SHADOW = { text: '', isCut: false };

function taken<T>(path: string, isFileCut: boolean, { list, isCut, isOpen, unparsed }: Parsed<T>, gaps: Gaps): T[] {
  if (isFileCut || isCut) gaps.add(`${path} has more than is looked at: ${list.length} entries are known.`);
  if (isOpen) gaps.add(`${path} takes in users of a network (+): they are not seen.`);
  if (unparsed > 0) gaps.add(`${path} has ${unparsed} lines that are no entries.`);
  return list;
}
