import type { Container, ContainerMount, EngineFacts, EngineNetwork } from '../../src/model/host/engine.js';
import type { Fact } from '../../src/model/host/fact.js';
import type { HostFacts } from '../../src/model/host/host-facts.js';
import type { HostFile } from '../../src/model/host/host-file.js';

/** A container by what is not the default, and the networks that it is on. */
export type Joined = Partial<Omit<Container, 'networks'>> & { on?: string[] };

export function container(name: string, { on = [], ...of }: Joined = {}): Container {
  return {
    id: `id-${name}`,
    name,
    image: 'app:1',
    imageId: 'sha256:00',
    imageDigests: [],
    createdAt: '2024-01-01T00:00:00Z',
    status: 'running',
    restarts: 0,
    exitCode: null,
    oomKilled: false,
    user: '',
    envNames: [],
    secrets: [],
    entrypoint: [],
    command: [],
    labels: {},
    privileged: false,
    capabilitiesAdded: [],
    capabilitiesDropped: [],
    networkMode: on[0] ?? 'none',
    pidMode: '',
    ipcMode: 'private',
    utsMode: '',
    usernsMode: '',
    cgroupnsMode: 'private',
    securityOptions: [],
    appArmorProfile: '',
    readOnlyRoot: false,
    memory: 0,
    memorySwap: 0,
    cpuShares: 0,
    nanoCpus: 0,
    cpuQuota: 0,
    pidsLimit: null,
    restartPolicy: { name: 'no', maximumRetries: 0 },
    healthcheck: null,
    health: null,
    ulimits: [],
    devices: [],
    deviceRequests: [],
    mounts: [],
    ports: [],
    networks: on.map((network) => ({ name: network, id: `id-${network}`, ipv4: null, ipv6: null, aliases: [] })),
    cgroupParent: '',
    runtime: 'runc',
    logDriver: 'json-file',
    logOptions: {},
    sysctls: {},
    extraHosts: [],
    processes: null,
    ...of,
  };
}

export function network(name: string, of: Partial<EngineNetwork> = {}): EngineNetwork {
  return {
    id: `id-${name}`,
    name,
    driver: 'bridge',
    scope: 'local',
    internal: false,
    attachable: false,
    ingress: false,
    ipv6: false,
    encrypted: false,
    subnets: [],
    options: {},
    ...of,
  };
}

export function engine(containers: Container[], networks: EngineNetwork[]): EngineFacts {
  return {
    kind: 'docker',
    version: '29.0.0',
    apiVersion: '1.52',
    address: 'unix:///var/run/docker.sock',
    rootless: false,
    userNamespaces: false,
    settings: {
      securityOptions: [],
      storageDriver: 'overlay2',
      dataRoot: '/var/lib/docker',
      loggingDriver: 'json-file',
      cgroupDriver: 'systemd',
      cgroupVersion: '2',
      liveRestore: false,
      experimental: false,
      insecureRegistries: [],
      registryMirrors: [],
      authorizationPlugins: [],
      defaultRuntime: 'runc',
      warnings: [],
      configuration: null,
    },
    swarm: null,
    containers,
    images: [],
    networks,
    volumes: [],
  };
}

export function bind(source: string, readOnly = false): ContainerMount {
  return { type: 'bind', source, destination: '/mnt', readOnly, propagation: 'rprivate', volume: null };
}

export function volume(name: string, readOnly = false): ContainerMount {
  return { ...bind(`/var/lib/docker/volumes/${name}/_data`, readOnly), type: 'volume', volume: name };
}

/** A file of root's that all may read. */
export function hostFile(path: string, of: Partial<HostFile> = {}): HostFile {
  return {
    path,
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    owner: 'root',
    group: 'root',
    size: 1,
    target: null,
    text: null,
    ...of,
  };
}

export function knownFact<T>(value: T, ...gaps: string[]): Fact<T> {
  return { known: true, value, gaps };
}

export const NOT_COLLECTED: Fact<never> = { known: false, code: 'not_collected', reason: 'Nobody looked.' };

/** A host of which nothing is known but what is given. */
export function hostFacts(of: Partial<HostFacts> = {}): HostFacts {
  return {
    version: 1,
    collectedBy: ['collector'],
    collectedAt: '2026-11-24T12:00:00Z',
    hostname: NOT_COLLECTED,
    distribution: NOT_COLLECTED,
    kernel: NOT_COLLECTED,
    sysctl: NOT_COLLECTED,
    modules: NOT_COLLECTED,
    mounts: NOT_COLLECTED,
    accounts: NOT_COLLECTED,
    groups: NOT_COLLECTED,
    files: NOT_COLLECTED,
    privilegedFiles: NOT_COLLECTED,
    processes: NOT_COLLECTED,
    sockets: NOT_COLLECTED,
    firewall: NOT_COLLECTED,
    auditRules: NOT_COLLECTED,
    packages: NOT_COLLECTED,
    engine: NOT_COLLECTED,
    logMatches: NOT_COLLECTED,
    ...of,
  };
}

/** Of what other engines say of a host, nothing. */
export const UNJUDGED = {
  support: {
    status: 'unknown' as const,
    release: 'The distribution',
    product: null,
    cycle: null,
    endedOn: null,
    canBeBought: false,
    reason: 'The distribution is not known.',
  },
  engineLifecycles: { syncedAt: null, products: [] },
  unpatched: [],
  unmatched: null,
};
