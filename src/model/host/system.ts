/** A line of /proc/self/mountinfo, proc_pid_mountinfo(5). */
export interface Mount {
  mountPoint: string;
  /** The folder of the file system that is mounted. */
  root: string;
  /** `ext4`. */
  type: string;
  /** `/dev/sda1`. */
  source: string;
  /** Of the mount and of the file system, sorted: `nodev`, `noexec`. */
  options: string[];
  /** Propagation: `shared`, `slave`, `private`. */
  propagation: 'shared' | 'slave' | 'private' | 'unbindable';
  /** Whether the device, or one beneath it, is encrypted by dm-crypt or the file system itself; null: cannot be told. */
  encrypted: boolean | null;
}

/** A user of passwd(5) with what shadow(5) says. Password hashes are never kept. */
export interface HostAccount {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
  /** `unknown`: shadow could not be read. */
  password: 'none' | 'locked' | 'set' | 'unknown';
  /** Of the password: `yescrypt`, `sha512`, `md5`, `des`; null unless it is `set`. */
  hash: string | null;
  /** Days, of shadow(5); null where it has none or could not be read. */
  maxAge: number | null;
  minAge: number | null;
  warnAge: number | null;
  inactive: number | null;
  /** Day of the last change since 1970. */
  lastChange: number | null;
}

export interface HostGroup {
  name: string;
  gid: number;
  members: string[];
}

export interface Process {
  pid: number;
  parent: number;
  /** Effective user's number. */
  uid: number;
  /** The file that runs, absolute; null where it cannot be read. */
  executable: string | null;
  /** Words of the command line, bounded; values of words that may be secret redacted. */
  command: string[];
  /** Id of the container that it runs in; null for a process of the host. */
  container: string | null;
  /** Effective capabilities by name, `CAP_SYS_ADMIN`; null where they could not be read. */
  capabilities: string[] | null;
  seccomp: boolean | null;
  noNewPrivileges: boolean | null;
}

export interface ListeningSocket {
  protocol: 'tcp' | 'udp';
  /** `0.0.0.0`, `::`, `127.0.0.1`. */
  address: string;
  port: number;
  /** Who has it open, the first of several; null where it cannot be told. */
  pid: number | null;
  program: string | null;
}
