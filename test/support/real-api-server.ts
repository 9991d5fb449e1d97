import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const TOKENS = { admin: 'token-of-the-administrator', audit: 'token-of-the-auditor' };

/** Where the programs are; null for one that is not there. */
export const CLUSTER_PARTS = {
  apiserver: process.env.KUBE_APISERVER ?? inPath('kube-apiserver'),
  etcd: process.env.ETCD ?? inPath('etcd'),
  kubectl: inPath('kubectl'),
};

/** A kube-apiserver with an etcd of its own, on loopback. */
export class RealApiServer {
  private constructor(
    private readonly folder: string,
    private readonly processes: ChildProcess[],
    private readonly port: number,
  ) {}

  static async start(): Promise<RealApiServer> {
    const { apiserver, etcd } = CLUSTER_PARTS;
    if (apiserver === null || etcd === null) throw new Error('There is no kube-apiserver or no etcd.');
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-apiserver-'));
    const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
    await run('openssl', ['genrsa', '-out', join(folder, 'sa.key'), '2048']);
    await writeFile(join(folder, 'tokens.csv'), `${TOKENS.admin},admin,1,system:masters\n${TOKENS.audit},audit,2\n`);
    const etcdUrl = `http://127.0.0.1:${client}`;
    const store = spawn(etcd, [
      ...['--data-dir', join(folder, 'etcd'), '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
      ...['--listen-peer-urls', `http://127.0.0.1:${peer}`],
    ]);
    const api = spawn(apiserver, [
      ...[`--etcd-servers=${etcdUrl}`, `--secure-port=${port}`, '--bind-address=127.0.0.1'],
      ...[`--cert-dir=${join(folder, 'certs')}`, `--token-auth-file=${join(folder, 'tokens.csv')}`],
      ...['--authorization-mode=RBAC', '--service-cluster-ip-range=10.0.0.0/24', '--allow-privileged=true'],
      ...['--service-account-issuer=https://kubernetes.default.svc', '--disable-admission-plugins=ServiceAccount'],
      ...[
        `--service-account-key-file=${join(folder, 'sa.key')}`,
        `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
      ],
    ]);
    for (const process of [store, api]) {
      process.stdout?.resume();
      process.stderr?.resume();
    }
    const server = new RealApiServer(folder, [store, api], port);
    await server.untilReady();
    return server;
  }

  /** Written anew for each user. */
  kubeconfig(user: keyof typeof TOKENS): string {
    const path = join(this.folder, `${user}.kubeconfig`);
    const cluster = {
      server: `https://127.0.0.1:${this.port}`,
      'certificate-authority': join(this.folder, 'certs', 'apiserver.crt'),
    };
    const config = {
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token: TOKENS[user] } }],
      contexts: [{ name: 'test', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'test',
    };
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    return path;
  }

  /** What kubectl prints; it may fail in part, as for kinds that are not served. */
  async kubectl(...words: string[]): Promise<string> {
    const options = { maxBuffer: 256 * 1024 * 1024, env: { ...process.env, KUBECONFIG: this.kubeconfig('admin') } };
    return (await run('kubectl', words, options).catch((error: { stdout: string }) => error)).stdout;
  }

  async stop(): Promise<void> {
    for (const process of this.processes.toReversed()) {
      if (process.exitCode !== null) continue;
      const ended = once(process, 'exit');
      process.kill();
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async untilReady(): Promise<void> {
    for (let tries = 0; tries < 240; tries += 1) {
      if ((await this.kubectl('get', '--raw', '/readyz').catch(() => '')) === 'ok') return;
      if (this.processes.some(({ exitCode }) => exitCode !== null)) throw new Error('The API server or etcd ended.');
      await sleep(250);
    }
    await this.stop();
    throw new Error('The API server did not become ready.');
  }
}

function inPath(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
