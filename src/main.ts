import { ConfigError, loadConfig } from './config/config.js';
import { unknownVariables } from './config/unknown-variables.js';
import { VERSION } from './config/version.js';
import { StartError } from './embedded/start-error.js';
import { createLogger, logsToStandardOutput } from './log/logger.js';
import { withProgressLines } from './progress-line.js';
import { type RunningService, startService } from './start-service.js';

const config = readConfig();
const logger = createLogger(config);
/** Lines for whoever starts the service: as part of the log where a program reads that. */
const say = (line: string) => (logsToStandardOutput(config) === 'json' ? logger.info(line) : console.log(line));

/** npm passes Ctrl-C on to a process that the terminal has already told: what comes this soon is the same one, milliseconds. */
const SAME_SIGNAL_MS = 1_000;
/** When even an orderly end does not end, milliseconds. */
const EXIT_LIMIT_MS = 90_000;

const starting = new AbortController();
let service: RunningService | null = null;
let stoppingSince: number | null = null;
let exitCode = 0;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal));
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (err) => {
    logger.fatal({ err }, 'an error that nothing expected: the service stops');
    void stop(1);
  });
}

say(`Plimsoll ${VERSION}, role ${config.role}, data in ${config.dataDir}`);
for (const warning of unknownVariables(process.env)) logger.warn(warning);

try {
  service = await startService(config, {
    step: (name, run) => withProgressLines(name, say, run),
    onDatabaseLost: (reason) => {
      logger.fatal(`the embedded PostgreSQL ended (${reason}; see postgres.log in the data folder): the service stops`);
      void stop(1);
    },
    signal: starting.signal,
  });
  if (starting.signal.aborted) await close(false);
  else say(upLine(service));
} catch (error) {
  if (starting.signal.aborted) process.exit(exitCode);
  const known = error instanceof StartError;
  if (known) console.error(error.message);
  else logger.fatal({ err: error }, 'the service could not start');
  process.exit(1);
}

function upLine({ url, token }: RunningService): string {
  const seconds = `(${(performance.now() / 1_000).toFixed(1)} s)`;
  if (url === null) return `Plimsoll is up: a worker ${seconds}`;
  const where = token?.path ? `token in ${token.path}` : 'token as in PLIMSOLL_ADMIN_TOKEN';
  return `Plimsoll is up: ${url} (API), docs at ${url}/docs; ${where} ${seconds}`;
}

function readConfig() {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function onSignal(signal: NodeJS.Signals): void {
  if (stoppingSince === null) {
    say(`${signal}: stopping; running work ends or is handed back`);
    void stop(0);
  } else if (performance.now() - stoppingSince > SAME_SIGNAL_MS) {
    say(`${signal} again: stopping at once`);
    void stop(1, true);
  }
}

async function stop(code: number, urgent = false): Promise<void> {
  if (stoppingSince !== null && !urgent) return;
  stoppingSince ??= performance.now();
  exitCode = code;
  starting.abort();
  // Before the start has ended there is nothing to close here: it hears the signal and closes what it has.
  if (service) await close(urgent);
}

async function close(urgent: boolean): Promise<never> {
  setTimeout(() => process.exit(1), EXIT_LIMIT_MS).unref();
  try {
    await withProgressLines('stopping', say, () => service?.close(urgent) ?? Promise.resolve());
  } catch (err) {
    logger.error({ err }, 'stopping did not go well');
    process.exit(1);
  }
  say('Plimsoll has stopped');
  process.exit(exitCode);
}
