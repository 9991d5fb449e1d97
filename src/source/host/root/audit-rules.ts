import type { Fact } from '../../../model/host/fact.js';
import type { AuditRule } from '../../../model/host/host-facts.js';
import { readFact } from './fact-reading.js';
import { type HostRoot, shown } from './host-root.js';

const FILE = '/etc/audit/audit.rules';
const FOLDER = '/etc/audit/rules.d';
const MAX_FILES = 500;
const MAX_BYTES = 1024 * 1024;
const MAX_RULES = 5_000;
const MAX_LENGTH = 2_000;

/** Rules that are loaded at start, audit.rules(7). The folder is for root alone. */
export function readAuditRules(root: HostRoot): Fact<AuditRule[]> {
  return readFact({ code: 'not_collected', reason: 'The root has no /etc: mount the root of the host.' }, (gaps) => {
    root.find('/etc');
    const folder = gaps.tolerate(FOLDER, () => root.entries(FOLDER, MAX_FILES));
    if (folder?.isCut) gaps.add(`${FOLDER} has more than the ${MAX_FILES} files that are looked at.`);
    const names = folder?.entries.map(({ name }) => name).filter((name) => name.endsWith('.rules')) ?? [];
    const paths = [FILE, ...names.sort().map((name) => `${FOLDER}/${name}`)];
    const rules = paths.flatMap((path) => {
      const read = gaps.tolerate(path, () => root.textIfThere(path, MAX_BYTES));
      if (read?.isCut) gaps.add(`${shown(path)} has more than ${MAX_BYTES} bytes.`);
      return parseAuditRules(read?.text ?? '', path.toWellFormed());
    });
    if (rules.length > MAX_RULES) gaps.add(`There are more rules than the ${MAX_RULES} that are kept.`);
    return rules.slice(0, MAX_RULES);
  });
}

/** A rule each line; `#` begins a comment. */
export function parseAuditRules(text: string, origin: string): AuditRule[] {
  return text.split('\n').flatMap((line) => {
    const rule = line.trim().slice(0, MAX_LENGTH).toWellFormed().replaceAll('\0', '');
    return rule === '' || rule.startsWith('#') ? [] : [{ text: rule, origin }];
  });
}
