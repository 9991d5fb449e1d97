/** What a container engine, Docker or Podman, says of itself and of what it runs: Docker Engine API. */
export interface EngineFacts {
  kind: 'docker' | 'podman';
  /** `29.0.1`. */
  version: string;
  apiVersion: string;
  /** How it was reached: `unix:///var/run/docker.sock`. */
  address: string;
  rootless: boolean;
  /** Users of containers are others on the host. */
  userNamespaces: boolean;
  settings: EngineSettings;
  swarm: SwarmFacts | null;
  containers: Container[];
  images: EngineImage[];
  networks: EngineNetwork[];
  volumes: EngineVolume[];
}

/** From `/info` and `/version`. */
export interface EngineSettings {
  /** Of `/info`: `name=seccomp,profile=builtin` each. */
  securityOptions: string[];
  storageDriver: string;
  dataRoot: string;
  loggingDriver: string;
  cgroupDriver: string;
  cgroupVersion: string;
  liveRestore: boolean | null;
  experimental: boolean | null;
  /** Hosts and networks, those of loopback left out as every engine has them. */
  insecureRegistries: string[];
  registryMirrors: string[];
  authorizationPlugins: string[];
  defaultRuntime: string;
  warnings: string[];
  /** How the daemon was set up; null where its files and flags are not known, as over the API alone. */
  configuration: DaemonConfiguration | null;
}

export interface DaemonConfiguration {
  /** daemon.json, secrets redacted; empty where there is none. */
  json: Record<string, unknown>;
  /** The words of the running daemon's command line after its name. */
  flags: string[];
}

export interface SwarmFacts {
  managers: number;
  nodes: number;
  isManager: boolean;
  autoLock: boolean | null;
  /** Nanoseconds. */
  certificateExpiry: number | null;
  advertiseAddress: string;
  listenAddress: string | null;
  /** RFC 3339; null where not known. */
  createdAt: string | null;
  updatedAt: string | null;
  secrets: number | null;
  services: { name: string; image: string; ports: PublishedPort[]; envNames: string[] }[];
}

export interface Container {
  id: string;
  name: string;
  /** As it was asked for: `nginx:1.25`. */
  image: string;
  /** `sha256:…` of the image's configuration; of its manifest or index where the engine keeps images in containerd. */
  imageId: string;
  /** Digests under which the image is known in registries: `nginx@sha256:…`. */
  imageDigests: string[];
  createdAt: string;
  status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  restarts: number;
  exitCode: number | null;
  oomKilled: boolean;
  user: string;
  /** Names only; values that look secret are told by `secrets`. */
  envNames: string[];
  /** Variables whose value is a secret, by rule: the value is kept nowhere. */
  secrets: { name: string; ruleId: string; hint: string }[];
  entrypoint: string[];
  command: string[];
  labels: Record<string, string>;
  privileged: boolean;
  capabilitiesAdded: string[];
  capabilitiesDropped: string[];
  /** HostConfig's modes: `host`, `container:ID`, `private`, empty for the engine's default. */
  networkMode: string;
  pidMode: string;
  ipcMode: string;
  utsMode: string;
  usernsMode: string;
  cgroupnsMode: string;
  /** `seccomp=unconfined`, `no-new-privileges`, `apparmor=…`, `label=…`. */
  securityOptions: string[];
  appArmorProfile: string;
  readOnlyRoot: boolean;
  /** Bytes; 0: no limit. */
  memory: number;
  memorySwap: number;
  cpuShares: number;
  nanoCpus: number;
  cpuQuota: number;
  /** Null or not above 0: no limit. */
  pidsLimit: number | null;
  restartPolicy: { name: string; maximumRetries: number };
  /** `test` as Docker writes it; null: none. */
  healthcheck: string[] | null;
  health: string | null;
  ulimits: { name: string; soft: number; hard: number }[];
  /** Devices, and rules of the control group that allow a kind of them, of which `host` is `b 8:*` and `container` empty. */
  devices: { host: string; container: string; permissions: string }[];
  deviceRequests: string[];
  mounts: ContainerMount[];
  ports: PublishedPort[];
  /** Networks that it is attached to, with its addresses there. */
  networks: { name: string; id: string; ipv4: string | null; ipv6: string | null; aliases: string[] }[];
  cgroupParent: string;
  runtime: string;
  logDriver: string;
  /** Values that may be secret redacted. */
  logOptions: Record<string, string>;
  sysctls: Record<string, string>;
  extraHosts: string[];
  /** Programs that run inside, by `top`; null where not known. */
  processes: { user: string; command: string }[] | null;
}

export interface ContainerMount {
  type: 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image';
  /** Of the host, or the volume's name. */
  source: string;
  destination: string;
  readOnly: boolean;
  propagation: string;
  volume: string | null;
}

export interface PublishedPort {
  containerPort: number;
  protocol: 'tcp' | 'udp' | 'sctp';
  /** Null: exposed, but not published. */
  hostAddress: string | null;
  hostPort: number | null;
}

export interface EngineImage {
  id: string;
  tags: string[];
  digests: string[];
  createdAt: string | null;
  /** Bytes. */
  size: number;
  user: string;
  hasHealthcheck: boolean;
}

export interface EngineNetwork {
  id: string;
  name: string;
  driver: string;
  scope: string;
  internal: boolean;
  attachable: boolean;
  ingress: boolean;
  ipv6: boolean;
  encrypted: boolean;
  subnets: string[];
  /** Driver options: `com.docker.network.bridge.enable_icc`. */
  options: Record<string, string>;
}

export interface EngineVolume {
  name: string;
  driver: string;
  mountPoint: string;
  /** Of the driver, as `type`, `o`, `device`; values that may be secret redacted. */
  options: Record<string, string>;
}
