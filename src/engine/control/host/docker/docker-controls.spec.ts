import { describe, expect, it } from 'vitest';
import { judge, resultOf, withEngine } from '../../../../../test/support/docker-judging.js';
import {
  bind,
  container,
  engine,
  hostFile,
  type Joined,
  knownFact,
  NOT_COLLECTED,
  network,
} from '../../../../../test/support/host-facts.js';
import type { ControlStatus } from '../../../../model/control.js';
import type { DaemonConfiguration, EngineFacts, EngineSettings } from '../../../../model/host/engine.js';
import type { HostFile } from '../../../../model/host/host-file.js';

const OPEN_API = 'WARNING: API is accessible on http://0.0.0.0:2375 without encryption.';
const withSettings = (settings: Partial<EngineSettings>, of: Partial<EngineFacts> = {}) => {
  const base = engine([], []);
  return withEngine({ ...base, ...of, settings: { ...base.settings, ...settings } });
};
const configured = (json: DaemonConfiguration['json'], ...flags: string[]) =>
  withSettings({ configuration: { json, flags } });

describe('controls over the daemon', () => {
  it.each<[string, ReturnType<typeof withEngine>, ControlStatus]>([
    ['daemon-log-level', configured({}), 'pass'],
    ['daemon-log-level', configured({ 'log-level': 'warn' }), 'fail'],
    ['daemon-log-level', configured({}, '-D'), 'fail'],
    ['daemon-log-level', configured({}, '--log-level', 'info'), 'pass'],
    ['daemon-log-level', withSettings({}), 'undetermined'],
    ['daemon-manages-iptables', configured({ iptables: false }), 'fail'],
    ['daemon-manages-iptables', configured({}, '--iptables=false'), 'fail'],
    ['daemon-manages-iptables', configured({}), 'pass'],
    ['daemon-no-insecure-registries', withSettings({ insecureRegistries: ['10.0.0.0/8'] }), 'fail'],
    ['daemon-no-insecure-registries', withSettings({}), 'pass'],
    ['daemon-no-aufs', withSettings({ storageDriver: 'aufs' }), 'fail'],
    ['daemon-no-aufs', withSettings({}), 'pass'],
    ['daemon-tls', configured({ hosts: ['unix:///run/docker.sock', 'tcp://0.0.0.0:2375'] }), 'fail'],
    ['daemon-tls', configured({ hosts: ['tcp://0.0.0.0:2376'], tlsverify: true }), 'pass'],
    ['daemon-tls', configured({}, '-H', 'tcp://127.0.0.1:2375', '--tlsverify=false'), 'fail'],
    ['daemon-tls', configured({}, '-H', 'fd://'), 'pass'],
    ['daemon-tls', withSettings({}), 'undetermined'],
    ['daemon-tls', withSettings({ warnings: [OPEN_API] }), 'fail'],
    ['daemon-default-ulimits', configured({}), 'manual'],
    ['daemon-default-ulimits', configured({ 'default-ulimits': { nofile: {} } }), 'pass'],
    ['daemon-user-namespaces', withSettings({}), 'fail'],
    ['daemon-user-namespaces', withSettings({}, { userNamespaces: true }), 'pass'],
    ['daemon-user-namespaces', withSettings({}, { rootless: true }), 'pass'],
    ['daemon-default-cgroup', configured({ 'cgroup-parent': '/tenants' }), 'fail'],
    ['daemon-default-cgroup', configured({}), 'pass'],
    ['daemon-base-size', configured({ 'storage-opts': ['dm.basesize=50G'] }), 'fail'],
    ['daemon-base-size', configured({}), 'pass'],
    ['daemon-authorization', withSettings({ authorizationPlugins: ['opa'] }), 'pass'],
    ['daemon-authorization', withSettings({}), 'fail'],
    ['daemon-remote-logging', withSettings({ loggingDriver: 'syslog' }), 'pass'],
    ['daemon-remote-logging', withSettings({}), 'fail'],
    ['daemon-no-new-privileges', withSettings({ securityOptions: ['name=no-new-privileges'] }), 'pass'],
    ['daemon-no-new-privileges', configured({ 'no-new-privileges': true }), 'pass'],
    ['daemon-no-new-privileges', configured({}), 'fail'],
    ['daemon-live-restore', withSettings({ liveRestore: true }), 'pass'],
    ['daemon-live-restore', withSettings({ liveRestore: false }), 'fail'],
    ['daemon-live-restore', withSettings({ liveRestore: null }), 'undetermined'],
    ['daemon-no-userland-proxy', configured({}), 'fail'],
    ['daemon-no-userland-proxy', configured({ 'userland-proxy': false }), 'pass'],
    ['daemon-seccomp', withSettings({ securityOptions: ['name=seccomp,profile=builtin'] }), 'pass'],
    ['daemon-seccomp', withSettings({ securityOptions: ['name=seccomp,profile=unconfined'] }), 'fail'],
    ['daemon-seccomp', withSettings({ securityOptions: ['name=seccomp,profile=/etc/own.json'] }), 'manual'],
    ['daemon-seccomp', withSettings({ securityOptions: [] }), 'fail'],
    ['daemon-no-experimental', withSettings({ experimental: true }), 'fail'],
    ['daemon-no-experimental', withSettings({ experimental: false }), 'pass'],
    ['daemon-rootless', withSettings({}), 'manual'],
    ['daemon-rootless', withSettings({}, { rootless: true }), 'pass'],
  ])('%s of %j: %s', (id, facts, status) => {
    expect(resultOf(id, facts).status).toBe(status);
  });

  it('let a bridge that keeps its containers apart pass', () => {
    const bridge = (options: Record<string, string>) => withEngine(engine([], [network('bridge', { options })]));
    expect(resultOf('daemon-icc-disabled', bridge({ 'com.docker.network.bridge.enable_icc': 'false' })).status).toBe(
      'pass',
    );
    expect(resultOf('daemon-icc-disabled', bridge({})).status).toBe('fail');
  });

  it('ask a Podman nothing about its daemon', () => {
    for (const id of ['daemon-log-level', 'daemon-tls', 'daemon-live-restore', 'daemon-no-userland-proxy']) {
      expect(resultOf(id, withSettings({}, { kind: 'podman' })).status).toBe('not_applicable');
    }
  });

  it('show the setting that fails, and where it is', () => {
    expect(resultOf('daemon-manages-iptables', configured({ iptables: false })).evidence).toEqual([
      { resource: 'daemon.json', path: '/etc/docker/daemon.json', value: 'iptables: false' },
    ]);
    expect(resultOf('daemon-manages-iptables', configured({}, '--iptables=false')).evidence).toEqual([
      { resource: 'dockerd', path: null, value: '--iptables=false' },
    ]);
  });
});

describe('controls over containers', () => {
  const GOOD: Joined = {
    user: '10001',
    processes: [],
    readOnlyRoot: true,
    memory: 2 ** 29,
    nanoCpus: 1e9,
    pidsLimit: 100,
    restartPolicy: { name: 'on-failure', maximumRetries: 5 },
    healthcheck: ['CMD', 'true'],
    securityOptions: ['no-new-privileges'],
    appArmorProfile: 'docker-default',
    on: ['own'],
  };
  const host = (of: Joined) => {
    const facts = engine([container('good', GOOD), container('web', { ...GOOD, ...of })], [network('own')]);
    facts.settings.securityOptions = ['name=apparmor', 'name=selinux', 'name=seccomp,profile=builtin'];
    return withEngine(facts);
  };
  const port = (hostAddress: string, hostPort: number) => ({
    containerPort: 80,
    protocol: 'tcp' as const,
    hostAddress,
    hostPort,
  });

  it.each<[string, Joined, string | null]>([
    ['container-not-privileged', { privileged: true }, 'Privileged: true'],
    ['container-capabilities', { capabilitiesAdded: ['CAP_SYS_ADMIN'] }, 'CapAdd: SYS_ADMIN'],
    ['container-capabilities', { capabilitiesAdded: ['NET_BIND_SERVICE'] }, null],
    ['container-capabilities', { capabilitiesAdded: ['ALL'] }, 'CapAdd: ALL'],
    ['container-no-sensitive-mounts', { mounts: [bind('/etc')] }, '/etc at /mnt, writable'],
    ['container-no-sensitive-mounts', { mounts: [bind('/', true)] }, '/ at /mnt, read-only'],
    ['container-no-sensitive-mounts', { mounts: [bind('/etc/localtime', true)] }, null],
    ['container-no-sensitive-mounts', { mounts: [bind('/etc/cron.d')] }, '/etc/cron.d at /mnt, writable'],
    ['container-no-sensitive-mounts', { mounts: [bind('/srv')] }, null],
    ['container-no-engine-socket', { mounts: [bind('/run/docker.sock', true)] }, '/run/docker.sock at /mnt'],
    ['container-apparmor', { appArmorProfile: 'unconfined' }, 'AppArmorProfile: unconfined'],
    ['container-apparmor', { securityOptions: ['apparmor=unconfined'] }, 'apparmor=unconfined'],
    ['container-selinux', { securityOptions: ['label=disable'] }, 'label=disable'],
    ['container-seccomp', { securityOptions: ['seccomp=unconfined'] }, 'seccomp=unconfined'],
    ['container-no-new-privileges', { securityOptions: [] }, 'no-new-privileges: false'],
    ['container-no-host-network', { networkMode: 'host' }, 'NetworkMode: host'],
    ['container-no-host-pid', { pidMode: 'host' }, 'PidMode: host'],
    ['container-no-host-ipc', { ipcMode: 'host' }, 'IpcMode: host'],
    ['container-no-host-uts', { utsMode: 'host' }, 'UTSMode: host'],
    ['container-no-host-userns', { usernsMode: 'host' }, 'UsernsMode: host'],
    [
      'container-no-devices',
      { devices: [{ host: '/dev/kvm', container: '/dev/kvm', permissions: 'rwm' }] },
      '/dev/kvm (rwm)',
    ],
    ['container-mount-propagation', { mounts: [{ ...bind('/srv'), propagation: 'rshared' }] }, '/srv: rshared'],
    ['container-memory-limit', { memory: 0 }, 'Memory: 0'],
    ['container-cpu-limit', { nanoCpus: 0 }, 'CpuShares: 0, NanoCpus: 0'],
    ['container-cpu-limit', { nanoCpus: 0, cpuShares: 512 }, null],
    ['container-pids-limit', { pidsLimit: null }, 'PidsLimit: none'],
    ['container-pids-limit', { pidsLimit: -1 }, 'PidsLimit: -1'],
    ['container-read-only-root', { readOnlyRoot: false }, 'ReadonlyRootfs: false'],
    ['container-restart-limit', { restartPolicy: { name: 'always', maximumRetries: 0 } }, 'always:0'],
    ['container-restart-limit', { restartPolicy: { name: 'no', maximumRetries: 0 } }, null],
    ['container-healthcheck', { healthcheck: null }, 'Healthcheck: none'],
    ['container-healthcheck', { healthcheck: ['NONE'] }, 'Healthcheck: none'],
    ['container-healthcheck', { health: 'unhealthy' }, 'Health: unhealthy'],
    ['container-default-cgroup', { cgroupParent: '/tenants' }, 'CgroupParent: /tenants'],
    ['container-no-privileged-ports', { ports: [port('10.0.0.5', 443)] }, 'tcp 10.0.0.5:443'],
    ['container-no-privileged-ports', { ports: [port('10.0.0.5', 8443)] }, null],
    ['container-bound-address', { ports: [port('0.0.0.0', 8080)] }, 'tcp 0.0.0.0:8080'],
    ['container-bound-address', { ports: [port('10.0.0.5', 8080)] }, null],
    ['container-own-network', { on: ['bridge'] }, 'network bridge'],
    ['container-no-sshd', { processes: [{ user: 'root', command: '/usr/sbin/sshd -D' }] }, '/usr/sbin/sshd -D'],
    ['container-no-sshd', { processes: [{ user: 'root', command: 'nginx: worker' }] }, null],
    [
      'container-no-secrets-in-environment',
      { secrets: [{ name: 'TOKEN', ruleId: 'github-pat', hint: 'ghp_…' }] },
      'TOKEN (github-pat): ghp_…',
    ],
    ['container-non-root-user', { user: '' }, 'User: not set'],
    ['container-non-root-user', { user: '0:0' }, 'User: 0:0'],
    ['container-non-root-user', { user: 'app' }, null],
  ])('%s of %j shows %j', (id, of, value) => {
    const facts = host(of);
    const result = resultOf(id, facts);
    expect(result.evidence).toEqual(value === null ? [] : [{ resource: 'container/web', path: null, value }]);
    expect(result.status).toBe(value === null ? 'pass' : 'fail');
    const findings = judge(facts).judgements.filter(({ ruleId }) => ruleId === id);
    expect(findings.map(({ location }) => location?.resource)).toEqual(value === null ? [] : ['container/web']);
  });

  it('open a finding for each container, however many there are', () => {
    const many = Array.from({ length: 80 }, (_, i) => container(`c${i}`, { ...GOOD, privileged: true }));
    const { results, judgements } = judge(withEngine(engine(many, [])));
    expect(results.find(({ id }) => id === 'container-not-privileged')?.evidence).toHaveLength(50);
    const fingerprints = judgements
      .filter(({ ruleId }) => ruleId === 'container-not-privileged')
      .map(({ fingerprint }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(80);
  });

  it('decide nothing on an SSH server where processes are not known, unless the command is one', () => {
    expect(resultOf('container-no-sshd', host({ processes: null }))).toMatchObject({
      status: 'undetermined',
      reason: expect.stringMatching(/1 container are not known: web|not known: web/),
    });
    expect(resultOf('container-no-sshd', host({ processes: null, command: ['/usr/sbin/sshd'] })).status).toBe('fail');
  });

  it('do not take for none those that could not be read', () => {
    const facts = { engine: knownFact(engine([], []), 'Container web could not be read.') };
    for (const id of ['container-not-privileged', 'container-ulimits', 'images-have-healthcheck']) {
      expect(resultOf(id, facts)).toMatchObject({ status: 'undetermined', reason: expect.stringContaining('web') });
    }
  });

  it('are about those that run', () => {
    const facts = withEngine(engine([container('web', { privileged: true, status: 'exited' })], []));
    expect(resultOf('container-not-privileged', facts).status).toBe('not_applicable');
  });

  it('take root in a user namespace for what it is', () => {
    const facts = engine([container('web')], []);
    expect(resultOf('container-non-root-user', withEngine({ ...facts, userNamespaces: true })).status).toBe('pass');
    expect(resultOf('container-non-root-user', withEngine({ ...facts, rootless: true })).status).toBe('pass');
  });

  it('compare images with the registries that are trusted', () => {
    const facts = withEngine(
      engine([container('web', { image: 'ghcr.io/team/app:1' }), container('db', { image: 'postgres' })], []),
    );
    expect(resultOf('container-trusted-registry', facts).status).toBe('manual');
    expect(resultOf('container-trusted-registry', facts, ['ghcr.io/team', 'docker.io']).status).toBe('pass');
    expect(resultOf('container-trusted-registry', facts, ['ghcr.io']).evidence).toMatchObject([
      { resource: 'container/db', value: 'postgres' },
    ]);
  });
});

describe('controls over files', () => {
  const withFiles = (...files: HostFile[]) => ({ files: knownFact(files) });

  it.each<[string, HostFile, ControlStatus]>([
    ['docker-service-owner', hostFile('/lib/systemd/system/docker.service'), 'pass'],
    ['docker-service-owner', hostFile('/lib/systemd/system/docker.service', { owner: 'app' }), 'fail'],
    ['docker-service-mode', hostFile('/etc/systemd/system/docker.service', { mode: 0o664 }), 'fail'],
    ['docker-folder-mode', hostFile('/etc/docker', { mode: 0o755, type: 'directory' }), 'pass'],
    ['docker-folder-mode', hostFile('/etc/docker', { mode: 0o777, type: 'directory' }), 'fail'],
    ['registry-certificates-mode', hostFile('/etc/docker/certs.d/host:5000/ca.crt', { mode: 0o444 }), 'pass'],
    ['registry-certificates-mode', hostFile('/etc/docker/certs.d/host:5000/ca.crt'), 'fail'],
    ['docker-socket-owner', hostFile('/run/docker.sock', { group: 'docker' }), 'pass'],
    ['docker-socket-owner', hostFile('/run/docker.sock', { group: 'users' }), 'fail'],
    ['docker-socket-mode', hostFile('/run/docker.sock', { mode: 0o666 }), 'fail'],
    ['docker-socket-mode', hostFile('/run/docker.sock', { mode: 0o600 }), 'pass'],
    ['daemon-json-mode', hostFile('/etc/docker/daemon.json', { mode: 0o4644 }), 'fail'],
    ['tls-server-key-mode', hostFile('/etc/docker/server-key.pem', { mode: 0o400 }), 'pass'],
    ['tls-server-key-mode', hostFile('/etc/docker/key.pem', { mode: 0o440 }), 'fail'],
    ['containerd-socket-mode', hostFile('/run/containerd/containerd.sock', { mode: 0o660 }), 'pass'],
  ])('%s of %j: %s', (id, of, status) => {
    expect(resultOf(id, withFiles(of)).status).toBe(status);
  });

  it('ask nothing of a file that is not there, and are undetermined where nobody looked', () => {
    expect(resultOf('daemon-json-owner', withFiles()).status).toBe('not_applicable');
    expect(resultOf('daemon-json-owner', {}).status).toBe('undetermined');
  });

  it('pass over a unit that is masked', () => {
    const masked = hostFile('/etc/systemd/system/docker.service', { type: 'device', mode: 0o666, target: '/dev/null' });
    expect(resultOf('docker-service-mode', withFiles(masked)).status).toBe('not_applicable');
  });

  it('tell once of a socket that has two names', () => {
    const wide = { mode: 0o666, type: 'socket' as const };
    const { evidence } = resultOf(
      'docker-socket-mode',
      withFiles(hostFile('/run/docker.sock', wide), hostFile('/var/run/docker.sock', wide)),
    );
    expect(evidence.map(({ path }) => path)).toEqual(['/run/docker.sock']);
  });

  it.each<[string, string[], ControlStatus]>([
    ['audit-dockerd', ['-w /usr/bin/dockerd -p rwxa -k docker'], 'pass'],
    ['audit-dockerd', ['-a always,exit -F path=/usr/bin/dockerd -F perm=x -k docker'], 'pass'],
    ['audit-dockerd', ['-w /usr/bin -p wa'], 'pass'],
    ['audit-dockerd', ['-w /usr/bin/dockerd-other -p wa'], 'fail'],
    ['audit-dockerd', ['-a never,exit -F path=/usr/bin/dockerd'], 'fail'],
    ['audit-dockerd', [], 'fail'],
    ['audit-runc', [], 'not_applicable'],
  ])('%s with the rules %j: %s', (id, rules, status) => {
    const auditRules = knownFact(rules.map((text) => ({ text, origin: 'kernel' })));
    expect(resultOf(id, { ...withFiles(hostFile('/usr/bin/dockerd')), auditRules }).status).toBe(status);
  });
});

describe('controls over the host of an engine', () => {
  it('want a file system of its own for the data', () => {
    const mount = (mountPoint: string) => ({
      mountPoint,
      root: '/',
      type: 'ext4',
      source: '/dev/sdb',
      options: [],
      propagation: 'private' as const,
      encrypted: null,
    });
    expect(resultOf('container-data-own-partition', { mounts: knownFact([mount('/var/lib/docker')]) }).status).toBe(
      'pass',
    );
    expect(resultOf('container-data-own-partition', { mounts: knownFact([mount('/')]) }).status).toBe('fail');
  });

  it('name who may use the engine', () => {
    const groups = knownFact([{ name: 'docker', gid: 999, members: ['ann'] }]);
    const account = {
      name: 'bob',
      uid: 1001,
      gid: 999,
      home: '/',
      shell: '/bin/sh',
      password: 'set' as const,
      hash: null,
      maxAge: null,
      minAge: null,
      warnAge: null,
      inactive: null,
      lastChange: null,
    };
    const result = resultOf('trusted-docker-group', { groups, accounts: knownFact([account]) });
    expect(result).toMatchObject({ status: 'manual', evidence: [{ resource: 'user/ann' }, { resource: 'user/bob' }] });
  });
});

describe('every control', () => {
  it('is undetermined where nothing is known, and opens and closes nothing', () => {
    const { results, judgements, undecided } = judge({});
    expect(results.filter(({ status }) => status !== 'undetermined')).toEqual([]);
    expect(judgements).toEqual([]);
    expect(undecided.length).toBeGreaterThan(60);
  });

  it('over an engine does not apply where there is none', () => {
    const gone = { known: false as const, code: 'not_present' as const, reason: 'There is no container engine.' };
    expect(
      judge({ engine: gone })
        .results.filter(({ id }) => id.startsWith('container-no'))
        .map(({ status }) => status),
    ).toEqual(expect.arrayContaining(['not_applicable']));
  });

  it('that found nothing is undetermined where something could not be read', () => {
    const facts = { engine: knownFact(engine([container('web')], []), 'One container could not be asked about.') };
    expect(resultOf('container-not-privileged', facts)).toMatchObject({
      status: 'undetermined',
      reason: expect.stringContaining('One container could not be asked about.'),
    });
    expect(resultOf('container-read-only-root', facts).status).toBe('fail');
    expect(resultOf('daemon-json-mode', { files: knownFact([], '/etc could not be read.') }).status).toBe(
      'undetermined',
    );
    expect(NOT_COLLECTED.known).toBe(false);
  });
});
