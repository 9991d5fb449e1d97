import { redactPhrase } from '../../../engine/secret/redact-words.js';
import type { Fact } from '../../../model/host/fact.js';
import type { Mount } from '../../../model/host/system.js';
import { Encryption } from './encryption.js';
import { readFact } from './fact-reading.js';
import { type HostRoot, ReadFault } from './host-root.js';
import { parseMountInfo } from './mount-info.js';
import { NO_PROC } from './sysctl.js';

/** Hosts with hundreds of containers have some thousand. */
const MAX_MOUNTS = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_TEXT = 4_096;

/** What the host's first process sees mounted; of the collector's own root, what it sees itself. */
export function readMounts(root: HostRoot): Fact<Mount[]> {
  return readFact(NO_PROC, (gaps) => {
    const read =
      gaps.tolerate('/proc/1/mountinfo', () => root.textIfThere('/proc/1/mountinfo', MAX_BYTES)) ??
      (root.isOwn ? root.textIfThere('/proc/self/mountinfo', MAX_BYTES) : null);
    if (read === null) {
      if (gaps.list().length === 0) throw new ReadFault('absent', '');
      throw new ReadFault('not_permitted', gaps.list().join(' '));
    }
    const { mounts, unparsed, isCut } = parseMountInfo(read.text, MAX_MOUNTS);
    if (isCut || read.isCut) gaps.add(`There are more mounts than the ${mounts.length} that are kept.`);
    if (unparsed > 0 && !read.isCut) gaps.add(`${unparsed} lines of mountinfo are no mounts.`);
    const encryption = new Encryption(root, gaps);
    // In the order of the kernel: a later one of the same place hides the one before it.
    return mounts.map(({ device, ...mount }) => ({
      ...mount,
      mountPoint: cut(mount.mountPoint),
      root: cut(mount.root),
      source: clean(mount.source),
      options: mount.options.slice(0, 200).map(clean),
      encrypted: encryption.of(device, mount.type),
    }));
  });
}

function cut(text: string): string {
  return text.slice(0, MAX_TEXT).toWellFormed().replaceAll('\0', '');
}

/** Some file systems of networks are told passwords by options, or in the URL of their source. */
function clean(text: string): string {
  const kept = cut(text);
  return /[@$]|pass|pw|secret|token|key|cred/i.test(kept) ? redactPhrase(kept.slice(0, 1_000)) : kept;
}
