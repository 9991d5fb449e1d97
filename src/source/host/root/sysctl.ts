import { readlinkSync } from 'node:fs';
import type { Fact } from '../../../model/host/fact.js';
import { readFact } from './fact-reading.js';
import type { HostRoot } from './host-root.js';

/** Longer than any of the settings that controls ask for. */
const MAX_VALUE = 4_096;

/**
 * Settings of the kernel by name, `net.ipv4.ip_forward`. /proc/sys/net shows the network of whoever reads it: in a
 * container without the host's network those settings are not the host's, and are left out.
 *
 * @param isKernel whether /proc is the running kernel's
 */
export function readSysctls(root: HostRoot, names: readonly string[], isKernel: boolean): Fact<Record<string, string>> {
  return readFact(NO_PROC, (gaps) => {
    root.find('/proc/sys');
    const isForeign = isKernel && !root.isOwn && !isHostNetwork(root);
    const values: [string, string][] = [];
    for (const name of [...names].sort()) {
      if (isForeign && name.startsWith('net.')) {
        gaps.add(
          'Settings net.* are those of the network that the collector is in, which is not known to be the host’s: run it with the host’s network and processes (--network host --pid host).',
        );
        continue;
      }
      const path = `/proc/sys/${name.replaceAll('.', '/')}`;
      const read = gaps.tolerate(path, () => root.textIfThere(path, MAX_VALUE));
      if (read) values.push([name, settingOf(read.text)]);
    }
    return Object.fromEntries(values);
  });
}

/** What is asked of the kernel needs it to run. */
export const NO_PROC = {
  code: 'not_collected' as const,
  reason:
    'The root has no /proc of the host: mount the root with what is mounted in it (docker run -v /:/host:ro,rslave).',
};

/** Several values of one setting are apart by tabs. */
function settingOf(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replaceAll('\0', '').toWellFormed();
}

function isHostNetwork(root: HostRoot): boolean {
  try {
    const own = readlinkSync('/proc/self/ns/net');
    return own === root.linkTarget('/proc/1/ns/net');
  } catch {
    return false;
  }
}
