import type { FileTrait } from '../../model/inventory.js';

type SensitiveTrait = Extract<
  FileTrait,
  'private_key' | 'credentials' | 'possible_credentials' | 'password_hashes' | 'leftover' | 'ssh_server'
>;

/** What a file's place alone tells of what it holds. */
interface Rule {
  trait: SensitiveTrait;
  /** The end of the path of the folder that it must be in, `.aws/`; anywhere when left out. */
  in?: readonly string[];
}

/** By the file's name. */
const NAMES: Record<string, Rule> = {
  ...each(['id_rsa', 'id_dsa', 'id_ecdsa', 'id_ed25519', 'id_ecdsa_sk', 'id_ed25519_sk', 'id_xmss'], 'private_key'),
  ...each(
    ['ssh_host_rsa_key', 'ssh_host_dsa_key', 'ssh_host_ecdsa_key', 'ssh_host_ed25519_key', 'ssh_host_key'],
    'private_key',
  ),
  'secring.gpg': { trait: 'private_key' },
  ...each(
    ['.git-credentials', '.netrc', '_netrc', '.pgpass', '.dockercfg', '.pypirc', '.vault-token', '.s3cfg', '.boto'],
    'credentials',
  ),
  ...each(['.htpasswd', '.mylogin.cnf', '.smbcredentials', 'kubeconfig', '.kubeconfig'], 'credentials'),
  ...each(['application_default_credentials.json', 'credentials.tfrc.json', 'terraform.tfstate.backup'], 'credentials'),
  ...each(
    ['', '.local', '.prod', '.production', '.dev', '.development', '.stage', '.staging', '.test'].map(
      (s) => `.env${s}`,
    ),
    'credentials',
  ),
  credentials: { trait: 'credentials', in: ['.aws/', '.gem/', '.cargo/'] },
  'credentials.toml': { trait: 'credentials', in: ['.cargo/'] },
  'config.json': { trait: 'credentials', in: ['.docker/'] },
  config: { trait: 'credentials', in: ['.kube/'] },
  'admin.conf': { trait: 'credentials', in: ['etc/kubernetes/'] },
  'auth.json': { trait: 'credentials', in: ['composer/', '.composer/', 'containers/'] },
  'credentials.db': { trait: 'credentials', in: ['gcloud/'] },
  'access_tokens.db': { trait: 'credentials', in: ['gcloud/'] },
  'hosts.yml': { trait: 'credentials', in: ['.config/gh/'] },
  hub: { trait: 'credentials', in: ['.config/'] },
  'accessTokens.json': { trait: 'credentials', in: ['.azure/'] },
  'msal_token_cache.json': { trait: 'credentials', in: ['.azure/'] },
  ...each(
    ['.npmrc', '.yarnrc.yml', '.my.cnf', '.terraformrc', 'credentials.json', 'credential.json'],
    'possible_credentials',
  ),
  ...each(['service-account.json', 'service_account.json', 'serviceaccount.json'], 'possible_credentials'),
  'settings.xml': { trait: 'possible_credentials', in: ['.m2/'] },
  'gradle.properties': { trait: 'possible_credentials', in: ['.gradle/'] },
  'pip.conf': { trait: 'possible_credentials', in: ['.pip/', '.config/pip/'] },
  'NuGet.Config': { trait: 'possible_credentials', in: ['NuGet/'] },
  ...each(['shadow', 'gshadow', 'shadow-', 'gshadow-'], 'password_hashes', ['etc/']),
  ...each(
    ['bash', 'ash', 'sh', 'zsh', 'python', 'node_repl', 'mysql'].map((shell) => `.${shell}_history`),
    'leftover',
  ),
  ...each(
    ['psql', 'sqlite', 'rediscli', 'irb', 'php'].map((shell) => `.${shell}_history`),
    'leftover',
  ),
  ...each(['.dockerenv', '.dockerinit'], 'leftover', ['']),
  '.containerenv': { trait: 'leftover', in: ['run/'] },
  ...each(['sshd', 'dropbear', 'tinysshd'], 'ssh_server', ['bin/']),
};

/** By what a name ends in. */
const ENDINGS: Record<string, SensitiveTrait> = {
  '.key': 'private_key',
  '.pem': 'private_key',
  '.ppk': 'private_key',
  '.p12': 'private_key',
  '.pkcs12': 'private_key',
  '.pfx': 'private_key',
  '.jks': 'private_key',
  '.keystore': 'private_key',
  '.kdbx': 'credentials',
  '.tfstate': 'credentials',
  '.ovpn': 'possible_credentials',
};

/** Where software is installed, with the keys and settings of its own tests and examples. */
const SOFTWARE =
  /^(?:usr\/(?:local\/)?(?:share|lib(?:32|64|x32|exec)?|src|include|go)|lib(?:32|64|x32)?)\/|(?:^|\/)(?:node_modules|site-packages|dist-packages|gems|pkg\/mod|vendor|jvm|\.cache)\//;
const TESTS = /(?:^|\/)(?:tests?|__tests__|testdata|test-data|fixtures|examples?|samples?|docs?)\//i;

/** Keys that are public: those that packages and zones are verified with, and stores of certificates to trust. */
const PUBLIC_FOLDER = /^etc\/(?:apt|apk|pki\/rpm-gpg|bind)\//;
const PUBLIC_NAME = /^(?:root|trusted-key|bind)\.key$|pub(?:lic)?[-_.]?(?:key)?\.(?:key|pem)$|truststore|cacerts|gpg/i;

/** A `.pem` mostly holds certificates: those named for a key, or in a folder of keys, do not. */
const PEM_KEY = /(?:key|priv|private)\.pem$/i;
const PRIVATE_FOLDER = /(?:^|\/)private\//;

/**
 * Asked for every file of every layer, so that almost all are told apart by two letters.
 *
 * @param path without leading slash
 * @param size bytes; an empty file holds nothing
 */
export function sensitiveTrait(path: string, size: number): SensitiveTrait | null {
  const { length } = path;
  const last = path.charCodeAt(length - 1) & 0x7f;
  const mayEnd = ENDS[((path.charCodeAt(length - 2) & 0x7f) << 7) | last] === 1;
  const start = path.lastIndexOf('/') + 1;
  const mayBeNamed = NAMED[((path.charCodeAt(start) & 0x7f) << 7) | last] === 1;
  if (!mayEnd && !mayBeNamed) return null;
  const name = path.slice(start);
  const trait = (mayBeNamed ? byName(path, start, name) : null) ?? (mayEnd ? byEnding(path, start, name) : null);
  return trait !== null && size === 0 && !MARKERS.has(name) ? null : trait;
}

function byName(path: string, start: number, name: string): SensitiveTrait | null {
  const rule = RULES.get(name);
  if (rule === undefined) return null;
  if (rule.trait === 'ssh_server') return isFolderOf(rule, path, start) ? rule.trait : null;
  if (SOFTWARE.test(path)) return null;
  return isFolderOf(rule, path, start) ? rule.trait : null;
}

function isFolderOf(rule: Rule, path: string, start: number): boolean {
  if (rule.in === undefined) return true;
  return rule.in.some((folder) => {
    if (folder === '') return start === 0;
    return start >= folder.length && path.startsWith(folder, start - folder.length);
  });
}

function byEnding(path: string, start: number, name: string): SensitiveTrait | null {
  const trait = ENDINGS[name.slice(name.lastIndexOf('.'))];
  if (trait === undefined || name.lastIndexOf('.') < 1) return null;
  if (SOFTWARE.test(path) || TESTS.test(path)) return null;
  if (trait !== 'private_key') return trait;
  if (PUBLIC_FOLDER.test(path) || PUBLIC_NAME.test(name)) return null;
  if (name.endsWith('.pem') && !PEM_KEY.test(name) && !PRIVATE_FOLDER.test(path.slice(0, start))) return null;
  return trait;
}

function each(names: string[], trait: SensitiveTrait, folders?: readonly string[]): Record<string, Rule> {
  const rule = folders === undefined ? { trait } : { trait, in: folders };
  return Object.fromEntries(names.map((name) => [name, rule]));
}

/** Files that say something by being there. */
const MARKERS = new Set(['.dockerenv', '.dockerinit', '.containerenv', 'sshd', 'dropbear', 'tinysshd']);

const RULES = new Map(Object.entries(NAMES));
/** Whether some name begins and ends with two letters, and whether some ending ends in two. */
const NAMED = pairs([...RULES.keys()].map((name) => [name.charCodeAt(0), name.charCodeAt(name.length - 1)]));
const ENDS = pairs(Object.keys(ENDINGS).map((end) => [end.charCodeAt(end.length - 2), end.charCodeAt(end.length - 1)]));

function pairs(letters: [number, number][]): Uint8Array {
  const table = new Uint8Array(2 ** 14);
  for (const [a, b] of letters) table[(a << 7) | b] = 1;
  return table;
}
