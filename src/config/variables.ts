import { resolve } from 'node:path';
import { z } from 'zod';
import { parseDaemonAddress } from '../model/daemon.js';
import { DEFAULT_FEEDS, FEED_NAMES, FEED_URLS, type FeedName } from '../model/feed.js';
import { parseAllowedAddress } from '../model/registry-allow.js';
import { byteSize } from './byte-size.js';
import { ENVIRONMENTS, LOG_FORMATS, LOG_LEVELS, ROLES } from './choices.js';
import { readKey } from './encryption-key.js';

/** One environment variable: how it is read and how it is documented. */
export interface Variable<T> {
  name: string;
  /** What counts as good, as the end of "expected …". */
  expected: string;
  description: string;
  /** The default as the documentation prints it. */
  defaultText: string;
  /** The value when the variable is not set; null where the absence itself is the value. */
  fallback(env: NodeJS.ProcessEnv): string | null;
  schema: z.ZodType<T, string>;
  /** Never printed. */
  secret: boolean;
}

/** A token that can be guessed is worse than none. */
const MIN_TOKEN_LENGTH = 16;

/** By the field of `Config` that each sets, in the order of the documentation. */
export const VARIABLES = {
  port: variable('PLIMSOLL_PORT', '8080', {
    expected: 'a port from 0 to 65535 (0 takes any free one)',
    description: 'The port of the API.',
    schema: wholeNumber(0, 65_535),
  }),
  host: variable('PLIMSOLL_HOST', '127.0.0.1', {
    expected: 'an address or a host name',
    description: 'The address that the API listens on; `0.0.0.0` for every one of this machine.',
    schema: z.string().regex(/^[A-Za-z0-9_.:%-]+$/),
  }),
  role: variable('PLIMSOLL_ROLE', 'all', {
    expected: oneOf(ROLES),
    description:
      'What this process does: `all`, only the `api`, or only the `worker`. The last two need a database URL.',
    schema: z.enum(ROLES),
  }),
  dataDir: variable('PLIMSOLL_DATA_DIR', '.plimsoll', {
    expected: 'a path',
    description: 'Embedded database, uploads, the generated token. Processes on several machines share it for uploads.',
    schema: path(),
  }),
  databaseUrl: optional('PLIMSOLL_DATABASE_URL', '(embedded)', {
    expected: 'a URL as postgres://user:password@host:5432/database',
    description: 'PostgreSQL, version 15 or later. Not set: one is started in the data folder.',
    schema: url('postgres:', 'postgresql:'),
    secret: true,
  }),
  redisUrl: optional('PLIMSOLL_REDIS_URL', '(queue in PostgreSQL)', {
    expected: 'a URL as redis://host:6379 or rediss://…',
    description: 'Redis, version 7 or later, or Valkey, for the queue. Not set: the queue lives in PostgreSQL.',
    schema: url('redis:', 'rediss:'),
    secret: true,
  }),
  adminToken: optional('PLIMSOLL_ADMIN_TOKEN', '(generated)', {
    expected: `at least ${MIN_TOKEN_LENGTH} characters from A-Z a-z 0-9 - . _ ~ + / =`,
    description:
      'The first token. Not set: generated into `admin-token` in the data folder, readable by its owner only.',
    // RFC 6750 §2.1, b64token: what can stand in an Authorization header.
    schema: z
      .string()
      .min(MIN_TOKEN_LENGTH)
      .regex(/^[A-Za-z0-9\-._~+/]+=*$/),
    secret: true,
  }),
  importDirs: variable('PLIMSOLL_IMPORT_DIRS', '', {
    expected: 'paths separated by ":"',
    description: 'Folders from which local archives and root file systems may be scanned, `:`-separated.',
    defaultText: '(none)',
    schema: z.string().transform((list) => items(list, ':').map((dir) => resolve(dir))),
  }),
  kubeconfigDirs: variable('PLIMSOLL_KUBECONFIG_DIRS', '', {
    expected: 'paths separated by ":"',
    description:
      'Folders whose kubeconfigs name the clusters that may be asked, `:`-separated. Everybody who may scan can use what is in them.',
    defaultText: '(none)',
    schema: z.string().transform((list) => items(list, ':').map((dir) => resolve(dir))),
  }),
  kubeconfigExec: variable('PLIMSOLL_KUBECONFIG_EXEC', 'false', {
    expected: 'true or false',
    description: 'Whether programs that a kubeconfig names for its credentials are run, as `aws eks get-token`.',
    schema: z.enum(['true', 'false']).transform((text) => text === 'true'),
  }),
  registryAllow: variable('PLIMSOLL_REGISTRY_ALLOW', '', {
    expected: 'hosts, host:port, addresses and networks as registry.internal,10.0.0.7:5000,192.168.0.0/16',
    description:
      'Registries that may be reached though their address is not public (private, loopback, link-local and the like), comma-separated. Also for their token services, mirrors and redirects.',
    defaultText: '(none)',
    schema: z.string().transform((list, context) =>
      items(list, ',').flatMap((item) => {
        const allowed = parseAllowedAddress(item);
        if (allowed === null) context.addIssue({ code: 'custom', message: item });
        return allowed ?? [];
      }),
    ),
  }),
  encryptionKey: optional('PLIMSOLL_ENCRYPTION_KEY', '(generated)', {
    expected: '32 bytes in base64 or hexadecimal, as openssl rand -base64 32 makes them',
    description:
      'What stored credentials are encrypted with. Not set: generated into `encryption-key` in the data folder, readable by its owner only. All processes need the same.',
    schema: z.string().transform((text, context) => {
      const key = readKey(text);
      if (key !== null) return key;
      context.addIssue({ code: 'custom', message: 'no key' });
      return z.NEVER;
    }),
    secret: true,
  }),
  encryptionKeyFile: optional('PLIMSOLL_ENCRYPTION_KEY_FILE', '(none)', {
    expected: 'a path',
    description: 'A file that holds the encryption key in the same form, instead of `PLIMSOLL_ENCRYPTION_KEY`.',
    schema: path(),
  }),
  dockerHost: variable('PLIMSOLL_DOCKER_HOST', 'unix:///var/run/docker.sock', {
    expected: 'unix:///PATH or tcp://HOST:PORT',
    description:
      'The container engine (Docker or Podman) that `docker-daemon:` images are read from, and whose host may be scanned.',
    schema: z.string().transform((text, context) => {
      const address = parseDaemonAddress(text);
      if (address !== null) return address;
      context.addIssue({ code: 'custom', message: 'no address' });
      return z.NEVER;
    }),
  }),
  dockerHosts: variable('PLIMSOLL_DOCKER_HOSTS', '', {
    expected: 'addresses as tcp://host.internal:2376,unix:///run/podman/podman.sock',
    description:
      'Further container engines whose hosts may be scanned as `docker:ADDRESS`, comma-separated. No other address is connected to.',
    defaultText: '(none)',
    schema: z.string().transform((list, context) =>
      items(list, ',').flatMap((item) => {
        const address = parseDaemonAddress(item);
        if (address === null) context.addIssue({ code: 'custom', message: item });
        return address ?? [];
      }),
    ),
  }),
  hostRoot: optional('PLIMSOLL_HOST_ROOT', '(none)', {
    expected: 'a path',
    description:
      'Where the root of the host is mounted, read-only, as `/host` with `docker run -v /:/host:ro,rslave`; `/` where the service runs on the host itself. A scan of an engine at a unix socket reads it too.',
    schema: path(),
  }),
  scanImagesInUse: variable('PLIMSOLL_SCAN_IMAGES_IN_USE', '0', {
    expected: 'a whole number from 0 to 1000',
    description:
      'How many images each scan of a host or cluster may have scanned that run there and were never audited; 0: none. From the engine of `PLIMSOLL_DOCKER_HOST`, of other hosts from the registry.',
    schema: wholeNumber(0, 1_000),
  }),
  clusterControls: optional('PLIMSOLL_CLUSTER_CONTROLS', '(none)', {
    expected: 'a path',
    description:
      'A YAML file, or a folder of them, with [own controls](docs/custom-controls.md) over clusters, read for each scan.',
    schema: path(),
  }),
  dockerCertPath: optional('PLIMSOLL_DOCKER_CERT_PATH', '(no TLS)', {
    expected: 'a path',
    description: 'A folder with `ca.pem`, `cert.pem` and `key.pem` for an engine that is reached by tcp.',
    schema: path(),
  }),
  feeds: optional('PLIMSOLL_FEEDS', `\`${DEFAULT_FEEDS.join(',')}\``, {
    expected: `names of feeds, comma-separated: ${FEED_NAMES.join(', ')}`,
    description:
      'Feeds that are kept up to date by themselves, comma-separated. Those that are named here are synced from the start; of the default ones each waits for a first sync by hand.',
    schema: z.string().transform((list, context) =>
      items(list, ',').flatMap((item) => {
        const name = FEED_NAMES.find((feed) => feed === item.toLowerCase());
        if (name === undefined) context.addIssue({ code: 'custom', message: item });
        return name ?? [];
      }),
    ),
  }),
  feedIntervalHours: variable('PLIMSOLL_FEED_INTERVAL_HOURS', '6', {
    expected: 'a whole number of hours from 0 to 8760',
    description: 'How long after a sync of a feed the next one begins by itself, in hours; `0`: only when asked.',
    schema: wholeNumber(0, 8_760),
  }),
  feedMaxAgeHours: variable('PLIMSOLL_FEED_MAX_AGE_HOURS', '168', {
    expected: 'a whole number of hours from 0 to 87600',
    description:
      'A scan whose advisories were not confirmed for longer says so in its coverage, in hours; `0`: it never does.',
    schema: wholeNumber(0, 87_600),
  }),
  osvSource: feedSource(
    'osv',
    'OSV advisories: a URL or a folder that holds `ecosystems.txt` and `{ecosystem}/all.zip`.',
  ),
  osvEcosystems: optional('PLIMSOLL_OSV_ECOSYSTEMS', '(all that the export lists)', {
    expected: 'names as Debian,Alpine,npm',
    description: 'Which ecosystems of the OSV export are imported, comma-separated.',
    schema: z.string().transform((list) => items(list, ',')),
  }),
  endOfLifeSource: feedSource(
    'endoflife',
    'Until when releases are supported: a URL that has the API of endoflife.date, or a folder with a copy of it or of its repository.',
  ),
  debianSource: feedSource('debian', "Debian's security tracker."),
  alpineSource: feedSource('alpine', "Alpine's security database."),
  wolfiSource: feedSource('wolfi', "Wolfi's security database."),
  chainguardSource: feedSource('chainguard', "Chainguard's security database."),
  redhatSource: feedSource('redhat', "Red Hat's CSAF VEX."),
  amazonSource: feedSource('amazon', "Amazon Linux' updateinfo."),
  oracleSource: feedSource('oracle', "Oracle Linux' OVAL."),
  suseSource: feedSource('suse', "SUSE's OVAL."),
  rockySource: feedSource('rocky', "Rocky Linux' updateinfo."),
  almalinuxSource: feedSource('almalinux', "AlmaLinux' errata."),
  nvdSource: feedSource('nvd', "NVD's ratings: the URL of its API, or a URL or folder with its yearly files."),
  nvdApiKey: optional('PLIMSOLL_NVD_API_KEY', '(none)', {
    expected: 'a key as NVD gives them',
    description: 'Lets NVD answer ten times as often.',
    schema: z.string().regex(/^[\x21-\x7e]{1,200}$/),
    secret: true,
  }),
  kevSource: feedSource('kev', "CISA's catalog of exploited vulnerabilities."),
  epssSource: feedSource('epss', 'How likely exploitation is, by FIRST.'),
  trustedRegistries: optional('PLIMSOLL_TRUSTED_REGISTRIES', '(undecided)', {
    expected: 'names as registry.example:5000,ghcr.io/team,*.example.com',
    description:
      'Registries, or folders of them, that images may come from, comma-separated. Not set: the control `trusted-registry` is left to a person.',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9.:*_/,\s-]+$/)
      .transform((list) => items(list, ',')),
  }),
  maxImageAgeDays: variable('PLIMSOLL_MAX_IMAGE_AGE_DAYS', '90', {
    expected: 'a whole number of days from 1 to 36500',
    description: 'An image that was built longer ago fails the control `recent-image`.',
    schema: wholeNumber(1, 36_500),
  }),
  maxUploadBytes: variable('PLIMSOLL_MAX_UPLOAD_BYTES', '10GiB', {
    expected: 'a size as 512MiB, 10GiB or a number of bytes',
    description: 'A larger upload is refused.',
    schema: byteSize(),
  }),
  uploadTtlHours: variable('PLIMSOLL_UPLOAD_TTL_HOURS', '24', {
    expected: 'a whole number of hours from 1 to 8760',
    description: 'How long an upload is kept, in hours.',
    schema: wholeNumber(1, 8_760),
  }),
  maxLayerBytes: variable('PLIMSOLL_MAX_LAYER_BYTES', '16GiB', {
    expected: 'a size as 512MiB, 10GiB or a number of bytes',
    description: 'A layer that unpacks to more is not read, and the scan says so.',
    schema: byteSize(),
  }),
  scanConcurrency: variable('PLIMSOLL_SCAN_CONCURRENCY', '2', {
    expected: 'a whole number from 1 to 64',
    description: 'How many scans one worker process runs at once.',
    schema: wholeNumber(1, 64),
  }),
  logLevel: variable('PLIMSOLL_LOG_LEVEL', 'info', {
    expected: oneOf(LOG_LEVELS),
    description: `The least important level that is logged: ${LOG_LEVELS.map((level) => `\`${level}\``).join(', ')}.`,
    schema: z.enum(LOG_LEVELS),
  }),
  logFormat: variable('PLIMSOLL_LOG_FORMAT', 'auto', {
    expected: oneOf(LOG_FORMATS),
    description: '`json`, `pretty`, or `auto`: pretty on a terminal, JSON elsewhere.',
    schema: z.enum(LOG_FORMATS),
  }),
  logFile: optional('PLIMSOLL_LOG_FILE', '(standard output)', {
    expected: 'a path',
    description: 'A file that the log is appended to, as JSON.',
    schema: path(),
  }),
  environment: {
    ...variable('PLIMSOLL_ENV', 'production', {
      expected: oneOf(ENVIRONMENTS),
      description: '`development` serves a GraphQL explorer at `/graphql`.',
      defaultText: '`development` where `NODE_ENV` says so, else `production`',
      schema: z.enum(ENVIRONMENTS),
    }),
    fallback: (env: NodeJS.ProcessEnv) => (env.NODE_ENV === 'development' ? 'development' : 'production'),
  },
};

interface Details<T> {
  expected: string;
  description: string;
  schema: z.ZodType<T, string>;
  defaultText?: string;
  secret?: boolean;
}

function variable<T>(name: string, fallback: string, details: Details<T>): Variable<T> {
  return { defaultText: `\`${fallback}\``, secret: false, ...details, name, fallback: () => fallback };
}

/** A URL, or a folder. */
function feedSource(feed: FeedName, description: string): Variable<string> {
  return variable(`PLIMSOLL_${feed.toUpperCase()}_SOURCE`, FEED_URLS[feed], {
    expected: 'an http(s) URL or a path',
    description,
    schema: source(),
  });
}

function optional<T>(name: string, defaultText: string, details: Details<T>): Variable<T> {
  return { secret: false, ...details, name, defaultText, fallback: () => null };
}

function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
}

function path(): z.ZodType<string, string> {
  return z
    .string()
    .refine((value) => !value.includes('\0'))
    .transform((value) => resolve(value));
}

function source(): z.ZodType<string, string> {
  return z
    .string()
    .refine((text) => !text.includes('://') || /^https?:\/\/[^/]/.test(text))
    .transform((text) => (text.includes('://') ? text.replace(/\/+$/, '') : resolve(text)));
}

function url(...protocols: string[]): z.ZodType<string, string> {
  return z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol));
}

function items(list: string, separator: string): string[] {
  return [...new Set(list.split(separator).map((item) => item.trim()))].filter((item) => item !== '');
}

function oneOf(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
