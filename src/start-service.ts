import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from './application.js';
import type { Config } from './config/config.js';
import { type AdminToken, adminToken } from './embedded/admin-token.js';
import { openDataFolder } from './embedded/data-folder.js';
import { encryptionKey } from './embedded/encryption-key.js';
import { type EmbeddedPostgres, startPostgres } from './embedded/postgres.js';
import { runningService, ServiceLock } from './embedded/service-lock.js';
import { StartError } from './embedded/start-error.js';

export interface StartHooks {
  /** Runs one step of the start; the place to show progress. */
  step<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** The embedded database ended by itself; the service is of no use any more. */
  onDatabaseLost(reason: string): void;
  /** The service ends with the command that starts it: other commands wait instead of using it. */
  temporary?: boolean;
  /** Gives up the start. */
  signal?: AbortSignal;
}

export interface RunningService {
  /** Null for a worker, which answers nobody. */
  url: string | null;
  token: AdminToken | null;
  /**
   * Takes no more work, ends or hands back what runs, then stops the database. `urgent` leaves out all that can wait for
   * the next start's recovery.
   */
  close(urgent?: boolean): Promise<void>;
}

/** Work has 5 s to end by itself and requests as long as they take; this is when the database is stopped regardless. */
const CLOSE_LIMIT_MS = 25_000;

/**
 * Starts what the configured role needs, in this process. When it fails, everything that was started is stopped again.
 *
 * @throws StartError, or whatever a module throws at its start
 */
export async function startService(config: Config, hooks: StartHooks): Promise<RunningService> {
  const parts: Parts = { lock: null, postgres: null, application: null };
  try {
    return await start(config, hooks, parts);
  } catch (error) {
    await close(parts, false);
    throw asStartError(error, config);
  }
}

interface Parts {
  lock: ServiceLock | null;
  postgres: EmbeddedPostgres | null;
  application: Application | null;
}

async function start(config: Config, hooks: StartHooks, parts: Parts): Promise<RunningService> {
  const { signal, temporary = false } = hooks;
  const isEmbedded = config.databaseUrl === null;
  const hasApi = config.role !== 'worker';
  parts.lock = await hooks.step('opening the data folder', async () => {
    await openDataFolder(config.dataDir);
    return isEmbedded ? ServiceLock.acquire(config.dataDir, temporary, signal) : tryLock(config);
  });
  // Before anything is started: workers would take jobs only to drop them.
  if (hasApi) await tryPort(config);
  // Loading the code takes a second of this process's time, which the database's start does not need.
  const loading = import('./application.js');
  loading.catch(() => undefined);
  const token = hasApi ? await adminToken(config.adminToken, config.dataDir) : null;
  const key = await encryptionKey(config);
  if (isEmbedded) {
    parts.postgres = await hooks.step('starting the database', () =>
      startPostgres(config.dataDir, { onExit: hooks.onDatabaseLost, ...(signal && { signal }) }),
    );
  }
  signal?.throwIfAborted();
  const { openApplication } = await loading;
  const databaseUrl = parts.postgres?.url ?? config.databaseUrl;
  const application = await hooks.step('starting the service', () =>
    openApplication({ ...config, databaseUrl, encryptionKey: key }, { isEmbedded, token: token?.token ?? null }),
  );
  parts.application = application;
  signal?.throwIfAborted();
  const url = await application.listen();
  if (url !== null) await parts.lock?.announce(url, token?.path ?? null);
  return { url, token, close: (urgent = false) => close(parts, urgent) };
}

/** Fails as the real one would fail a second later. */
async function tryPort({ port, host }: Config): Promise<void> {
  const server = createServer().listen({ port, host, exclusive: true });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

/** With a database of its own a data folder may be shared; the first service is the one that the command finds. */
async function tryLock({ dataDir, role }: Config): Promise<ServiceLock | null> {
  if (role === 'worker') return null; // it has no URL to announce
  const running = await runningService(dataDir);
  if (running) return null;
  return ServiceLock.acquire(dataDir).catch((error) => {
    if (error instanceof StartError) return null;
    throw error;
  });
}

async function close({ application, postgres, lock }: Parts, urgent: boolean): Promise<void> {
  if (application && !urgent) await withinLimit(application.close());
  await postgres?.stop(urgent ? 'immediate' : 'fast');
  await lock?.release();
}

async function withinLimit(closing: Promise<void>): Promise<void> {
  const limit = new AbortController();
  const timeout = sleep(CLOSE_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => undefined);
  try {
    await Promise.race([closing, timeout]);
  } finally {
    limit.abort();
  }
}

function asStartError(error: unknown, { host, port }: Config): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === 'listen' && code === 'EADDRINUSE') {
    const what = `Port ${port} of ${host} is in use`;
    return new StartError(`${what}: stop what listens there, or set PLIMSOLL_PORT to another (0 takes a free one).`);
  }
  if (syscall === 'listen' && code === 'EACCES') {
    return new StartError(`Port ${port} is for privileged users: set PLIMSOLL_PORT to one from 1024.`);
  }
  if ((syscall === 'listen' && code === 'EADDRNOTAVAIL') || syscall === 'getaddrinfo') {
    return new StartError(`Cannot listen on ${host} (${message}): set PLIMSOLL_HOST to an address of this machine.`);
  }
  return error;
}
