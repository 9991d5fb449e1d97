import {
  type DestinationStream,
  destination,
  type LogFn,
  type Logger,
  pino,
  type SerializedError,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { Config } from '../config/config.js';

/** What may carry a token or a password, wherever it turns up in a logged object. */
const SECRETS = [
  'authorization',
  'cookie',
  'password',
  '*.authorization',
  '*.cookie',
  '*.password',
  '*.headers.authorization',
  '*.headers.cookie',
  '*.headers["set-cookie"]',
];

/** Nest tells of every module and route at its start: of use only to those who look for one. */
const START_NOISE = new Set([
  'GraphQLModule',
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

type LogConfig = Pick<Config, 'logLevel' | 'logFormat' | 'logFile'>;

/** The service's log: one JSON object a line, or text for people on a terminal. */
export function createLogger(config: LogConfig): Logger {
  return pino(
    {
      level: config.logLevel,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      hooks: { logMethod: quietStart },
      redact: { paths: SECRETS, censor: '[hidden]' },
      serializers: { err: stdSerializers.wrapErrorSerializer(errorFields) },
    },
    logStream(config),
  );
}

/** Drivers hang a connection, a statement or its parameters on their errors, which is not for logs. The stack has the causes. */
export function errorFields({ type, message, stack, code }: SerializedError): object {
  return { type, message, stack, ...(code !== undefined && { code }) };
}

function quietStart(this: Logger, args: Parameters<LogFn>, method: LogFn, level: number): void {
  const [first] = args as unknown[];
  const context = typeof first === 'object' && first !== null && 'context' in first ? first.context : null;
  const isNoise = level === this.levels.values.info && typeof context === 'string' && START_NOISE.has(context);
  if (isNoise) this.debug(...args);
  else method.apply(this, args);
}

/** What the log makes of standard output; null when it goes to a file. */
export function logsToStandardOutput({ logFormat, logFile }: LogConfig): 'json' | 'pretty' | null {
  if (logFile !== null) return null;
  return logFormat === 'pretty' || (logFormat === 'auto' && process.stdout.isTTY === true) ? 'pretty' : 'json';
}

/** Written at once and in order, so that the last lines before a crash are there; pino's worker threads lose them. */
function logStream(config: LogConfig): DestinationStream {
  if (logsToStandardOutput(config) !== 'pretty')
    return destination({ dest: config.logFile ?? 1, sync: true, mkdir: true, mode: 0o600 });
  return PinoPretty({
    colorize: process.stdout.isTTY === true && process.stdout.hasColors(),
    ignore: 'pid,hostname,context,req,res,ms',
    messageFormat: (log, key) => `${log.context ? `[${String(log.context)}] ` : ''}${String(log[key] ?? '')}`,
    singleLine: true,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
  });
}
