import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { DOCKER_CONTROLS } from '../../src/engine/control/host/docker/docker-controls.js';
import { judgeHostControls } from '../../src/engine/control/host/judge-host-controls.js';
import { SecretScanner } from '../../src/engine/secret/secret-scanner.js';
import type { ControlResult } from '../../src/model/control.js';
import type { Container, EngineFacts } from '../../src/model/host/engine.js';
import type { Fact } from '../../src/model/host/fact.js';
import type { DaemonOptions } from '../../src/source/daemon/daemon-client.js';
import { readEngineFacts } from '../../src/source/host/engine/read-engine.js';
import { callEngine } from './docker-engine.js';
import { hostFacts, knownFact, UNJUDGED } from './host-facts.js';
import { tar } from './image.js';

const ROOT_FILE_SYSTEM = '../shared/data/images/alpine-minirootfs-3.20.3-x86_64.tar.gz';
export const canRun = existsSync(ROOT_FILE_SYSTEM);
if (!canRun) console.info(`skipped: there is no ${ROOT_FILE_SYSTEM}, so no container is started`);

const secrets = new SecretScanner(Buffer.from('key'));
const signal = new AbortController().signal;
export const common = { signal, secrets, onProgress: () => undefined };
/** More is refused by some machines. */
const Ulimits = [
  { Name: 'nofile', Soft: 1024, Hard: 1024 },
  { Name: 'nproc', Soft: 1024, Hard: 1024 },
];
export const PASSWORD = ['hunter', '2'].join('');

export function bySocket(path: string): DaemonOptions {
  return { address: { kind: 'unix', path }, tls: null };
}

export function knownValue<T>(fact: Fact<T>): T {
  if (!fact.known) throw new Error(`${fact.code}: ${fact.reason}`);
  expect(fact.gaps).toEqual([]);
  return fact.value;
}

export async function readFacts(daemon: DaemonOptions): Promise<EngineFacts> {
  return knownValue(await readEngineFacts({ ...common, daemon }));
}

/** An engine with containers that are set up well, and in every way badly. */
export class Furnished {
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

export const GOOD = {
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
export const BAD = {
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

export const BAD_FAILS = [
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
export function failing(engine: EngineFacts): Map<string, string[]> {
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

export function failedBy(engine: EngineFacts, ...names: string[]): string[] {
  return [...failing(engine)]
    .filter(([id, found]) => id.startsWith('container-') && names.some((name) => found.includes(name)))
    .map(([id]) => id)
    .sort();
}

export const find = (engine: EngineFacts, name: string): Container => {
  const container = engine.containers.find((each) => each.name === name);
  if (!container) throw new Error(`no container ${name}`);
  return container;
};
