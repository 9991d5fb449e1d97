import { randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { WANTED_FILES, WANTED_SYSCTLS } from '../../../engine/control/host/wanted-files.js';
import { SecretScanner } from '../../../engine/secret/secret-scanner.js';
import type { Fact } from '../../../model/host/fact.js';
import type { HostFacts } from '../../../model/host/host-facts.js';
import { readAuditRules } from './audit-rules.js';
import { readFact } from './fact-reading.js';
import { readFiles } from './host-files.js';
import { readAccounts, readGroups } from './host-names.js';
import { HostRoot, ReadFault } from './host-root.js';
import { readKernel, readModules } from './kernel.js';
import { readMounts } from './mounts.js';
import { CONTAINER_STORAGE, readOwnMounts } from './own-mounts.js';
import { readPrivilegedFiles, type WalkLimits } from './privileged-files.js';
import { readProcesses } from './processes.js';
import { readSockets } from './sockets.js';
import { NO_PROC, readSysctls } from './sysctl.js';
import { readPackages } from './system-packages.js';

/** The kinds of facts that a root tells. */
export type RootFacts = Omit<
  HostFacts,
  'version' | 'collectedBy' | 'collectedAt' | 'firewall' | 'engine' | 'logMatches'
>;

export interface HostRootTask {
  /** Where the root is mounted, absolute and resolved; `/` for the machine's own. */
  folder: string;
  tempDir: string;
  /** Also packages of languages: every file is looked at. */
  languagePackages: boolean;
  /** Where else container engines keep files of containers: absolute on the host. */
  containerStorage: string[];
  limits: WalkLimits;
}

/** What statfs(2) says of /proc. */
const PROC_MAGIC = 0x9fa0;

/** How far the reading is when the walk over all files begins, and ends. */
const WALK = { begin: 0.2, end: 0.98 };

/**
 * Reads a host's root, with /proc and /sys where they are mounted in it. Nothing is written, and no program is run. Calls
 * block: it is for a thread of its own.
 *
 * @param onProgress from 0 to 1, ascending
 */
export function readRoot(task: HostRootTask, onProgress: (fraction: number) => void): RootFacts {
  const { folder, tempDir, languagePackages, containerStorage, limits } = task;
  const { barred } = readOwnMounts(folder, []);
  const root = new HostRoot(folder, new Set(barred));
  const mounts = readOwnMounts(folder, realPaths(root, [...CONTAINER_STORAGE, ...containerStorage]));
  // What secrets are known again by is not kept.
  const scanner = new SecretScanner(randomBytes(32));
  const isKernel = isProc(root);
  const { packages, distribution } = readPackages(folder, { tempDir, languagePackages, skipped: mounts.skipped });
  onProgress(WALK.begin / 2);
  const accounts = readAccounts(root);
  const groups = readGroups(root);
  const processes = readProcesses(root, scanner);
  const facts = {
    hostname: readHostname(root, isKernel),
    distribution,
    packages,
    accounts,
    groups,
    processes,
    kernel: readKernel(root, { scanner, isKernel, packages }),
    sysctl: readSysctls(root, WANTED_SYSCTLS, isKernel),
    modules: readModules(root),
    mounts: readMounts(root),
    files: readFiles(root, { wanted: WANTED_FILES, accounts, groups, scanner }),
    sockets: readSockets(root, processes),
    auditRules: readAuditRules(root),
  };
  onProgress(WALK.begin);
  const privilegedFiles = readPrivilegedFiles(root, {
    mounts,
    accounts,
    groups,
    limits,
    onProgress: (fraction) => onProgress(WALK.begin + fraction * (WALK.end - WALK.begin)),
  });
  onProgress(1);
  return { ...facts, privilegedFiles };
}

/** /proc/sys says what whoever reads it is called: of another root it may be the name of a container. */
function readHostname(root: HostRoot, isKernel: boolean): Fact<string> {
  return readFact({ ...NO_PROC, reason: 'The root has no /etc/hostname.' }, () => {
    const running = root.isOwn || !isKernel ? root.line('/proc/sys/kernel/hostname') : null;
    const name = running || root.line('/etc/hostname');
    if (!name || name === '(none)') throw new ReadFault('absent', '');
    return name.slice(0, 255).toWellFormed().replaceAll('\0', '');
  });
}

/** Whether /proc is one of the kernel, not a folder with a copy. */
function isProc(root: HostRoot): boolean {
  try {
    return statfsSync(root.absolute(root.find('/proc').path)).type === PROC_MAGIC;
  } catch {
    return false;
  }
}

/** With where they are links to: a walk does not follow links. */
function realPaths(root: HostRoot, paths: readonly string[]): string[] {
  const real = paths.flatMap((path) => {
    try {
      return [path, root.find(path).path];
    } catch (error) {
      if (error instanceof ReadFault) return [path];
      throw error;
    }
  });
  // A link to the root itself would hide all of it.
  return [...new Set(real)].filter((path) => path !== '/');
}
