import { z } from 'zod';
import type { HostFacts } from '../../model/host/host-facts.js';
import { PACKAGE_TYPES } from '../../model/package.js';
import { SEVERITIES } from '../../model/severity.js';
import { engineSchema } from './engine-schema.js';
import { count, list, named, text, time } from './schema-parts.js';

/** Above what collectors keep. */
const MAX = {
  accounts: 50_000,
  mounts: 20_000,
  files: 2_000,
  noted: 20_000,
  processes: 20_000,
  sockets: 100_000,
  chains: 20_000,
  rules: 5_000,
  packages: 200_000,
  matches: 20_000,
  words: 2_000,
  gaps: 500,
};

const sentence = text(8_192);
const mode = count.max(0o7777);
const id = count.max(2 ** 32 - 1);
const days = z.number().int().nullable();
const path = text(8_192);

function fact<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), value, gaps: list(sentence, MAX.gaps) }),
    z.object({
      known: z.literal(false),
      code: z.enum(['not_permitted', 'not_collected', 'not_present', 'unreadable', 'limit_exceeded']),
      reason: sentence,
    }),
  ]);
}

const kernel = z.object({
  release: text(),
  version: text(),
  machine: text(),
  parameters: list(text(), MAX.words),
  cgroupVersion: z.union([z.literal(1), z.literal(2), z.literal('hybrid')]).nullable(),
  securityModules: list(text(), MAX.words).nullable(),
  selinux: z.enum(['enforcing', 'permissive', 'disabled']).nullable(),
  apparmor: z.boolean().nullable(),
  rebootFor: text().nullable(),
});

const mount = z.object({
  mountPoint: path,
  root: path,
  type: text(),
  source: path,
  options: list(text(), MAX.words),
  propagation: z.enum(['shared', 'slave', 'private', 'unbindable']),
  encrypted: z.boolean().nullable(),
});

const account = z.object({
  name: text(),
  uid: id,
  gid: id,
  home: path,
  shell: path,
  password: z.enum(['none', 'locked', 'set', 'unknown']),
  // A kind has a name, and a hash has none of this form.
  hash: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/)
    .nullable(),
  maxAge: days,
  minAge: days,
  warnAge: days,
  inactive: days,
  lastChange: days,
});

const file = z.object({
  path,
  type: z.enum(['file', 'directory', 'link', 'socket', 'device', 'other']),
  mode,
  uid: id,
  gid: id,
  owner: text().nullable(),
  group: text().nullable(),
  size: count,
  target: path.nullable(),
  text: text(2 * 1024 * 1024).nullable(),
});

const privilegedFile = z.object({
  path,
  type: z.enum(['file', 'directory']),
  mode,
  uid: id,
  gid: id,
  traits: list(z.enum(['setuid', 'setgid', 'world_writable', 'unowned', 'ungrouped', 'capabilities']), 6),
});

const process = z.object({
  pid: count,
  parent: count,
  uid: id,
  executable: path.nullable(),
  command: list(text(), MAX.words),
  container: text().nullable(),
  capabilities: list(text(64), 64).nullable(),
  seccomp: z.boolean().nullable(),
  noNewPrivileges: z.boolean().nullable(),
});

const socket = z.object({
  protocol: z.enum(['tcp', 'udp']),
  address: text(64),
  port: count.max(65_535),
  pid: count.nullable(),
  program: text().nullable(),
});

const chain = z.object({
  family: z.enum(['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']),
  table: text(),
  name: text(),
  hook: text().nullable(),
  policy: z.enum(['accept', 'drop']).nullable(),
  rules: list(text(), MAX.rules),
});

/** What names a package, purl and ecosystem, is worked out again. */
const packageSchema = z.object({
  type: z.enum(PACKAGE_TYPES),
  name: text(1_024),
  version: text(1_024),
  source: z.object({ name: text(1_024), version: text(1_024) }).nullable(),
  architecture: text(256).nullable(),
  licenses: list(text(), 200),
  module: text(1_024).nullable(),
  purl: text(8_192),
  ecosystem: text(1_024).nullable(),
  locations: list(z.object({ path, layer: text(256).nullable() }), 1_000),
});

const logMatch = z.object({
  ruleId: text(),
  title: text(),
  severity: z.enum(SEVERITIES),
  containerId: text(),
  containerName: text(),
  count,
  firstAt: text(64).nullable(),
  lastAt: text(64).nullable(),
  excerpt: text(16_384),
});

/** What a facts file says beside its version. Fields that are not known are left out, as a later minor form may have them. */
export const factsSchema = z.object({
  collectedBy: list(text(64), 16),
  collectedAt: time,
  hostname: fact(text(1_024)),
  distribution: fact(
    z.object({
      id: text(256),
      versionId: text(256).nullable(),
      codename: text(256).nullable(),
      prettyName: text(1_024).nullable(),
    }),
  ),
  kernel: fact(kernel),
  sysctl: fact(named(10_000)),
  modules: fact(list(text(256), 10_000)),
  mounts: fact(list(mount, MAX.mounts)),
  accounts: fact(list(account, MAX.accounts)),
  groups: fact(list(z.object({ name: text(), gid: id, members: list(text(), 10_000) }), MAX.accounts)),
  files: fact(list(file, MAX.files)),
  privilegedFiles: fact(list(privilegedFile, MAX.noted)),
  processes: fact(list(process, MAX.processes)),
  sockets: fact(list(socket, MAX.sockets)),
  firewall: fact(z.object({ chains: list(chain, MAX.chains), managers: list(text(64), 16) })),
  auditRules: fact(list(z.object({ text: text(), origin: path }), MAX.rules)),
  packages: fact(list(packageSchema, MAX.packages)),
  engine: fact(engineSchema),
  logMatches: fact(list(logMatch, MAX.matches)),
}) satisfies z.ZodType<Omit<HostFacts, 'version'>>;
