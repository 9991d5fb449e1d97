import type { Gaps } from './fact-reading.js';
import { type HostRoot, shown } from './host-root.js';

/** Devices beneath each other: a partition, RAID, LVM and encryption are four. */
const MAX_DEPTH = 8;
const MAX_SLAVES = 256;

/** File systems without a device to encrypt. */
const MEMORY = new Set(['tmpfs', 'ramfs', 'proc', 'sysfs', 'devtmpfs', 'devpts', 'cgroup', 'cgroup2', 'mqueue']);

/** File systems that may encrypt by themselves, which only their tools tell. */
const OWN = new Set(['zfs', 'btrfs', 'ecryptfs', 'gocryptfs', 'fuse.gocryptfs', 'bcachefs', 'ubifs']);

/** Tells of block devices by /sys/dev/block whether dm-crypt encrypts them, or a device that they rest on. */
export class Encryption {
  private readonly known = new Map<string, boolean | null>();

  constructor(
    private readonly root: HostRoot,
    private readonly gaps: Gaps,
  ) {}

  /** @param device `254:0`; @returns null where it cannot be told */
  of(device: string, type: string): boolean | null {
    if (MEMORY.has(type)) return null;
    if (type === 'ecryptfs' || type.endsWith('gocryptfs')) return true;
    const found = this.device(device, 0);
    return found === false && OWN.has(type) ? null : found;
  }

  private device(device: string, depth: number): boolean | null {
    if (!/^\d+:\d+$/.test(device) || device.startsWith('0:') || depth > MAX_DEPTH) return null;
    const known = this.known.get(device);
    if (known !== undefined) return known;
    const found = this.look(device, depth);
    this.known.set(device, found);
    return found;
  }

  private look(device: string, depth: number): boolean | null {
    const { root, gaps } = this;
    const folder = `/sys/dev/block/${device}`;
    if (!root.has(folder)) return null;
    const uuid = gaps.tolerate(folder, () => root.line(`${folder}/dm/uuid`));
    if (uuid?.startsWith('CRYPT-')) return true;
    const slaves = this.slaves(folder) ?? this.slaves(`${folder}/../`) ?? [];
    if (slaves.length === 0) return false;
    const beneath = slaves.map((slave) => this.device(slave, depth + 1));
    // Part of it in the clear is not encrypted.
    if (beneath.includes(false)) return false;
    return beneath.includes(null) ? null : true;
  }

  /** Devices that it rests on; of a partition, those of the disk. Null: none that are told. */
  private slaves(folder: string): string[] | null {
    const path = `${folder}/slaves`;
    const list = this.gaps.tolerate(path, () => this.root.entries(path, MAX_SLAVES));
    if (list === null) return null;
    if (list.isCut) this.gaps.add(`${shown(path)} has more entries than are looked at.`);
    const devices = list.entries.flatMap(({ name }) => {
      const device = this.gaps.tolerate(path, () => this.root.line(`${path}/${name}/dev`));
      return device === null ? [] : [device];
    });
    return devices.length === 0 ? null : devices;
  }
}
