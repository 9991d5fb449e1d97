import type { DaemonAddress } from '../model/daemon.js';
import type { FeedName } from '../model/feed.js';
import type { AllowedAddress } from '../model/registry-allow.js';
import type { Environment, LogFormat, LogLevel, Role } from './choices.js';
import { VARIABLES, type Variable } from './variables.js';

/** What the operator decided, checked. Paths are absolute, sizes are bytes. */
export interface Config {
  /** 0: any free port. */
  port: number;
  host: string;
  dataDir: string;
  /** Null: the embedded database, whose URL the start puts here. */
  databaseUrl: string | null;
  /** Null: the queue lives in the database. */
  redisUrl: string | null;
  role: Role;
  /** Null: generated into the data folder. */
  adminToken: string | null;
  /** Null: nobody named any, so the default ones. */
  feeds: FeedName[] | null;
  /** 0: feeds are synced only when asked. */
  feedIntervalHours: number;
  /** 0: advisories never count as old. */
  feedMaxAgeHours: number;
  // Of a feed: a URL, or the absolute path of a folder.
  osvSource: string;
  /** Null: all that the export lists. */
  osvEcosystems: string[] | null;
  endOfLifeSource: string;
  debianSource: string;
  alpineSource: string;
  wolfiSource: string;
  chainguardSource: string;
  redhatSource: string;
  amazonSource: string;
  oracleSource: string;
  suseSource: string;
  rockySource: string;
  almalinuxSource: string;
  nvdSource: string;
  nvdApiKey: string | null;
  kevSource: string;
  epssSource: string;
  /** Null: nobody said which are trusted. */
  trustedRegistries: string[] | null;
  maxImageAgeDays: number;
  importDirs: string[];
  /** Folders whose kubeconfigs say which clusters may be asked, and as whom. */
  kubeconfigDirs: string[];
  /** Whether programs that kubeconfigs name for credentials may be run. */
  kubeconfigExec: boolean;
  /** Addresses that registries may have though they are not public. */
  registryAllow: AllowedAddress[];
  /** 32 bytes that stored credentials are sealed with; null until the start reads or makes them. */
  encryptionKey: Buffer | null;
  /** Where the key is read from; null: given above, or in the data folder. */
  encryptionKeyFile: string | null;
  dockerHost: DaemonAddress;
  /** Engines beside `dockerHost` whose hosts may be scanned. */
  dockerHosts: DaemonAddress[];
  /** A folder with ca.pem, cert.pem and key.pem; null: the engine is spoken to without TLS. */
  dockerCertPath: string | null;
  /** Where the root of the host is mounted that unix sockets of engines belong to; null: it is not. */
  hostRoot: string | null;
  /** A file or folder of operators' own controls over clusters; null: there are none. */
  clusterControls: string | null;
  /** Of one scan of a host or cluster; 0: none are scanned. */
  scanImagesInUse: number;
  maxUploadBytes: number;
  uploadTtlHours: number;
  maxLayerBytes: number;
  scanConcurrency: number;
  logLevel: LogLevel;
  logFormat: LogFormat;
  /** Null: standard output. */
  logFile: string | null;
  environment: Environment;
}

/** The injection token of the `Config`. */
export const CONFIG = Symbol('config');

/** Every variable that was not as expected, each a sentence that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:
${problems.map((problem) => `  - ${problem}`).join('\n')}
The README lists every variable.`);
  }
}

/** The compiler's check that every field has its variable. */
type VariablesOf<T> = { [F in keyof T]: Variable<NonNullable<T[F]>> };

/**
 * Reads the environment. An empty variable counts as not set.
 *
 * @throws ConfigError with every problem at once
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const variables: VariablesOf<Config> = VARIABLES;
  const values = Object.entries(variables).map(([field, variable]) => {
    const given = readValue(env, variable.name);
    const text = given ?? variable.fallback(env);
    if (text === null) return [field, null];
    const parsed = variable.schema.safeParse(text);
    if (parsed.success) return [field, parsed.data];
    const got = variable.secret ? '' : `, got "${text.slice(0, 200)}"`;
    problems.push(`${variable.name}: expected ${variable.expected}${got}.`);
    return [field, null];
  });
  const config = Object.fromEntries(values) as Config;
  if (problems.length === 0) problems.push(...contradictions(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

function readValue(env: NodeJS.ProcessEnv, name: string): string | null {
  const value = env[name]?.trim();
  if (!value) return null;
  // Kubernetes sets PLIMSOLL_PORT=tcp://… in every pod beside a Service named plimsoll; nobody wrote that for us.
  if (name === 'PLIMSOLL_PORT' && value.startsWith('tcp://')) return null;
  return value;
}

function contradictions({ role, databaseUrl, adminToken, encryptionKey, encryptionKeyFile }: Config): string[] {
  const problems: string[] = [];
  if (encryptionKey !== null && encryptionKeyFile !== null) {
    problems.push('PLIMSOLL_ENCRYPTION_KEY_FILE: expected nothing, because PLIMSOLL_ENCRYPTION_KEY is set too.');
  }
  if (role !== 'all' && databaseUrl === null) {
    problems.push(
      `PLIMSOLL_DATABASE_URL: expected a PostgreSQL URL, because PLIMSOLL_ROLE is "${role}" and the embedded database serves one process only.`,
    );
  }
  if (role === 'api' && adminToken === null) {
    problems.push(
      'PLIMSOLL_ADMIN_TOKEN: expected a token, because PLIMSOLL_ROLE is "api" and all API processes must share it.',
    );
  }
  return problems;
}
