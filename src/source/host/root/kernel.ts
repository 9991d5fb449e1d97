import { machine } from 'node:os';
import { redactCommand } from '../../../engine/secret/redact-command.js';
import type { SecretScanner } from '../../../engine/secret/secret-scanner.js';
import type { Fact } from '../../../model/host/fact.js';
import type { Kernel } from '../../../model/host/host-facts.js';
import type { Package } from '../../../model/package.js';
import { type Gaps, readFact } from './fact-reading.js';
import { type HostRoot, ReadFault } from './host-root.js';
import { rebootFor } from './kernel-packages.js';
import { parseMountInfo } from './mount-info.js';
import { NO_PROC } from './sysctl.js';

const MAX_MODULES = 10_000;
const MAX_TEXT = 4 * 1024 * 1024;
const MAX_WORDS = 500;
const MAX_WORD = 1_000;

export interface KernelParts {
  scanner: Pick<SecretScanner, 'scanText' | 'cutShort'>;
  /** Whether /proc is the running kernel's. */
  isKernel: boolean;
  packages: Fact<Package[]>;
}

/** The kernel that runs. */
export function readKernel(root: HostRoot, { scanner, isKernel, packages }: KernelParts): Fact<Kernel> {
  return readFact(NO_PROC, (gaps) => {
    const release = root.line('/proc/sys/kernel/osrelease');
    if (!release) throw new ReadFault('absent', '');
    const version = gaps.tolerate('/proc/sys/kernel/version', () => root.line('/proc/sys/kernel/version')) ?? '';
    const arch = gaps.tolerate('/proc/sys/kernel/arch', () => root.line('/proc/sys/kernel/arch'));
    const words = gaps.tolerate('/proc/cmdline', () => root.textIfThere('/proc/cmdline', MAX_TEXT));
    if (words?.isCut) gaps.add('The kernel’s command line is longer than is looked at.');
    if (words === null) gaps.add('The kernel’s command line is not known.');
    return {
      release,
      version,
      machine: arch || (isKernel ? machine() : ''),
      parameters: redactCommand(wordsOf(words?.text ?? ''), scanner),
      cgroupVersion: cgroupVersion(root, gaps),
      securityModules: securityModules(root, gaps),
      selinux: selinux(root, gaps),
      apparmor: apparmor(root, gaps),
      rebootFor: packages.known ? rebootFor({ release, version }, packages.value) : null,
    };
  });
}

/** Names of loaded modules, /proc/modules. */
export function readModules(root: HostRoot): Fact<string[]> {
  const reason = root.has('/proc/sys') ? 'The kernel has no modules.' : NO_PROC.reason;
  return readFact({ code: root.has('/proc/sys') ? 'not_present' : 'not_collected', reason }, (gaps) => {
    const { text, isCut } = root.text('/proc/modules', MAX_TEXT);
    const names = text.split('\n').flatMap((line) => line.split(' ', 1)[0]?.slice(0, 200) || []);
    if (isCut || names.length > MAX_MODULES) gaps.add('More modules are loaded than are looked at.');
    return [...new Set(names.slice(0, MAX_MODULES))].sort();
  });
}

/** Words may be quoted where they have blanks: kernel-parameters.rst. */
export function wordsOf(text: string): string[] {
  return (
    text
      .replaceAll('\0', '')
      .trim()
      .match(/(?:[^\s"]|"[^"]*(?:"|$))+/g)
      ?.slice(0, MAX_WORDS)
      .map((word) => word.slice(0, MAX_WORD)) ?? []
  );
}

function cgroupVersion(root: HostRoot, gaps: Gaps): Kernel['cgroupVersion'] {
  const read = gaps.tolerate('/proc/1/mountinfo', () => root.textIfThere('/proc/1/mountinfo', MAX_TEXT));
  const mounts = read === null ? [] : parseMountInfo(read.text, 100_000).mounts;
  const has1 = mounts.some(({ type }) => type === 'cgroup');
  const has2 = mounts.some(({ type }) => type === 'cgroup2');
  if (has1 || has2) return has1 && has2 ? 'hybrid' : has1 ? 1 : 2;
  if (root.has('/sys/fs/cgroup/cgroup.controllers')) return 2;
  if (!root.has('/sys/fs/cgroup/memory') && !root.has('/sys/fs/cgroup/cpu')) return null;
  return root.has('/sys/fs/cgroup/unified/cgroup.procs') ? 'hybrid' : 1;
}

function securityModules(root: HostRoot, gaps: Gaps): string[] | null {
  const line = gaps.tolerate('/sys/kernel/security/lsm', () => root.line('/sys/kernel/security/lsm'));
  return line === null ? null : line.split(',').filter((name) => name !== '');
}

function selinux(root: HostRoot, gaps: Gaps): Kernel['selinux'] {
  const enforce = gaps.tolerate('/sys/fs/selinux/enforce', () => root.line('/sys/fs/selinux/enforce'));
  if (enforce !== null) return enforce === '1' ? 'enforcing' : 'permissive';
  // Where it is installed and not loaded, it was switched off.
  return root.has('/etc/selinux/config') && root.has('/sys/kernel') ? 'disabled' : null;
}

function apparmor(root: HostRoot, gaps: Gaps): boolean | null {
  const path = '/sys/module/apparmor/parameters/enabled';
  const enabled = gaps.tolerate(path, () => root.line(path));
  if (enabled !== null) return enabled === 'Y';
  // A kernel whose modules can be seen, and that one not, has none.
  return root.has('/sys/module/kernel') || root.has('/sys/module/module') ? false : null;
}
