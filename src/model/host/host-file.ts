/** A file whose place, attributes or text a control asks about. */
export interface HostFile {
  /** Absolute on the host. */
  path: string;
  type: 'file' | 'directory' | 'link' | 'socket' | 'device' | 'other';
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  mode: number;
  uid: number;
  gid: number;
  /** By name; null for a number that the host has no name for. */
  owner: string | null;
  group: string | null;
  /** Bytes. */
  size: number;
  /** Where a link leads; type and attributes are those of what it leads to. */
  target: string | null;
  /** Of a file whose text controls read, secrets redacted; null for any other. */
  text: string | null;
}

/** A file that the walk over the root noted. */
export interface PrivilegedFile {
  path: string;
  type: 'file' | 'directory';
  mode: number;
  uid: number;
  gid: number;
  /** Why it was noted. */
  traits: PrivilegedTrait[];
}

/** `capabilities` is told only where extended attributes can be read: that no file has it proves nothing. */
export type PrivilegedTrait = 'setuid' | 'setgid' | 'world_writable' | 'unowned' | 'ungrouped' | 'capabilities';
