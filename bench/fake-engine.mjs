/**
 * What speaks like a Docker Engine on a unix socket, with so many containers that run: a process of its own, so that its
 * work is not counted as the service's.
 *
 *   node bench/fake-engine.mjs SOCKET CONTAINERS
 */
import { createServer } from 'node:http';

const [socket, count] = [process.argv[2], Number(process.argv[3])];
const IMAGES = 50;
const NETWORKS = 10;
const hex = (kind, i) => `${kind}${i.toString(16)}`.padEnd(64, '0');

const images = Array.from({ length: IMAGES }, (_, i) => ({
  Id: `sha256:${hex('a', i)}`,
  RepoTags: [`registry.example/app-${i}:1`],
  RepoDigests: [`registry.example/app-${i}@sha256:${hex('b', i)}`],
  Created: 1_760_000_000,
  Size: 100_000_000,
}));
const containers = Array.from({ length: count }, (_, i) => ({ id: hex('c', i), name: `service-${i}`, i }));

/** About as much as an engine tells of a container: 9 kB. */
function inspected({ id, name, i }) {
  const network = `network-${i % NETWORKS}`;
  return {
    ...{ Id: id, Name: `/${name}`, Created: '2026-11-24T12:00:00Z', Image: images[i % IMAGES].Id, RestartCount: i % 3 },
    State: { Status: 'running', Running: true, OOMKilled: false, ExitCode: 0, StartedAt: '2026-11-24T12:00:01Z' },
    AppArmorProfile: 'docker-default',
    Config: {
      ...{ Image: images[i % IMAGES].RepoTags[0], User: i % 2 ? '10001' : '', Cmd: ['serve', '--port', '8080'] },
      Env: Array.from({ length: 40 }, (_, n) => `VARIABLE_${n}=${'value '.repeat(8)}${n}`),
      Labels: Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`com.example.label.${n}`, 'x'.repeat(80)])),
      Healthcheck: i % 2 ? { Test: ['CMD', 'true'] } : undefined,
    },
    HostConfig: {
      ...{
        NetworkMode: network,
        Privileged: i % 50 === 0,
        ReadonlyRootfs: i % 2 === 0,
        Memory: 2 ** 28,
        PidsLimit: 100,
      },
      ...{ CapAdd: i % 10 === 0 ? ['NET_ADMIN'] : null, SecurityOpt: ['no-new-privileges'] },
      RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
      MaskedPaths: ['/proc/asound', '/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
    },
    Mounts: [
      {
        Type: 'volume',
        Name: `data-${i % 100}`,
        Source: `/var/lib/docker/volumes/data-${i % 100}/_data`,
        Destination: '/data',
        RW: true,
      },
      ...(i % 50 === 1
        ? [{ Type: 'bind', Source: '/var/run/docker.sock', Destination: '/var/run/docker.sock', RW: true }]
        : []),
    ],
    NetworkSettings: {
      Ports: { '8080/tcp': i % 5 === 0 ? [{ HostIp: '0.0.0.0', HostPort: String(20_000 + i) }] : null },
      Networks: {
        [network]: { NetworkID: hex('d', i % NETWORKS), IPAddress: `10.0.${i >> 8}.${i & 255}`, Aliases: [name] },
      },
    },
  };
}

/** Frames of a log as an engine sends them: stream, three zeros, length, text. */
function log() {
  const frames = Array.from({ length: 200 }, (_, n) => {
    const line = Buffer.from(
      `2026-11-24T12:00:${String(n % 60).padStart(2, '0')}.000000000Z GET /items/${n} 200 12 ms ${'agent '.repeat(10)}\n`,
    );
    const head = Buffer.alloc(8);
    head[0] = 1;
    head.writeUInt32BE(line.length, 4);
    return Buffer.concat([head, line]);
  });
  return Buffer.concat(frames);
}

const json = (value) => Buffer.from(JSON.stringify(value));
const answers = new Map([
  ['/version', json({ Version: '29.0.1', ApiVersion: '1.52', Components: [{ Name: 'Engine' }] })],
  [
    '/info',
    json({ Driver: 'overlay2', DockerRootDir: '/var/lib/docker', SecurityOptions: ['name=seccomp,profile=builtin'] }),
  ],
  ['/containers/json', json(containers.map(({ id, name }) => ({ Id: id, Names: [`/${name}`] })))],
  ['/images/json', json(images)],
  ...images.map(({ Id }) => [`/images/${encodeURIComponent(Id)}/json`, json({ Id, Config: { User: '10001' } })]),
  [
    '/networks',
    json(
      Array.from({ length: NETWORKS }, (_, i) => ({
        Id: hex('d', i),
        Name: `network-${i}`,
        Driver: 'bridge',
        Scope: 'local',
      })),
    ),
  ],
  ['/volumes', json({ Volumes: Array.from({ length: 100 }, (_, i) => ({ Name: `data-${i}`, Driver: 'local' })) })],
  ...containers.flatMap((container) => [
    [`/containers/${container.id}/json`, json(inspected(container))],
    [
      `/containers/${container.id}/top`,
      json({ Titles: ['UID', 'PID', 'PPID', 'CMD'], Processes: [['root', '1', '0', 'serve']] }),
    ],
    [`/containers/${container.id}/logs`, log()],
  ]),
]);

createServer(({ url = '' }, response) => {
  const body = answers.get(url.replace(/\?.*/, ''));
  if (body === undefined) response.writeHead(404).end('{"message":"page not found"}');
  else response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}).listen(socket, () => console.log('listening'));
