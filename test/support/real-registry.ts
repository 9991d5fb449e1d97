import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificates, makeCertificates } from './certificates.js';
import { type RunningServer, run, startServer } from './real-parts.js';
import { freePort } from './service-process.js';

export const REGISTRY_PARTS = ['docker-registry', 'skopeo', 'htpasswd', 'openssl'];
export const USER = { username: 'alice', password: 'correct-horse-7' };

/** Distribution's registry with TLS and a password, on a free port of the loopback. */
export class RealRegistry {
  private constructor(
    readonly host: string,
    readonly certificates: Certificates,
    private readonly folder: string,
    private readonly server: RunningServer,
  ) {}

  static async start(): Promise<RealRegistry> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-registry-'));
    const certificates = await makeCertificates(folder, 'registry');
    await writeFile(join(folder, 'htpasswd'), await run('htpasswd', '-Bbn', USER.username, USER.password));
    const host = `127.0.0.1:${await freePort()}`;
    const config = {
      version: '0.1',
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
      http: { addr: host, tls: { certificate: certificates.certFile, key: certificates.keyFile } },
      auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } },
    };
    // JSON is YAML.
    await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
    await mkdir(join(folder, 'certs'));
    await writeFile(join(folder, 'certs', 'ca.crt'), certificates.ca);
    const server = await startServer('docker-registry', ['serve', join(folder, 'config.yml')], () =>
      answers(`https://${host}/v2/`, certificates.ca),
    );
    return new RealRegistry(host, certificates, folder, server);
  }

  /** Copies an image into it with skopeo, and answers the digest that it has there. */
  async push(source: string, name: string, ...flags: string[]): Promise<string> {
    const digestFile = join(this.folder, 'digest');
    const access = ['--dest-cert-dir', join(this.folder, 'certs'), '--dest-creds', `${USER.username}:${USER.password}`];
    await run(
      'skopeo',
      '--insecure-policy',
      'copy',
      '--digestfile',
      digestFile,
      ...access,
      ...flags,
      source,
      `docker://${this.host}/${name}`,
    );
    return (await run('cat', digestFile)).trim();
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }
}

function answers(url: string, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { ca }, (response) => {
      response.resume();
      resolve(response.statusCode === 401);
    }).on('error', () => resolve(false));
  });
}
