import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificates, makeCertificates } from './certificates.js';
import { type RunningServer, run, startServer } from './real-parts.js';
import { freePort } from './service-process.js';

export const ENGINE_PARTS = ['dockerd', 'containerd', 'skopeo', 'openssl'];
/** Of an engine that has a network of its own. */
export const NETWORK_PARTS = ['unshare', 'ip'];

/** A Docker Engine of its own, on a socket and, with TLS for both sides, on a free port of the loopback. */
export class DockerEngine {
  private constructor(
    readonly socket: string,
    readonly port: number,
    readonly certificates: Certificates,
    private readonly folder: string,
    private readonly server: RunningServer,
  ) {}

  /** @param more of the daemon's flags */
  static async start(...more: string[]): Promise<DockerEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-docker-'));
    const path = (name: string) => join(folder, name);
    await mkdir(path('data'));
    const certificates = await makeCertificates(folder, 'engine');
    const port = await freePort();
    const listen = ['-H', `unix://${path('docker.sock')}`, '-H', `tcp://127.0.0.1:${port}`];
    const files = ['--data-root', path('data'), '--exec-root', path('exec'), '-p', path('docker.pid')];
    const { caFile, certFile, keyFile } = certificates;
    const tls = ['--tlsverify', '--tlscacert', caFile, '--tlscert', certFile, '--tlskey', keyFile];
    // No container runs: nothing of the machine's network has to be touched.
    const network = ['--bridge', 'none', '--iptables=false', '--ip6tables=false'];
    const server = await startServer('dockerd', [...listen, ...files, ...tls, ...network, ...more], () =>
      answers(path('docker.sock')),
    );
    return new DockerEngine(path('docker.sock'), port, certificates, folder, server);
  }

  /**
   * One with bridges and a firewall, in a network namespace of its own, so that those of the machine stay as they are. It
   * can be reached by its socket only.
   */
  static async startWithNetwork(...more: string[]): Promise<DockerEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-docker-'));
    const path = (name: string) => join(folder, name);
    await mkdir(path('data'));
    const certificates = await makeCertificates(folder, 'engine');
    const files = ['--data-root', path('data'), '--exec-root', path('exec'), '-p', path('docker.pid')];
    const args = ['-H', `unix://${path('docker.sock')}`, ...files, ...more];
    const server = await startServer('unshare', inOwnNetwork('dockerd', args), () => answers(path('docker.sock')));
    return new DockerEngine(path('docker.sock'), 0, certificates, folder, server);
  }

  /** @param source as skopeo names it */
  async load(source: string, name: string): Promise<void> {
    const host = ['--dest-daemon-host', `unix://${this.socket}`];
    await run('skopeo', '--insecure-policy', 'copy', ...host, source, `docker-daemon:${name}`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  async inspect(name: string): Promise<any> {
    return JSON.parse((await ask(this.socket, `/images/${name}/json`)).body);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }
}

export const PODMAN_PARTS = ['podman'];

/** Podman, which speaks Docker's API on a socket. */
export class PodmanEngine {
  private constructor(
    readonly socket: string,
    private readonly folder: string,
    private readonly storage: string[],
    private readonly server: RunningServer,
  ) {}

  static async start(): Promise<PodmanEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-podman-'));
    const path = (name: string) => join(folder, name);
    const storage = ['--root', path('root'), '--runroot', path('run'), '--storage-driver', 'vfs'];
    const listen = ['system', 'service', '--time=0', `unix://${path('podman.sock')}`];
    const server = await startServer('podman', [...storage, ...listen], () => answers(path('podman.sock')));
    return new PodmanEngine(path('podman.sock'), folder, storage, server);
  }

  /** One with bridges, likewise in a network namespace of its own, that asks the machine for no more than it may. */
  static async startWithNetwork(): Promise<PodmanEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-podman-'));
    const path = (name: string) => join(folder, name);
    await writeFile(path('containers.conf'), CONTAINERS_CONF);
    const networks = ['--network-config-dir', path('networks')];
    const storage = ['--root', path('root'), '--runroot', path('run'), '--storage-driver', 'vfs', ...networks];
    const args = [...storage, 'system', 'service', '--time=0', `unix://${path('podman.sock')}`];
    const server = await startServer('unshare', inOwnNetwork('podman', args), () => answers(path('podman.sock')), {
      CONTAINERS_CONF: path('containers.conf'),
    });
    return new PodmanEngine(path('podman.sock'), folder, storage, server);
  }

  /** @param archive a path */
  async load(archive: string, name: string): Promise<void> {
    const loaded = await run('podman', ...this.storage, 'load', '-q', '-i', archive);
    await run('podman', ...this.storage, 'tag', loaded.trim().replace(/^.*: /, ''), name);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

const CONTAINERS_CONF = `
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
`;

function inOwnNetwork(program: string, args: string[]): string[] {
  // Its mounts go with it.
  return [
    '--net',
    '--mount',
    '--propagation',
    'slave',
    'sh',
    '-c',
    'ip link set lo up; exec "$0" "$@"',
    program,
    ...args,
  ];
}

/**
 * Sends an engine a request, by its socket.
 *
 * @returns the answer's JSON; null where it is empty
 * @throws what the engine said, unless it did as it was told
 */
export async function callEngine(
  socketPath: string,
  method: string,
  path: string,
  body?: object | Buffer,
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
): Promise<any> {
  const isJson = body !== undefined && !Buffer.isBuffer(body);
  const sent = isJson ? JSON.stringify(body) : body;
  const headers = isJson ? { 'content-type': 'application/json' } : {};
  const { status, body: answer } = await ask(socketPath, path, { method, headers }, sent);
  if (status >= 400) throw new Error(`${method} ${path}: ${status} ${answer}`);
  try {
    return JSON.parse(answer);
  } catch {
    return null;
  }
}

function answers(socketPath: string): Promise<boolean> {
  return ask(socketPath, '/_ping').then(
    ({ status }) => status === 200,
    () => false,
  );
}

function ask(
  socketPath: string,
  path: string,
  options: object = {},
  body?: string | Buffer,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    })
      .on('error', reject)
      .end(body);
  });
}
