import { describe, expect, it } from 'vitest';
import { SecretScanner } from '../../../engine/secret/secret-scanner.js';
import { ValueRedaction } from '../../../engine/secret/value-redaction.js';
import { containerFacts } from './container-facts.js';
import { inspectedContainer } from './inspected-container.js';

const redaction = new ValueRedaction(new SecretScanner(Buffer.from('key')));
const read = (answer: unknown) => containerFacts(inspectedContainer.parse(answer), redaction);

const IMAGE = '8a2985711126cda967a69d8560d0452b508f8bb746f8f654ba22b75361d36b56';
const PEER = '0e597ddd5634cc2cf5cea5168f2900c9c14cd44001c670386e8bfa07a0e4df80';

/** Docker 20.10, shortened to what is not the same for every container. */
const DOCKER_20 = {
  Id: '243e58877425',
  Created: '2026-11-24T20:24:26.228198298Z',
  State: {
    Status: 'running',
    Running: true,
    Paused: false,
    Restarting: false,
    OOMKilled: false,
    ExitCode: 0,
    Error: '',
  },
  Image: `sha256:${IMAGE}`,
  Name: '/web',
  RestartCount: 2,
  AppArmorProfile: 'docker-default',
  ExecIDs: null,
  HostConfig: {
    Binds: ['/etc:/host/etc:ro,rslave', 'v1:/data'],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
    NetworkMode: 'n1',
    PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
    CapAdd: ['CAP_SYS_ADMIN'],
    CapDrop: ['CAP_NET_RAW'],
    CgroupnsMode: 'host',
    IpcMode: 'private',
    PidMode: `container:${PEER}`,
    Privileged: false,
    PublishAllPorts: false,
    ReadonlyRootfs: false,
    SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ERRNO","syscalls":[]}', 'no-new-privileges'],
    Tmpfs: { '/tmp1': 'size=1m,ro' },
    UTSMode: '',
    UsernsMode: '',
    Runtime: 'runc',
    CpuShares: 0,
    Memory: 67108864,
    NanoCpus: 500000000,
    CgroupParent: '',
    CpuQuota: 0,
    Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/xnull', CgroupPermissions: 'r' }],
    DeviceCgroupRules: ['b 8:* rmw'],
    DeviceRequests: [{ Driver: '', Count: -1, DeviceIDs: null, Capabilities: [['gpu']], Options: {} }],
    MemorySwap: 134217728,
    PidsLimit: 50,
    Ulimits: [{ Name: 'nofile', Hard: 1024, Soft: 512 }],
    MaskedPaths: ['/proc/asound'],
  },
  Mounts: [
    { Type: 'bind', Source: '/etc', Destination: '/host/etc', Mode: 'ro,rslave', RW: false, Propagation: 'rslave' },
    {
      Type: 'volume',
      Name: 'v1',
      Source: '/var/lib/docker/volumes/v1/_data',
      Destination: '/data',
      RW: true,
      Propagation: '',
    },
    { Type: 'tmpfs', Source: '', Destination: '/tmp2', Mode: '', RW: true, Propagation: '' },
  ],
  Config: {
    User: '',
    ExposedPorts: { '53/udp': {}, '80/tcp': {} },
    Env: ['B=two', 'API_TOKEN=hunter2', 'A'],
    Cmd: ['serve', '--db-password', 'hunter2'],
    Healthcheck: { Test: ['CMD-SHELL', 'true'] },
    Image: 'app:1',
    Entrypoint: null,
    Labels: { 'com.docker.compose.project': 'shop' },
  },
  NetworkSettings: {
    Ports: {
      '53/udp': null,
      '80/tcp': [
        { HostIp: '0.0.0.0', HostPort: '32768' },
        { HostIp: '::', HostPort: '32768' },
      ],
    },
    IPAddress: '',
    Networks: {
      n1: {
        Aliases: ['web', '243e58877425'],
        NetworkID: 'ac900e90',
        IPAddress: '10.99.0.2',
        GlobalIPv6Address: 'fd00:5::2',
      },
    },
  },
};

/** Docker 29: what is empty is left out. */
const DOCKER_29 = {
  Id: 'aa',
  Name: '/small',
  Created: '2026-11-24T20:24:26Z',
  Image: `sha256:${IMAGE}`,
  ImageManifestDescriptor: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: 'sha256:bb', size: 1 },
  State: { Status: 'exited', ExitCode: 137, OOMKilled: true },
  Config: { Image: 'app@sha256:cc', Cmd: ['x'] },
  HostConfig: { NetworkMode: 'bridge', MaskedPaths: [], PublishAllPorts: true, PidsLimit: null },
  NetworkSettings: { Networks: { bridge: { NetworkID: 'b1', DNSNames: null, Aliases: null } } },
};

/** `/libpod/containers/{id}/json` of Podman 4.3. */
const PODMAN_4 = {
  Id: 'fb8da505712b',
  Name: 'p2',
  Created: '2026-11-24T20:25:49.515765141Z',
  State: {
    OciVersion: '1.0.2-dev',
    Status: 'configured',
    Running: false,
    ExitCode: 0,
    Health: { Status: '', Log: null },
  },
  Image: IMAGE,
  ImageDigest: 'sha256:3f4d',
  ImageName: 'docker.io/library/app:1',
  OCIRuntime: 'crun',
  AppArmorProfile: '',
  EffectiveCaps: ['CAP_CHOWN'],
  Config: {
    User: '',
    Env: ['container=podman'],
    Cmd: ['sleep', '1000'],
    Image: 'docker.io/library/app:1',
    Entrypoint: '',
    Labels: null,
  },
  HostConfig: {
    CgroupMode: 'private',
    LogConfig: { Type: 'k8s-file', Config: null, Path: '/x', Size: '0B' },
    NetworkMode: 'slirp4netns',
    PidMode: 'private',
    CapAdd: ['CAP_SYS_ADMIN'],
    CapDrop: [],
    SecurityOpt: [],
    Runtime: 'oci',
    PortBindings: { '53/udp': [{ HostIp: '', HostPort: '5353' }], '99/tcp': null },
    Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/null', CgroupPermissions: '' }],
    Ulimits: [{ Name: 'RLIMIT_NOFILE', Soft: 20000, Hard: 20000 }],
    PidsLimit: 2048,
  },
  Mounts: [
    {
      Type: 'volume',
      Name: 'v1',
      Source: '/x/v1/_data',
      Destination: '/data',
      Options: ['nosuid'],
      RW: true,
      Propagation: 'rprivate',
    },
  ],
  NetworkSettings: { Ports: { '53/udp': [{ HostIp: '', HostPort: '5353' }], '99/tcp': null } },
};

/** The same of Podman 5. */
const PODMAN_5 = {
  ...PODMAN_4,
  State: { Status: 'stopped', Running: false, ExitCode: 1, Health: null },
  Config: { ...PODMAN_4.Config, Entrypoint: ['/entry'], StopSignal: 'SIGTERM', Healthcheck: { Test: ['NONE'] } },
};

describe('containerFacts', () => {
  it('reads what Docker 20 tells', () => {
    expect(read(DOCKER_20)).toEqual({
      id: '243e58877425',
      name: 'web',
      image: 'app:1',
      imageId: `sha256:${IMAGE}`,
      imageDigests: [],
      createdAt: '2026-11-24T20:24:26.228198298Z',
      status: 'running',
      restarts: 2,
      exitCode: 0,
      oomKilled: false,
      user: '',
      envNames: ['A', 'API_TOKEN', 'B'],
      secrets: [{ name: 'API_TOKEN', ruleId: 'secret-by-name', hint: '… (7 characters)' }],
      entrypoint: [],
      command: ['serve', '--db-password', '[redacted]'],
      labels: { 'com.docker.compose.project': 'shop' },
      privileged: false,
      capabilitiesAdded: ['CAP_SYS_ADMIN'],
      capabilitiesDropped: ['CAP_NET_RAW'],
      networkMode: 'n1',
      pidMode: `container:${PEER}`,
      ipcMode: 'private',
      utsMode: '',
      usernsMode: '',
      cgroupnsMode: 'host',
      securityOptions: ['no-new-privileges', 'seccomp=custom (default action SCMP_ACT_ERRNO)'],
      appArmorProfile: 'docker-default',
      readOnlyRoot: false,
      memory: 67108864,
      memorySwap: 134217728,
      cpuShares: 0,
      nanoCpus: 500000000,
      cpuQuota: 0,
      pidsLimit: 50,
      restartPolicy: { name: 'on-failure', maximumRetries: 3 },
      healthcheck: ['CMD-SHELL', 'true'],
      health: null,
      ulimits: [{ name: 'nofile', soft: 512, hard: 1024 }],
      devices: [
        { host: '/dev/null', container: '/dev/xnull', permissions: 'r' },
        { host: 'b 8:*', container: '', permissions: 'rmw' },
      ],
      deviceRequests: ['any driver: all (gpu)'],
      mounts: [
        {
          type: 'volume',
          source: '/var/lib/docker/volumes/v1/_data',
          destination: '/data',
          readOnly: false,
          propagation: '',
          volume: 'v1',
        },
        { type: 'bind', source: '/etc', destination: '/host/etc', readOnly: true, propagation: 'rslave', volume: null },
        { type: 'tmpfs', source: '', destination: '/tmp1', readOnly: true, propagation: '', volume: null },
        { type: 'tmpfs', source: '', destination: '/tmp2', readOnly: false, propagation: '', volume: null },
      ],
      ports: [
        { containerPort: 53, protocol: 'udp', hostAddress: null, hostPort: null },
        { containerPort: 80, protocol: 'tcp', hostAddress: '::', hostPort: 32768 },
        { containerPort: 80, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 32768 },
      ],
      networks: [
        { name: 'n1', id: 'ac900e90', ipv4: '10.99.0.2', ipv6: 'fd00:5::2', aliases: ['243e58877425', 'web'] },
      ],
      cgroupParent: '',
      runtime: 'runc',
      logDriver: 'json-file',
      logOptions: { 'max-size': '1m' },
      sysctls: {},
      extraHosts: [],
      processes: null,
    });
  });

  it('reads what Docker 29 leaves out', () => {
    expect(read(DOCKER_29)).toMatchObject({
      name: 'small',
      status: 'exited',
      oomKilled: true,
      exitCode: 137,
      securityOptions: ['systempaths=unconfined'],
      privileged: false,
      pidsLimit: null,
      ports: [],
      networks: [{ name: 'bridge', id: 'b1', ipv4: null, ipv6: null, aliases: [] }],
    });
  });

  it('reads what Podman tells', () => {
    expect(read(PODMAN_4)).toMatchObject({
      name: 'p2',
      imageId: `sha256:${IMAGE}`,
      status: 'created',
      entrypoint: [],
      cgroupnsMode: 'private',
      runtime: 'crun',
      logDriver: 'k8s-file',
      devices: [{ host: '/dev/null', permissions: 'rwm' }],
      ulimits: [{ name: 'nofile', soft: 20000 }],
      ports: [
        { containerPort: 53, hostAddress: '', hostPort: 5353 },
        { containerPort: 99, hostAddress: null, hostPort: null },
      ],
    });
    expect(read(PODMAN_5)).toMatchObject({
      status: 'exited',
      entrypoint: ['/entry'],
      healthcheck: ['NONE'],
      health: null,
    });
  });

  it.each<[string, object, object]>([
    ['a state that is not known', { State: { Status: 'dreaming' } }, { status: 'running' }],
    ['a state that has no name', { State: { Running: true, Paused: true } }, { status: 'paused' }],
    [
      'a mount of another type',
      { Mounts: [{ Type: 'glob', Source: '/srv', Destination: '/x' }] },
      { mounts: [{ type: 'bind', readOnly: false }] },
    ],
    [
      'ports that the kernel will choose',
      { Config: { ExposedPorts: { '80/tcp': {} } } },
      { ports: [{ hostAddress: '', hostPort: 0 }] },
    ],
    ['ports that are none', { Config: { ExposedPorts: { 'x/tcp': {}, '80/quic': {} } } }, { ports: [] }],
    ['names of prototypes', { Config: { Labels: { constructor: 'x' } } }, { labels: { constructor: 'x' } }],
  ])('takes %s for what is safe', (_what, more, expected) => {
    expect(read({ ...DOCKER_29, ...more })).toMatchObject(expected);
  });

  it('knows a port while a container runs by what is bound', () => {
    const asked = {
      PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8000-8010' }], '90/tcp': [{ HostIp: '', HostPort: '90' }] },
    };
    const bound = { Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8003' }], '90/tcp': null } };
    const portsOf = (status: string) =>
      read({
        ...DOCKER_29,
        State: { Status: status, Running: status === 'running' },
        HostConfig: asked,
        NetworkSettings: status === 'running' ? bound : {},
      }).ports.map(({ hostPort }) => hostPort);
    expect(portsOf('running')).toEqual([8003, null]);
    expect(portsOf('created')).toEqual([8000, 90]);
  });

  it.each([
    ['another type', { ...DOCKER_29, HostConfig: { Privileged: 'yes' } }],
    ['no settings', { ...DOCKER_29, HostConfig: undefined }],
    ['no name', { ...DOCKER_29, Name: '' }],
  ])('refuses an answer with %s', (_what, answer) => {
    expect(inspectedContainer.safeParse(answer).success).toBe(false);
  });

  it('bounds what is kept', () => {
    const facts = read({
      ...DOCKER_29,
      Config: { Env: Array.from({ length: 20_000 }, (_, i) => `V${i}=x`), Cmd: ['y'.repeat(100_000)] },
    });
    expect(facts.envNames.length).toBe(5_000);
    expect(facts.command[0]?.length).toBeLessThan(5_000);
  });
});
