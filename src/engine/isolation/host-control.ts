import type { Container, ContainerMount, EngineFacts } from '../../model/host/engine.js';

/** Sockets whose user may start what it likes on the host. */
const ENGINE_SOCKET = /(?:^|\/)(?:docker|podman|containerd|crio|cri-dockerd)\.sock$/;

/** Folders that hold such a socket. */
const SOCKET_FOLDERS = new Set([
  '/var/run',
  '/run',
  '/run/containerd',
  '/run/podman',
  '/run/crio',
  '/var/run/containerd',
]);

/** Folders that hold the host's programs, settings or devices: who writes there soon runs as root. */
const HOST_FOLDERS = new Set([
  '/',
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/home',
  '/lib',
  '/lib64',
  '/proc',
  '/root',
  '/sbin',
  '/sys',
  '/usr',
  '/usr/bin',
  '/usr/lib',
  '/usr/local/bin',
  '/usr/sbin',
  '/var',
  '/var/lib',
  '/var/spool',
  '/var/spool/cron',
]);

/** Capabilities with which a process leaves its container without a fault of the kernel: capabilities(7). */
const LEAVING = new Set(['ALL', 'BPF', 'DAC_READ_SEARCH', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_PTRACE', 'SYS_RAWIO']);

/**
 * Ways by which whoever runs code in a container gets the rights of the engine's user on the host (root's, unless the
 * engine is rootless), a few words each, sorted. None: it would have to find a fault of the kernel first.
 */
export function controlOverHost(container: Container, { settings }: Pick<EngineFacts, 'settings'>): string[] {
  const { privileged, pidMode, devices, mounts, capabilitiesAdded } = container;
  const ways = new Set<string>();
  if (privileged) ways.add('privileged');
  const capabilities = capabilitiesAdded.map((name) => name.toUpperCase().replace(/^CAP_/, ''));
  for (const name of capabilities) {
    // Processes of others are there to be traced only in the host's own namespace.
    if (LEAVING.has(name) && (name !== 'SYS_PTRACE' || pidMode === 'host')) ways.add(`capability ${name}`);
  }
  for (const mount of mounts) {
    const way = wayOfMount(mount, settings.dataRoot);
    if (way !== null) ways.add(way);
  }
  for (const { host, permissions } of devices) {
    if (isDiskOrMemory(host) && permissions.includes('w')) ways.add(`device ${host}`);
  }
  return [...ways].sort();
}

function wayOfMount({ type, source, readOnly }: ContainerMount, dataRoot: string): string | null {
  if (type !== 'bind') return null;
  const path = source.length > 1 ? source.replace(/\/+$/, '') : source;
  // A socket is used through a mount that is read-only as well.
  if (ENGINE_SOCKET.test(path)) return `engine socket ${path}`;
  if (SOCKET_FOLDERS.has(path)) return `engine socket in ${path}`;
  if (readOnly) return null;
  const isData = dataRoot !== '' && (path === dataRoot || path.startsWith(`${dataRoot}/`));
  return HOST_FOLDERS.has(path) || path.startsWith('/etc/') || isData ? `writes ${path}` : null;
}

function isDiskOrMemory(device: string): boolean {
  // Not a device but a rule that allows a kind of them, of which the container makes one itself: `b 8:*`, `a *:*`.
  if (/^[ab] /.test(device)) return true;
  return /^\/dev\/(?:(?:sd|hd|vd|xvd)[a-z]|nvme\d|mmcblk\d|dm-|mapper\/|md\d|loop|mem$|kmem$|port$)/.test(device);
}
