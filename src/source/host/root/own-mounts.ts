import { readFileSync } from 'node:fs';
import { type MountLine, parseMountInfo } from './mount-info.js';

/** File systems on disks and in memory of this machine: reading them does not wait for anybody. */
const LOCAL = new Set(
  [
    'ext2 ext3 ext4 xfs btrfs zfs f2fs bcachefs jfs reiserfs nilfs2 ntfs3 exfat vfat msdos iso9660 udf',
    'squashfs erofs overlay aufs tmpfs ramfs rootfs',
  ].flatMap((line) => line.split(' ')),
);

/** What containers' roots are made of. */
const LAYERED = new Set(['overlay', 'aufs', 'fuse.fuse-overlayfs']);

/** File systems of the kernel itself, which answer at once, and hold no files of the host. */
const KERNEL = new Set(
  [
    'proc sysfs devtmpfs devpts cgroup cgroup2 securityfs debugfs tracefs configfs selinuxfs pstore bpf mqueue efivarfs',
    'hugetlbfs fusectl binfmt_misc nsfs autofs rpc_pipefs nfsd resctrl smackfs binder sockfs pipefs',
  ].flatMap((line) => line.split(' ')),
);

/** Where container engines keep the files of containers and images, which are judged as such. */
export const CONTAINER_STORAGE: readonly string[] = [
  ['/var/lib/docker', '/var/lib/containerd', '/var/lib/containers/storage', '/run/containerd', '/run/docker'],
  ['/var/lib/rancher', '/var/lib/kubelet/pods', '/var/lib/lxc', '/var/lib/lxd', '/var/lib/incus', '/var/lib/machines'],
  ['/var/snap/docker/common/var-lib-docker', '/var/lib/buildkit', '/var/lib/podman', '/run/containers'],
].flat();

/** How a root is made of file systems, as this process sees them mounted. */
export interface OwnMounts {
  /** Paths of the host that may not answer when they are looked at: networks and user-space file systems. */
  barred: string[];
  /** Paths of the host where a walk over its own files stops. */
  skipped: string[];
  /** Those of them that may hold files of the host that were therefore not seen. */
  unseen: { path: string; type: string }[];
}

/**
 * @param folder of the root, absolute and resolved
 * @param storage where else engines keep files of containers, paths of the host
 */
export function readOwnMounts(folder: string, storage: readonly string[]): OwnMounts {
  return ownMounts(readMountLines(), folder, storage);
}

function readMountLines(): MountLine[] {
  try {
    return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'), 100_000).mounts;
  } catch {
    // No Linux: then there is nothing mounted that is known to be of another kind.
    return [];
  }
}

export function ownMounts(lines: readonly MountLine[], folder: string, storage: readonly string[]): OwnMounts {
  const prefix = folder === '/' ? '' : folder;
  const inside = lines.flatMap((line) => {
    const path = pathWithin(line.mountPoint, prefix);
    return path === null || path === '/' ? [] : [Object.assign(line, { path })];
  });
  const barred = new Set<string>();
  const skipped = new Set(['/proc', '/sys', '/dev', ...storage]);
  const unseen: OwnMounts['unseen'] = [];
  for (const { path, type } of inside) {
    // The root of a container that runs, wherever its engine keeps it.
    if (LAYERED.has(type)) skipped.add(path);
    if (LOCAL.has(type)) continue;
    skipped.add(path);
    if (KERNEL.has(type)) continue;
    barred.add(path);
    unseen.push({ path, type });
  }
  const walked = lines.filter(({ mountPoint, type }) => {
    const path = pathWithin(mountPoint, prefix);
    return path !== null && LOCAL.has(type) && ![...skipped].some((folderOf) => isWithin(path, folderOf));
  });
  for (const line of inside) if (isSeenElsewhere(line, walked)) skipped.add(line.path);
  return {
    barred: [...barred].sort(),
    skipped: [...skipped].sort(),
    unseen: unseen.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** A bind mount shows what another mount of the root shows too: the one that shows more of the file system, or came first. */
function isSeenElsewhere(line: MountLine, walked: readonly MountLine[]): boolean {
  return walked.some(
    (other) =>
      other !== line &&
      other.device === line.device &&
      isWithin(line.root, other.root) &&
      (other.root !== line.root || walked.indexOf(other) < walked.indexOf(line)),
  );
}

/** Of the host; null outside of its root. */
function pathWithin(mountPoint: string, prefix: string): string | null {
  if (mountPoint === (prefix || '/')) return '/';
  return mountPoint.startsWith(`${prefix}/`) ? mountPoint.slice(prefix.length) : null;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}
