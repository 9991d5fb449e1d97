import type { Fact } from '../../../model/host/fact.js';
import type { ListeningSocket, Process } from '../../../model/host/system.js';
import { type Gaps, readFact } from './fact-reading.js';
import { type HostRoot, ReadFault } from './host-root.js';
import { parseSocketTable, type SocketLine } from './socket-table.js';
import { NO_PROC } from './sysctl.js';

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_SOCKETS = 20_000;
/** Open files of one process, and of all of them. */
const MAX_FILES = { each: 100_000, all: 2_000_000 };

/**
 * Sockets of the host's own network that wait for somebody, with who has them open. Needs root, or CAP_SYS_PTRACE, for
 * whose they are.
 */
export function readSockets(root: HostRoot, processes: Fact<Process[]>): Fact<ListeningSocket[]> {
  return readFact(NO_PROC, (gaps) => {
    const lines = TABLES.flatMap((table) => readTable(root, table, gaps));
    const owners = ownersOf(root, new Set(lines.map(({ inode }) => inode)), processes, gaps);
    const sockets = lines.map(({ protocol, address, port, inode }): ListeningSocket => {
      const owner = owners.get(inode);
      return { protocol, address, port, pid: owner?.pid ?? null, program: owner ? programOf(owner) : null };
    });
    const unique = new Map(sockets.map((socket) => [JSON.stringify(socket), socket]));
    return [...unique.values()].sort(
      (a, b) =>
        compare(a.protocol, b.protocol) ||
        a.port - b.port ||
        compare(a.address, b.address) ||
        (a.pid ?? 0) - (b.pid ?? 0),
    );
  });
}

function readTable(root: HostRoot, table: (typeof TABLES)[number], gaps: Gaps): SocketLine[] {
  const path = `/proc/1/net/${table}`;
  const read =
    root.textIfThere(path, MAX_BYTES) ?? (root.isOwn ? root.textIfThere(`/proc/net/${table}`, MAX_BYTES) : null);
  if (read === null) {
    // A kernel without IPv6 has no such tables.
    if (!table.endsWith('6')) throw new ReadFault('absent', '');
    return [];
  }
  const sockets = parseSocketTable(read.text, table.startsWith('tcp') ? 'tcp' : 'udp', MAX_SOCKETS);
  if (read.isCut || sockets.length === MAX_SOCKETS) gaps.add(`${path} has more sockets than are looked at.`);
  return sockets;
}

/** By inode: the first process that has the socket open, `socket:[12345]` in /proc/PID/fd. */
function ownersOf(
  root: HostRoot,
  wanted: ReadonlySet<string>,
  processes: Fact<Process[]>,
  gaps: Gaps,
): Map<string, Process> {
  const owners = new Map<string, Process>();
  if (!processes.known) return owners;
  let left = MAX_FILES.all;
  for (const process of processes.value) {
    if (owners.size === wanted.size) return owners;
    const folder = `/proc/${process.pid}/fd`;
    try {
      const { entries, isCut } = root.entries(folder, Math.min(MAX_FILES.each, left));
      left -= entries.length;
      if (isCut) gaps.add('More files are open than are looked at: whose some sockets are is not known.');
      for (const { name } of entries) {
        const inode = inodeOf(root, `${folder}/${name}`);
        if (inode !== null && wanted.has(inode) && !owners.has(inode)) owners.set(inode, process);
      }
    } catch (error) {
      // Whose a socket is says each for itself; that programs cannot be seen is a gap of processes.
      if (!(error instanceof ReadFault)) throw error;
    }
  }
  return owners;
}

/** Null for what is no socket, or was closed meanwhile. @throws ReadFault `not_permitted` */
function inodeOf(root: HostRoot, path: string): string | null {
  try {
    return /^socket:\[(\d+)\]$/.exec(root.linkTarget(path))?.[1] ?? null;
  } catch (error) {
    if (error instanceof ReadFault && error.code !== 'not_permitted') return null;
    throw error;
  }
}

function programOf({ executable, command }: Process): string | null {
  const path = executable ?? command[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1) || null;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
