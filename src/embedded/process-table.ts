import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** A process that lives now. */
export interface ProcessInfo {
  /** Tells two processes with the same number apart; its unit is the system's. */
  startTime: string;
  /** The command line, arguments separated by spaces. */
  command: string;
}

/** The process with this number, or null when there is none (or only its remains, which nobody has waited for). */
export async function processInfo(pid: number): Promise<ProcessInfo | null> {
  if (!isAlive(pid)) return null;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** Whether a process with this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The PostgreSQL processes that work in a folder; only Linux can tell. */
export async function postgresProcessesIn(folder: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const wanted = await realpath(folder);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
      if (cwd !== wanted) return null;
      const info = await processInfo(pid);
      return info?.command.includes('postgres') ? pid : null;
    }),
  );
  return found.filter((pid) => pid !== null);
}

/** Where process numbers mean what they mean here: a machine since its boot, and in it a container. */
export async function processSpace(): Promise<string> {
  const [boot, namespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return [hostname(), boot.trim(), namespace].filter((part) => part !== '').join(' ');
}

async function fromProc(pid: number): Promise<ProcessInfo | null> {
  try {
    const [stat, cmdline] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // proc_pid_stat(5): the name in parentheses may hold anything; the state is field 3, the start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return { startTime: fields[19] ?? '', command: cmdline.replaceAll('\0', ' ').trim() };
  } catch {
    return null;
  }
}

async function fromPs(pid: number): Promise<ProcessInfo | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=,command=', '-p', String(pid)]);
    // `lstart` is 24 characters wide: "Tue Nov 24 02:04:00 2026".
    return { startTime: stdout.slice(0, 24).trim(), command: stdout.slice(24).trim() };
  } catch {
    return null;
  }
}
