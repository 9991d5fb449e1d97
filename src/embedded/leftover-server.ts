import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, postgresProcessesIn, processInfo } from './process-table.js';
import { StartError } from './start-error.js';

interface Ask {
  signal: NodeJS.Signals;
  waitMs: number;
}

/** postgres(1): SIGINT shuts down "fast", with a checkpoint; SIGQUIT at once, and the next start recovers. */
const SERVER_SIGNALS: readonly Ask[] = [
  { signal: 'SIGINT', waitMs: 30_000 },
  { signal: 'SIGQUIT', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];

/** For a child SIGINT would only cancel its query. */
const CHILD_SIGNALS = SERVER_SIGNALS.slice(1);

/** What a server that was not stopped in order left behind. */
export interface PidFile {
  pid: number;
  socketFolder: string | null;
  /** `starting`, `ready` or another word. */
  status: string;
}

/** postmaster.pid, as miscadmin.h of PostgreSQL gives its lines: 1 process, 5 socket folder, 8 status. */
export async function readPidFile(cluster: string): Promise<PidFile | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => null);
  const lines = text?.split('\n').map((line) => line.trim());
  const pid = Number(lines?.[0]);
  if (!lines || !Number.isSafeInteger(pid) || pid <= 0) return null;
  return { pid, socketFolder: lines[4] || null, status: lines[7] ?? '' };
}

/**
 * Makes room for a new server: stops one whose service was killed, and removes a file that names another program's
 * process by now, which PostgreSQL would take for a server. The caller holds the data folder, so a server that runs is
 * nobody's.
 *
 * @returns the socket folder of the server before, if it was not stopped in order
 */
export async function clearLeftover(cluster: string): Promise<string | null> {
  const file = await readPidFile(cluster);
  if (file && (await isServerOf(file.pid, cluster))) await stopProcess(file.pid, SERVER_SIGNALS);
  // A killed server's children end by themselves, but one in a long query may take its time.
  for (const pid of await postgresProcessesIn(cluster)) await stopProcess(pid, CHILD_SIGNALS);
  // Whoever has the number now is not our server.
  if (file && isAlive(file.pid)) await rm(join(cluster, 'postmaster.pid'), { force: true });
  return file?.socketFolder ?? null;
}

/** Asks ever less kindly until the process is gone. */
async function stopProcess(pid: number, signals: readonly Ask[]): Promise<void> {
  for (const { signal, waitMs } of signals) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new StartError(`A PostgreSQL from before still runs as process ${pid} and cannot be stopped: stop it.`);
    }
    for (const end = Date.now() + waitMs; Date.now() < end; await sleep(25)) {
      if (!(await processInfo(pid))) return;
    }
  }
  throw new StartError(`A PostgreSQL from before still runs as process ${pid} and does not end: stop it.`);
}

/** In a container root may see another user's command line but not its working folder. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  const info = await processInfo(pid);
  return info !== null && /\/bin\/postgres /.test(info.command) && info.command.includes(` -D ${cluster} `);
}

/** Removes the sockets and their locks of a server that is gone. */
export async function emptySocketFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith('.s.PGSQL.')) await rm(join(folder, name), { force: true });
  }
}
