import { z } from 'zod';
import type { EngineFacts } from '../../model/host/engine.js';
import { count, list, named, text } from './schema-parts.js';

const MAX = { containers: 20_000, images: 100_000, networks: 20_000, volumes: 100_000, services: 10_000, each: 10_000 };

const words = list(text(), MAX.each);
const number = z.number();

const port = z.object({
  containerPort: count.max(65_535),
  protocol: z.enum(['tcp', 'udp', 'sctp']),
  hostAddress: text(256).nullable(),
  hostPort: count.max(65_535).nullable(),
});

const swarm = z.object({
  managers: count,
  nodes: count,
  isManager: z.boolean(),
  autoLock: z.boolean().nullable(),
  certificateExpiry: number.nullable(),
  advertiseAddress: text(),
  listenAddress: text().nullable(),
  createdAt: text(64).nullable(),
  updatedAt: text(64).nullable(),
  secrets: count.nullable(),
  services: list(z.object({ name: text(), image: text(), ports: list(port, MAX.each), envNames: words }), MAX.services),
});

const settings = z.object({
  securityOptions: words,
  storageDriver: text(),
  dataRoot: text(),
  loggingDriver: text(),
  cgroupDriver: text(),
  cgroupVersion: text(),
  liveRestore: z.boolean().nullable(),
  experimental: z.boolean().nullable(),
  insecureRegistries: words,
  registryMirrors: words,
  authorizationPlugins: words,
  defaultRuntime: text(),
  warnings: words,
  // How deep it may be is checked for the whole file.
  configuration: z.object({ json: z.record(text(), z.json()), flags: words }).nullable(),
});

const mount = z.object({
  type: z.enum(['bind', 'volume', 'tmpfs', 'npipe', 'cluster', 'image']),
  source: text(),
  destination: text(),
  readOnly: z.boolean(),
  propagation: text(),
  volume: text().nullable(),
});

const container = z.object({
  id: text(),
  name: text(),
  image: text(),
  imageId: text(),
  imageDigests: words,
  createdAt: text(64),
  status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
  restarts: count,
  exitCode: number.nullable(),
  oomKilled: z.boolean(),
  user: text(),
  envNames: words,
  secrets: list(z.object({ name: text(), ruleId: text(256), hint: text(256) }), MAX.each),
  entrypoint: words,
  command: words,
  labels: named(MAX.each),
  privileged: z.boolean(),
  capabilitiesAdded: words,
  capabilitiesDropped: words,
  networkMode: text(),
  pidMode: text(),
  ipcMode: text(),
  utsMode: text(),
  usernsMode: text(),
  cgroupnsMode: text(),
  securityOptions: words,
  appArmorProfile: text(),
  readOnlyRoot: z.boolean(),
  memory: number,
  memorySwap: number,
  cpuShares: number,
  nanoCpus: number,
  cpuQuota: number,
  pidsLimit: number.nullable(),
  restartPolicy: z.object({ name: text(), maximumRetries: number }),
  healthcheck: words.nullable(),
  health: text().nullable(),
  ulimits: list(z.object({ name: text(), soft: number, hard: number }), MAX.each),
  devices: list(z.object({ host: text(), container: text(), permissions: text() }), MAX.each),
  deviceRequests: words,
  mounts: list(mount, MAX.each),
  ports: list(port, 70_000),
  networks: list(
    z.object({ name: text(), id: text(), ipv4: text().nullable(), ipv6: text().nullable(), aliases: words }),
    MAX.each,
  ),
  cgroupParent: text(),
  runtime: text(),
  logDriver: text(),
  logOptions: named(MAX.each),
  sysctls: named(MAX.each),
  extraHosts: words,
  processes: list(z.object({ user: text(), command: text() }), 20_000).nullable(),
});

/** What a facts file says of a container engine. */
export const engineSchema = z.object({
  kind: z.enum(['docker', 'podman']),
  version: text(),
  apiVersion: text(),
  address: text(),
  rootless: z.boolean(),
  userNamespaces: z.boolean(),
  settings,
  swarm: swarm.nullable(),
  containers: list(container, MAX.containers),
  images: list(
    z.object({
      id: text(),
      tags: words,
      digests: words,
      createdAt: text(64).nullable(),
      size: number,
      user: text(),
      hasHealthcheck: z.boolean(),
    }),
    MAX.images,
  ),
  networks: list(
    z.object({
      id: text(),
      name: text(),
      driver: text(),
      scope: text(),
      internal: z.boolean(),
      attachable: z.boolean(),
      ingress: z.boolean(),
      ipv6: z.boolean(),
      encrypted: z.boolean(),
      subnets: words,
      options: named(MAX.each),
    }),
    MAX.networks,
  ),
  volumes: list(z.object({ name: text(), driver: text(), mountPoint: text(), options: named(MAX.each) }), MAX.volumes),
}) satisfies z.ZodType<EngineFacts>;
