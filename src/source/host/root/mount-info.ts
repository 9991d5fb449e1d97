import type { Mount } from '../../../model/host/system.js';

/** A line of mountinfo with what finds its device. */
export interface MountLine extends Omit<Mount, 'encrypted'> {
  /** `254:0`. */
  device: string;
}

/** `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`, proc_pid_mountinfo(5). */
export function parseMountInfo(text: string, most: number): { mounts: MountLine[]; unparsed: number; isCut: boolean } {
  const mounts: MountLine[] = [];
  let unparsed = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const mount = parseLine(line);
    if (mount === null) unparsed += 1;
    else if (mounts.length === most) return { mounts, unparsed, isCut: true };
    else mounts.push(mount);
  }
  return { mounts, unparsed, isCut: false };
}

function parseLine(line: string): MountLine | null {
  const words = line.split(' ');
  const dash = words.indexOf('-', 6);
  const [, , device = '', root = '', mountPoint = '', own = ''] = words;
  const [type, source, ofFileSystem = ''] = dash < 0 ? [] : words.slice(dash + 1);
  if (type === undefined || source === undefined || !/^\d+:\d+$/.test(device) || !mountPoint.startsWith('/'))
    return null;
  return {
    device,
    root: unescaped(root),
    mountPoint: unescaped(mountPoint),
    type: unescaped(type),
    source: unescaped(source),
    options: [...new Set(`${own},${ofFileSystem}`.split(',').filter((option) => option !== ''))].map(unescaped).sort(),
    propagation: propagationOf(words.slice(6, dash)),
  };
}

/** Blanks, tabs, line breaks, backslashes and number signs are octal, as getmntent(3) reads them. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([01][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** A mount that is both shared and a slave hands on what it is given: shared is what matters more. */
function propagationOf(fields: readonly string[]): Mount['propagation'] {
  if (fields.some((field) => field.startsWith('shared:'))) return 'shared';
  if (fields.some((field) => field.startsWith('master:'))) return 'slave';
  return fields.includes('unbindable') ? 'unbindable' : 'private';
}
