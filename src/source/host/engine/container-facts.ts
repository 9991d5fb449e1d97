import type { ValueRedaction } from '../../../engine/secret/value-redaction.js';
import type { Container, ContainerMount } from '../../../model/host/engine.js';
import type { InspectedContainer } from './inspected-container.js';
import { publishedPorts } from './published-ports.js';

/** Of one list of a container; more is no container that people make. */
const MAX_ENTRIES = 5_000;
/** Characters of one text: paths of Linux have no more. */
const MAX_TEXT = 4_096;

/** A container as an engine tells of it. Its image's digests and its processes come from elsewhere. */
export function containerFacts(inspected: InspectedContainer, redaction: ValueRedaction): Container {
  const { Config, HostConfig, NetworkSettings, State } = inspected;
  const name = inspected.Name.replace(/^\//, '');
  const env = Config.Env.slice(0, MAX_ENTRIES).map((entry) => split(entry));
  return {
    id: inspected.Id,
    name,
    image: Config.Image || inspected.ImageName,
    imageId: imageIdOf(inspected.Image),
    imageDigests: [],
    createdAt: inspected.Created,
    status: statusOf(State),
    restarts: inspected.RestartCount,
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
    user: short(Config.User),
    envNames: sorted(env.map(([variable]) => short(variable))),
    secrets: env
      .flatMap(([variable, value]) =>
        redaction.environment(variable, value).map((found) => ({ name: short(variable), ...found })),
      )
      .sort((a, b) => compare(a.name, b.name)),
    entrypoint: redaction.words(Config.Entrypoint.slice(0, MAX_ENTRIES).map(short), 'entrypoint'),
    command: redaction.words(Config.Cmd.slice(0, MAX_ENTRIES).map(short), 'command'),
    labels: redaction.pairs(shortPairs(Config.Labels), 'labels'),
    privileged: HostConfig.Privileged,
    capabilitiesAdded: sorted(HostConfig.CapAdd),
    capabilitiesDropped: sorted(HostConfig.CapDrop),
    networkMode: short(HostConfig.NetworkMode),
    pidMode: short(HostConfig.PidMode),
    ipcMode: short(HostConfig.IpcMode),
    utsMode: short(HostConfig.UTSMode),
    usernsMode: short(HostConfig.UsernsMode),
    cgroupnsMode: short(HostConfig.CgroupnsMode || HostConfig.CgroupMode),
    securityOptions: securityOptions(HostConfig),
    appArmorProfile: short(inspected.AppArmorProfile),
    readOnlyRoot: HostConfig.ReadonlyRootfs,
    memory: HostConfig.Memory,
    memorySwap: HostConfig.MemorySwap,
    cpuShares: HostConfig.CpuShares,
    nanoCpus: HostConfig.NanoCpus,
    cpuQuota: HostConfig.CpuQuota,
    pidsLimit: HostConfig.PidsLimit,
    restartPolicy: {
      name: HostConfig.RestartPolicy.Name,
      maximumRetries: HostConfig.RestartPolicy.MaximumRetryCount,
    },
    healthcheck: Config.Healthcheck.length === 0 ? null : redaction.words(Config.Healthcheck.map(short), 'healthcheck'),
    health: healthOf(State),
    ulimits: HostConfig.Ulimits.slice(0, MAX_ENTRIES)
      .map(({ Name, Soft, Hard }) => ({ name: Name.replace(/^RLIMIT_/, '').toLowerCase(), soft: Soft, hard: Hard }))
      .sort((a, b) => compare(a.name, b.name)),
    devices: devicesOf(HostConfig),
    deviceRequests: HostConfig.DeviceRequests.slice(0, MAX_ENTRIES).map(requestOf).sort(compare),
    mounts: mountsOf(inspected),
    ports: publishedPorts(inspected).slice(0, MAX_ENTRIES),
    networks: Object.keys(NetworkSettings.Networks)
      .slice(0, MAX_ENTRIES)
      .sort(compare)
      .flatMap((network) => {
        const joined = NetworkSettings.Networks[network];
        if (!joined) return [];
        const { NetworkID, IPAddress, GlobalIPv6Address, Aliases } = joined;
        return [
          {
            name: network,
            id: NetworkID,
            ipv4: IPAddress || null,
            ipv6: GlobalIPv6Address || null,
            aliases: sorted(Aliases),
          },
        ];
      }),
    cgroupParent: short(HostConfig.CgroupParent),
    // Podman says `oci` of each.
    runtime: inspected.OCIRuntime || HostConfig.Runtime,
    logDriver: HostConfig.LogConfig.Type,
    logOptions: redaction.pairs(shortPairs(HostConfig.LogConfig.Config), 'log-opts'),
    sysctls: shortPairs(HostConfig.Sysctls),
    extraHosts: sorted(HostConfig.ExtraHosts.map(short)),
    processes: null,
  };
}

export function imageIdOf(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id;
}

/** Podman has states that Docker has not. Where a state is not known, what is safe to assume of it is that it runs. */
function statusOf({ Status, Running, Paused, Restarting, Dead }: InspectedContainer['State']): Container['status'] {
  switch (Status) {
    case 'created':
    case 'running':
    case 'paused':
    case 'restarting':
    case 'removing':
    case 'exited':
    case 'dead':
      return Status;
    case 'configured':
    case 'initialized':
      return 'created';
    case 'stopped':
      return 'exited';
    case 'stopping':
      return 'running';
    default:
      if (Paused) return 'paused';
      if (Restarting) return 'restarting';
      if (Dead) return 'dead';
      return Running || Status !== '' ? 'running' : 'exited';
  }
}

function healthOf({ Health, Healthcheck }: InspectedContainer['State']): string | null {
  const health = Health || Healthcheck;
  return health === '' || health === 'none' ? null : short(health);
}

/** A profile for seccomp is written out in full: what is kept is what it does with calls that it does not name. */
function securityOptions({ SecurityOpt, MaskedPaths, Privileged }: InspectedContainer['HostConfig']): string[] {
  const options = SecurityOpt.slice(0, MAX_ENTRIES).map((option) => {
    const [, profile = ''] = /^seccomp[=:]\s*(\{[\s\S]*)$/.exec(option) ?? [];
    if (profile === '') return short(option);
    const action = /"defaultAction"\s*:\s*"([A-Z_]{1,40})"/.exec(profile)?.[1] ?? 'not known';
    return `seccomp=custom (default action ${action})`;
  });
  // `--security-opt systempaths=unconfined` comes as an empty list of what is hidden of /proc.
  if (MaskedPaths?.length === 0 && !Privileged) options.push('systempaths=unconfined');
  return sorted(options);
}

function devicesOf({ Devices, DeviceCgroupRules }: InspectedContainer['HostConfig']): Container['devices'] {
  const devices = Devices.slice(0, MAX_ENTRIES).map(({ PathOnHost, PathInContainer, CgroupPermissions }) => ({
    host: short(PathOnHost),
    container: short(PathInContainer),
    // Podman leaves them out.
    permissions: CgroupPermissions || 'rwm',
  }));
  // `b 8:* rmw`.
  const rules = DeviceCgroupRules.slice(0, MAX_ENTRIES).map((rule) => {
    const [kind = '', numbers = '', permissions = 'rwm'] = rule.trim().split(/\s+/);
    return { host: short(`${kind} ${numbers}`.trim()), container: '', permissions: short(permissions) };
  });
  return [...devices, ...rules].sort((a, b) => compare(a.host, b.host) || compare(a.container, b.container));
}

/** `nvidia: all (gpu)`, `cdi: vendor.com/gpu=0`. */
function requestOf({
  Driver,
  Count,
  DeviceIDs,
  Capabilities,
}: InspectedContainer['HostConfig']['DeviceRequests'][number]): string {
  const which = DeviceIDs.length > 0 ? DeviceIDs.join(' ') : Count === -1 ? 'all' : String(Count);
  const capabilities = Capabilities.map((all) => all.join('+')).join(' ');
  return short(`${Driver || 'any driver'}: ${which}${capabilities === '' ? '' : ` (${capabilities})`}`);
}

function mountsOf({ Mounts, HostConfig: { Tmpfs } }: InspectedContainer): ContainerMount[] {
  const mounts = Mounts.slice(0, MAX_ENTRIES).map((mount): ContainerMount => {
    const type = mountType(mount.Type, mount.Name, mount.Source);
    return {
      type,
      source: short(type === 'volume' ? mount.Source || mount.Name : mount.Source),
      destination: short(mount.Destination),
      readOnly: mount.RW === false,
      propagation: mount.Propagation,
      volume: type === 'volume' || type === 'cluster' ? short(mount.Name) || null : null,
    };
  });
  const known = new Set(mounts.map(({ destination }) => destination));
  const tmpfs = Object.keys(Tmpfs)
    .slice(0, MAX_ENTRIES)
    .filter((destination) => !known.has(destination))
    .map((destination): ContainerMount => {
      const readOnly = (Tmpfs[destination] ?? '').split(',').includes('ro');
      return { type: 'tmpfs', source: '', destination: short(destination), readOnly, propagation: '', volume: null };
    });
  return [...mounts, ...tmpfs].sort((a, b) => compare(a.destination, b.destination));
}

/** A type that is not known is taken for the one of which the most is asked. */
function mountType(type: string, name: string, source: string): ContainerMount['type'] {
  switch (type) {
    case 'bind':
    case 'volume':
    case 'tmpfs':
    case 'npipe':
    case 'cluster':
    case 'image':
      return type;
    case 'ramfs':
      return 'tmpfs';
    default:
      if (name !== '') return 'volume';
      return source.startsWith('/') ? 'bind' : 'tmpfs';
  }
}

function split(entry: string): [name: string, value: string] {
  const at = entry.indexOf('=');
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
}

function shortPairs(pairs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.keys(pairs)
      .slice(0, MAX_ENTRIES)
      .sort(compare)
      .map((name) => [short(name), short(pairs[name] ?? '')]),
  );
}

function short(value: string): string {
  return value.length <= MAX_TEXT ? value : `${value.slice(0, MAX_TEXT)}…`;
}

function sorted(list: readonly string[]): string[] {
  return list.slice(0, MAX_ENTRIES).sort(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
