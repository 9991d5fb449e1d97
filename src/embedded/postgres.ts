import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE_USER, databaseFolder, ensureCluster, POSTGRES_ENV } from './cluster.js';
import { databaseUser } from './database-user.js';
import { clearLeftover, readPidFile } from './leftover-server.js';
import { postgresBinaries } from './postgres-binaries.js';
import { removeLeftoverSockets, type SocketFolder, socketFolder } from './socket-folder.js';
import { StartError } from './start-error.js';

export interface EmbeddedPostgres {
  /** With the password: not for logs. */
  url: string;
  pid: number;
  /** Resolves when the server has ended: after a checkpoint, or for `immediate` without, to recover at the next start. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
}

export interface PostgresHooks {
  /** The server ended though nobody stopped it. */
  onExit(reason: string): void;
  signal?: AbortSignal;
}

/** Only names the socket: nothing listens on a network. */
const PORT = 5432;

const SETTINGS: Record<string, string> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  // The only method in this build is so slow that writing a finding of each of many targets takes three times as long.
  wal_compression: 'off',
  fsync: 'on',
  // Compiling costs more than our short queries take.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
};

/** Replaying the log after a crash takes as long as it takes; this is for a server that hangs, milliseconds. */
const START_LIMIT_MS = 15 * 60_000;

/** A server that is told to end gets this long before it is told so more firmly, milliseconds. */
const FAST_STOP_MS = 30_000;
const IMMEDIATE_STOP_MS = 10_000;

/** A longer log is put aside, bytes. */
const MAX_LOG_BYTES = 10 * 1024 * 1024;

/**
 * Starts PostgreSQL in `<dataDir>/postgres`, reachable by a unix socket and a password only. The caller holds the lock of
 * the data folder.
 *
 * @throws StartError
 */
export async function startPostgres(dataDir: string, hooks: PostgresHooks): Promise<EmbeddedPostgres> {
  const folder = databaseFolder(dataDir);
  const binaries = await postgresBinaries();
  await mkdir(folder.base, { recursive: true, mode: 0o700 });
  const user = databaseUser(existsSync(folder.cluster) ? folder.cluster : null, binaries.postgres, folder.base);
  if (existsSync(folder.cluster)) await removeLeftoverSockets(await clearLeftover(folder.cluster));
  const password = await ensureCluster(folder, binaries, user);
  hooks.signal?.throwIfAborted();
  const sockets = await socketFolder(folder.base, user);
  const logFile = join(dataDir, 'postgres.log');
  const log = await openLog(logFile);
  const settings = { ...SETTINGS, unix_socket_directories: sockets.path };
  const plan = user.command(binaries.postgres, [
    '-D',
    folder.cluster,
    '-p',
    String(PORT),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  const logStart = (await log.stat()).size;
  // A group of its own: Ctrl-C on the terminal must reach the service only, which stops its work before the database.
  const child = spawn(plan.program, plan.args, {
    ...plan.ids,
    cwd: folder.base,
    detached: true,
    env: POSTGRES_ENV,
    stdio: ['ignore', log.fd, log.fd],
  });
  const server = new Server(child, log, sockets, hooks.onExit);
  await server.ready(folder.cluster, logFile, logStart, hooks.signal);
  const host = encodeURIComponent(sockets.path);
  return {
    url: `postgres://${DATABASE_USER}:${password}@localhost:${PORT}/postgres?host=${host}`,
    pid: child.pid ?? 0,
    stop: (mode = 'fast') => server.stop(mode),
  };
}

class Server {
  /** Why it ended; null while it runs. */
  private ended: string | null = null;
  private isReady = false;
  private stopping = false;
  private readonly exit: Promise<void>;

  constructor(
    private readonly child: ChildProcess,
    private readonly log: FileHandle,
    private readonly sockets: SocketFolder,
    private readonly onExit: (reason: string) => void,
  ) {
    this.exit = new Promise((resolve) => {
      const end = (reason: string) => {
        if (this.ended !== null) return;
        this.ended = reason;
        resolve();
        if (this.isReady && !this.stopping) this.onExit(reason);
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
    });
  }

  /** Resolves when connections are accepted, as pg_ctl(1) finds it out: by the status in postmaster.pid. */
  async ready(cluster: string, logFile: string, logStart: number, signal?: AbortSignal): Promise<void> {
    for (const end = Date.now() + START_LIMIT_MS; ; await sleep(15)) {
      const file = await readPidFile(cluster);
      if (file?.pid === this.child.pid && file?.status === 'ready') break;
      if (this.ended === null && Date.now() < end && !signal?.aborted) continue;
      const reason = this.ended ?? 'it did not become ready';
      await this.stop('immediate');
      signal?.throwIfAborted();
      const lines = (await readFile(logFile)).subarray(logStart).toString().trim().split('\n').slice(-8);
      throw new StartError(
        `PostgreSQL did not start (${reason}). The end of ${logFile}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
      );
    }
    this.isReady = true;
  }

  async stop(mode: 'fast' | 'immediate'): Promise<void> {
    this.stopping = true;
    if (mode === 'fast') await this.kill('SIGINT', FAST_STOP_MS);
    await this.kill('SIGQUIT', IMMEDIATE_STOP_MS);
    await this.kill('SIGKILL', IMMEDIATE_STOP_MS);
    await this.sockets.remove();
    await this.log.close().catch(() => undefined);
  }

  private async kill(signal: NodeJS.Signals, waitMs: number): Promise<void> {
    if (this.ended !== null) return;
    this.child.kill(signal);
    const patience = new AbortController();
    await Promise.race([this.exit, sleep(waitMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
  }
}

async function openLog(path: string): Promise<FileHandle> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size > MAX_LOG_BYTES) await rename(path, `${path}.1`);
  return open(path, 'a', 0o600);
}
