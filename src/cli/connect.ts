import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCommandEnvironment } from '../config/command-environment.js';
import { type Config, ConfigError, loadConfig } from '../config/config.js';
import { runningService, type ServiceRecord } from '../embedded/service-lock.js';
import { StartError } from '../embedded/start-error.js';
import type { DaemonAddress } from '../model/daemon.js';
import { withProgressLines } from '../progress-line.js';
import { ApiClient } from './api-client.js';
import { CommandError, EXIT_CODES } from './exit-code.js';
import type { Progress } from './progress.js';

export interface ConnectOptions {
  server?: string;
  token?: string;
}

export interface Connection {
  client: ApiClient;
  /** Stops a service that was started for this command. */
  close(): Promise<void>;
}

/** What a service of our own may read beside what it is configured for: the user names it, and is its operator. */
export interface Readable {
  path: string | null;
  engine: DaemonAddress | null;
}

export const NOTHING_MORE: Readable = { path: null, engine: null };

/** A service that starts is waited for this long, milliseconds. */
const START_LIMIT_MS = 120_000;

/**
 * The service to talk to: as the options or PLIMSOLL_URL say, else the one that runs in the data folder, else one that
 * is started for the length of the command.
 */
export async function connect(
  options: ConnectOptions,
  progress: Progress,
  signal: AbortSignal,
  readable: Readable = NOTHING_MORE,
): Promise<Connection> {
  return (
    (await connectToRunning(options, progress, signal)) ?? (await connectToOwn(options, progress, signal, readable))
  );
}

/** Null when no service is named and none runs. */
export async function connectToRunning(
  options: ConnectOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Connection | null> {
  const environment = readCommandEnvironment(process.env);
  const url = options.server ?? environment.url;
  const given = options.token ?? environment.token;
  if (url) {
    if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
      throw new CommandError(
        EXIT_CODES.usage,
        `"${url}" is no address of a service: expected one as http://127.0.0.1:8080.`,
      );
    }
    if (!given) throw new CommandError(EXIT_CODES.usage, `${url} wants a token: give --token or PLIMSOLL_TOKEN.`);
    return { client: new ApiClient(url, given), close: async () => undefined };
  }
  const { dataDir } = readConfig();
  const running = await waitUntilUp(dataDir, progress, signal);
  if (!running) return null;
  const token = given || (await readToken(running, dataDir));
  return { client: new ApiClient(running.url, token), close: async () => undefined };
}

async function connectToOwn(
  options: ConnectOptions,
  progress: Progress,
  signal: AbortSignal,
  readable: Readable,
): Promise<Connection> {
  if (options.token) {
    throw new CommandError(
      EXIT_CODES.usage,
      '--token is for a service that runs: no --server is given and none runs here.',
    );
  }
  const configured = readConfig();
  const config: Config = {
    ...configured,
    role: 'all',
    host: '127.0.0.1',
    port: 0,
    importDirs: [...configured.importDirs, ...(readable.path === null ? [] : [readable.path])],
    dockerHosts: [...configured.dockerHosts, ...(readable.engine === null ? [] : [readable.engine])],
    logFile: configured.logFile ?? join(configured.dataDir, 'plimsoll.log'),
  };
  progress.line('No service runs here: starting one for this command.');
  // Loaded only here: the commands that talk to a running service start without it.
  const { startService } = await import('../start-service.js');
  try {
    const service = await startService(config, {
      step: (name, run) => withProgressLines(name, (line) => progress.line(line), run),
      onDatabaseLost: (reason) => progress.line(`The database ended (${reason}): see ${config.logFile}.`),
      temporary: true,
      signal,
    });
    const client = new ApiClient(service.url ?? '', service.token?.token ?? '');
    return {
      client,
      close: () =>
        withProgressLines(
          'stopping',
          (line) => progress.line(line),
          () => service.close(),
        ),
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const detail = error instanceof StartError ? '' : ` The log is ${config.logFile}.`;
    throw new CommandError(EXIT_CODES.failed, `${(error as Error).message}${detail}`);
  }
}

/** The service of the data folder once it answers; a command's own service is none to count on. */
async function waitUntilUp(
  dataDir: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<(ServiceRecord & { url: string }) | null> {
  for (const end = Date.now() + START_LIMIT_MS; ; await sleep(250, undefined, { signal })) {
    const running = await runningService(dataDir);
    if (!running || running.temporary) return null;
    if (running.url !== null) return { ...running, url: running.url };
    if (Date.now() > end) {
      throw new CommandError(EXIT_CODES.failed, `The service of ${dataDir} (process ${running.pid}) does not get up.`);
    }
    progress.update('waiting for the service, which is starting', null);
  }
}

async function readToken({ tokenFile, url }: ServiceRecord, dataDir: string): Promise<string> {
  if (tokenFile === null) {
    throw new CommandError(
      EXIT_CODES.usage,
      `The service at ${url} was given its token in PLIMSOLL_ADMIN_TOKEN: give the same by --token or PLIMSOLL_TOKEN.`,
    );
  }
  try {
    return (await readFile(tokenFile, 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = existsSync(dataDir) && code === 'EACCES' ? 'belongs to another user' : `cannot be read (${code})`;
    throw new CommandError(EXIT_CODES.failed, `${tokenFile} ${why}: give a token by --token or PLIMSOLL_TOKEN.`);
  }
}

function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(EXIT_CODES.usage, error.message);
    throw error;
  }
}
