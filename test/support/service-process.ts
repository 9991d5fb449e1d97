import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const PROCESS_TOKEN = 'a-token-for-a-process-0123456789';

/** The built service as a process of its own, with the embedded database: what `npm start` runs. */
export class ServiceProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
    private readonly log: string[],
  ) {}

  /** Resolves when the service is ready. */
  static async start(dataDir: string, env: Record<string, string> = {}): Promise<ServiceProcess> {
    const port = await freePort();
    const log: string[] = [];
    const child = spawn(process.execPath, ['--max-semi-space-size=1', join('dist', 'src', 'main.js')], {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PLIMSOLL_PORT: String(port),
        PLIMSOLL_DATA_DIR: dataDir,
        PLIMSOLL_ADMIN_TOKEN: PROCESS_TOKEN,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.on('data', (chunk) => log.push(String(chunk)));
    child.stderr?.on('data', (chunk) => log.push(String(chunk)));
    const service = new ServiceProcess(child, `http://127.0.0.1:${port}`, log);
    while (!(await service.isReady())) {
      if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}:\n${service.output}`);
      await sleep(50);
    }
    return service;
  }

  get output(): string {
    return this.log.join('');
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
  async request(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${PROCESS_TOKEN}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return response.json();
  }

  /** Ends the process and resolves to its exit code, null when a signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const exited = this.child.exitCode === null ? once(this.child, 'exit') : Promise.resolve([this.child.exitCode]);
    this.child.kill(signal);
    const [code] = await exited;
    return code as number | null;
  }

  private async isReady(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
