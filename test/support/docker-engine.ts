import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificates, makeCertificates } from './certificates.js';
import { type RunningServer, run, startServer } from './real-parts.js';
import { freePort } from './service-process.js';

export const ENGINE_PARTS = ['dockerd', 'containerd', 'skopeo', 'openssl'];

/** A Docker Engine of its own, on a socket and, with TLS for both sides, on a free port of the loopback. */
export class DockerEngine {
  private constructor(
    readonly socket: string,
    readonly port: number,
    readonly certificates: Certificates,
    private readonly folder: string,
    private readonly server: RunningServer,
  ) {}

  static async start(): Promise<DockerEngine> {
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
    const server = await startServer('dockerd', [...listen, ...files, ...tls, ...network], () =>
      answers(path('docker.sock')),
    );
    return new DockerEngine(path('docker.sock'), port, certificates, folder, server);
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

function answers(socketPath: string): Promise<boolean> {
  return ask(socketPath, '/_ping').then(
    ({ status }) => status === 200,
    () => false,
  );
}

function ask(socketPath: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    })
      .on('error', reject)
      .end();
  });
}
