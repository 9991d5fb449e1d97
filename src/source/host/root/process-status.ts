/** What /proc/PID/status says, proc_pid_status(5). */
export interface ProcessStatus {
  /** Of the program, cut to 15 characters by the kernel. */
  name: string;
  parent: number;
  /** Effective user. */
  uid: number;
  /** Effective, by name; null where the kernel does not say. */
  capabilities: string[] | null;
  seccomp: boolean | null;
  noNewPrivileges: boolean | null;
}

/** By their bits: capability.h of Linux 6.12. */
const CAPABILITIES = [
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE',
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN',
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE',
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE',
].flatMap((line) => line.split(' '));

/** Null for a text that is no status of a process. */
export function parseStatus(text: string): ProcessStatus | null {
  const fields = new Map<string, string>();
  for (const line of text.split('\n', 200)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const parent = numberOf(fields.get('PPid'));
  const uid = numberOf(fields.get('Uid')?.split(/\s+/)[1]);
  if (parent === null || uid === null) return null;
  const seccomp = numberOf(fields.get('Seccomp'));
  const noNewPrivileges = numberOf(fields.get('NoNewPrivs'));
  return {
    name: fields.get('Name')?.slice(0, 64) ?? '',
    parent,
    uid,
    capabilities: capabilitiesOf(fields.get('CapEff')),
    seccomp: seccomp === null ? null : seccomp > 0,
    noNewPrivileges: noNewPrivileges === null ? null : noNewPrivileges > 0,
  };
}

/** The arguments of /proc/PID/cmdline end with a NUL each; programs that write into it often put blanks between. */
export function parseCommandLine(text: string, limits: { words: number; length: number }): string[] {
  const end = text.replace(/\0+$/, '');
  if (end === '') return [];
  return end.split('\0', limits.words).map((word) => word.slice(0, limits.length).toWellFormed());
}

/**
 * The container that a process is in, by the names that engines give to control groups (cgroups(7)): `docker-ID.scope`,
 * `/docker/ID`, `libpod-ID.scope`, `cri-containerd-ID.scope`, `crio-ID.scope`; of nested ones the outermost. Null for a
 * process of the host, as the monitor of a container is one.
 */
export function containerOf(cgroup: string): string | null {
  for (const line of cgroup.split('\n', 100)) {
    const path = line.split(':').slice(2).join(':');
    for (const part of path.split('/')) {
      const [, prefix = '', id] = /^(?:(.*)-)?([0-9a-f]{64})(?:\.scope)?$/.exec(part) ?? [];
      if (id !== undefined && !/conmon$/.test(prefix)) return id;
      const lxc = /^lxc\.payload\.(.{1,200})$/.exec(part)?.[1];
      if (lxc !== undefined) return lxc;
    }
  }
  return null;
}

function capabilitiesOf(mask: string | undefined): string[] | null {
  if (mask === undefined || !/^[0-9a-f]{1,16}$/i.test(mask)) return null;
  const bits = BigInt(`0x${mask}`);
  return CAPABILITIES.filter((_, bit) => ((bits >> BigInt(bit)) & 1n) === 1n).map((name) => `CAP_${name}`);
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null;
}
