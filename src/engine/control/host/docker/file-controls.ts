import type { Evidence } from '../../../../model/control.js';
import type { HostFile } from '../../../../model/host/host-file.js';
import type { Severity } from '../../../../model/severity.js';
import { failIfAny, notApplicable } from '../../control.js';
import { type HostControl, known, type WantedFile } from '../host-subject.js';

/** Files of the engine that belong together: who may own them, and what others may do with them at most. */
interface FileRule {
  /** Of the controls: `daemon-json` gives `daemon-json-owner` and `daemon-json-mode`. */
  id: string;
  /** As titles call it. */
  what: string;
  paths: readonly string[];
  owner: string;
  group: string;
  /** The most permissive mode: what it does not have nobody may have. */
  mode: number;
  severity: Severity;
}

const UNIT_FOLDERS = ['/etc/systemd/system', '/lib/systemd/system', '/usr/lib/systemd/system'];
const unit = (name: string) => UNIT_FOLDERS.map((folder) => `${folder}/${name}`);
const ROOT = { owner: 'root', group: 'root' };

/** CIS Docker, section 3. */
const RULES: readonly FileRule[] = [
  {
    ...ROOT,
    id: 'docker-service',
    what: 'docker.service',
    paths: unit('docker.service'),
    mode: 0o644,
    severity: 'high',
  },
  {
    ...ROOT,
    id: 'docker-socket-unit',
    what: 'docker.socket',
    paths: unit('docker.socket'),
    mode: 0o644,
    severity: 'high',
  },
  { ...ROOT, id: 'docker-folder', what: '/etc/docker', paths: ['/etc/docker'], mode: 0o755, severity: 'high' },
  {
    ...ROOT,
    id: 'registry-certificates',
    what: 'the certificates of registries',
    paths: ['/etc/docker/certs.d/*/*'],
    mode: 0o444,
    severity: 'medium',
  },
  {
    ...ROOT,
    id: 'tls-ca-certificate',
    what: 'the certificate of the API’s CA',
    paths: ['/etc/docker/ca.pem', '/etc/docker/tls/ca.pem', '/etc/docker/certs/ca.pem'],
    mode: 0o444,
    severity: 'medium',
  },
  {
    ...ROOT,
    id: 'tls-server-certificate',
    what: 'the certificate of the API',
    paths: ['cert.pem', 'server-cert.pem', 'server.pem'].flatMap((name) =>
      ['', 'tls/', 'certs/'].map((folder) => `/etc/docker/${folder}${name}`),
    ),
    mode: 0o444,
    severity: 'medium',
  },
  {
    ...ROOT,
    id: 'tls-server-key',
    what: 'the private key of the API',
    paths: ['key.pem', 'server-key.pem'].flatMap((name) =>
      ['', 'tls/', 'certs/'].map((folder) => `/etc/docker/${folder}${name}`),
    ),
    mode: 0o400,
    severity: 'critical',
  },
  {
    owner: 'root',
    group: 'docker',
    id: 'docker-socket',
    what: 'the socket of Docker',
    paths: ['/run/docker.sock', '/var/run/docker.sock'],
    mode: 0o660,
    severity: 'critical',
  },
  {
    ...ROOT,
    id: 'daemon-json',
    what: 'daemon.json',
    paths: ['/etc/docker/daemon.json'],
    mode: 0o644,
    severity: 'high',
  },
  {
    ...ROOT,
    id: 'default-docker',
    what: '/etc/default/docker',
    paths: ['/etc/default/docker'],
    mode: 0o644,
    severity: 'high',
  },
  {
    ...ROOT,
    id: 'sysconfig-docker',
    what: '/etc/sysconfig/docker',
    paths: ['/etc/sysconfig/docker'],
    mode: 0o644,
    severity: 'high',
  },
  {
    ...ROOT,
    id: 'containerd-socket',
    what: 'the socket of containerd',
    paths: ['/run/containerd/containerd.sock'],
    mode: 0o660,
    severity: 'critical',
  },
];

export const FILE_RULE_FILES: readonly WantedFile[] = RULES.flatMap(({ paths }) =>
  paths.map((path) => ({ path, text: false })),
);

const COMMON = { opens: 'misconfiguration', restsOn: ['files'] } satisfies Partial<HostControl>;

/** Who owns the engine's files, and who may change or read them: two controls for each. */
export const FILE_CONTROLS: HostControl[] = RULES.flatMap((rule) => [ownerControl(rule), modeControl(rule)]);

function ownerControl(rule: FileRule): HostControl {
  const { id, what, owner, group, severity } = rule;
  const owned = `${owner}:${group}`;
  return {
    ...COMMON,
    id: `${id}-owner`,
    title: `${capital(what)} belongs to ${owned}`,
    problem: `${capital(what)} does not belong to ${owned}`,
    severity,
    looksAt: `owner and group of ${rule.paths.map((path) => `\`${path}\``).join(', ')}`,
    remediation: `chown ${owned} ${rule.paths[0]}`,
    judge: ({ facts }) => {
      const files = filesOf(rule, known(facts.files));
      if (files.length === 0) return notApplicable(`There is no ${rule.paths.join(' or ')}.`);
      const wrong = files.flatMap((file): Evidence[] => {
        const [user, own] = [file.owner ?? String(file.uid), file.group ?? String(file.gid)];
        return user === owner && (own === group || (own === 'root' && group === 'docker'))
          ? []
          : [{ resource: null, path: file.path, value: `${user}:${own}` }];
      });
      return failIfAny(
        wrong,
        (count) => `${count} of ${files.length} belong to somebody else.`,
        `All of it belongs to ${owned}.`,
      );
    },
  };
}

function modeControl(rule: FileRule): HostControl {
  const { id, what, mode, severity } = rule;
  const octal = mode.toString(8);
  return {
    ...COMMON,
    id: `${id}-mode`,
    title: `The permissions of ${what} are ${octal} or narrower`,
    problem: `The permissions of ${what} are wider than ${octal}`,
    severity,
    looksAt: `the mode of ${rule.paths.map((path) => `\`${path}\``).join(', ')}`,
    remediation: `chmod ${octal} ${rule.paths[0]}`,
    judge: ({ facts }) => {
      const files = filesOf(rule, known(facts.files));
      if (files.length === 0) return notApplicable(`There is no ${rule.paths.join(' or ')}.`);
      const wide = files.flatMap((file): Evidence[] =>
        (file.mode & ~mode & 0o7777) === 0
          ? []
          : [{ resource: null, path: file.path, value: file.mode.toString(8).padStart(4, '0') }],
      );
      return failIfAny(
        wide,
        (count) => `${count} of ${files.length} may be used by more than have to.`,
        `None is wider than ${octal}.`,
      );
    },
  };
}

/** `/run` and `/var/run` are mostly one folder: what is there under both names is told of once. */
function filesOf({ paths }: FileRule, files: readonly HostFile[]): HostFile[] {
  const patterns = paths.map(patternOf);
  // A unit that is masked is a link to /dev/null.
  const found = files.filter(({ path, type }) => type !== 'device' && patterns.some((pattern) => pattern.test(path)));
  return found.filter(
    ({ path }) => !path.startsWith('/var/run/') || !found.some((other) => `/var${other.path}` === path),
  );
}

function patternOf(path: string): RegExp {
  const parts = path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`);
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}
