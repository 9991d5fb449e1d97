import type { Distribution } from '../distribution.js';
import type { Package } from '../package.js';
import type { EngineFacts } from './engine.js';
import type { Fact } from './fact.js';
import type { Firewall } from './firewall.js';
import type { HostFile, PrivilegedFile } from './host-file.js';
import type { LogMatch } from './log-match.js';
import type { HostAccount, HostGroup, ListeningSocket, Mount, Process } from './system.js';

/** Of the form of `HostFacts` in a facts file. A file of a newer form is refused, one of an older form still read. */
export const HOST_FACTS_VERSION = 1;

/**
 * The facts of one host at one time, however they came in: by a container engine's API, from a mounted root, or from a
 * facts file. Holds no secret values. Lists are sorted, so that the same host gives the same facts.
 */
export interface HostFacts {
  version: typeof HOST_FACTS_VERSION;
  /** How they were collected, in order: `engine-api`, `host-root`, `collector`. */
  collectedBy: string[];
  /** RFC 3339, UTC. Not part of the inventory's digest. */
  collectedAt: string;
  hostname: Fact<string>;
  distribution: Fact<Distribution>;
  kernel: Fact<Kernel>;
  /** By name with dots, `net.ipv4.ip_forward`, of /proc/sys: those that controls ask for. */
  sysctl: Fact<Record<string, string>>;
  /** Names of loaded modules. */
  modules: Fact<string[]>;
  mounts: Fact<Mount[]>;
  accounts: Fact<HostAccount[]>;
  groups: Fact<HostGroup[]>;
  /** The files that controls ask for, by path; one that is not there is absent. */
  files: Fact<HostFile[]>;
  /** Of the whole root: setuid, setgid, world-writable, without owner, or with capabilities. */
  privilegedFiles: Fact<PrivilegedFile[]>;
  processes: Fact<Process[]>;
  sockets: Fact<ListeningSocket[]>;
  firewall: Fact<Firewall>;
  /** Rules of the kernel's audit as `auditctl -l` lists them, or else of the files that are loaded at start. */
  auditRules: Fact<AuditRule[]>;
  /** Of the operating system, with language packages of the root where those were asked for. */
  packages: Fact<Package[]>;
  engine: Fact<EngineFacts>;
  /** What rules for logs found in the recent logs of containers. */
  logMatches: Fact<LogMatch[]>;
}

export interface Kernel {
  /** `uname -r`: `6.1.0-28-amd64`. */
  release: string;
  /** `uname -v`. */
  version: string;
  /** `uname -m`: `x86_64`. */
  machine: string;
  /** /proc/cmdline, its words; values of words that may be secret redacted. */
  parameters: string[];
  cgroupVersion: 1 | 2 | 'hybrid' | null;
  /** /sys/kernel/security/lsm, in order; null where it cannot be read. */
  securityModules: string[] | null;
  /** Of SELinux; null where there is none. */
  selinux: 'enforcing' | 'permissive' | 'disabled' | null;
  /** Of AppArmor; null where it cannot be told. */
  apparmor: boolean | null;
  /** The newest kernel package whose release is not the running one; null where that cannot be told, or none is. */
  rebootFor: string | null;
}

export interface AuditRule {
  /** As auditctl(8) takes it: `-w /etc/docker -p wa -k docker`. */
  text: string;
  /** Where it was found: `kernel`, or a file. */
  origin: string;
}
