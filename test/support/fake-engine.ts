import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** JSON, or what is done with the response. */
type Answer = object | ((response: ServerResponse) => void);

/** What speaks like a container engine on a socket, and may be made to misbehave. */
export class FakeEngine {
  /** By path; what is not there is answered with 404. */
  readonly answers = new Map<string, Answer>();
  readonly asked: string[] = [];

  private constructor(
    readonly socket: string,
    private readonly folder: string,
    private readonly server: Server,
  ) {
    server.on('request', ({ url = '' }, response: ServerResponse) => {
      this.asked.push(url);
      const answer = this.answers.get(url.replace(/\?.*/, ''));
      if (typeof answer === 'function') answer(response);
      else if (answer === undefined) response.writeHead(404).end('{"message":"page not found"}');
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  }

  /** One with containers of the names that are given, which run. */
  static async start(...names: string[]): Promise<FakeEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-fake-'));
    const server = createServer();
    const engine = new FakeEngine(join(folder, 'docker.sock'), folder, server);
    server.listen(engine.socket);
    await once(server, 'listening');
    engine.furnish(names);
    return engine;
  }

  furnish(names: readonly string[]): void {
    const { answers } = this;
    answers.set('/version', { Version: '29.0.1', ApiVersion: '1.52', Components: [{ Name: 'Engine' }] });
    answers.set('/info', { Driver: 'overlay2', SecurityOptions: ['name=seccomp,profile=builtin'] });
    answers.set(
      '/containers/json',
      names.map((name) => ({ Id: idOf(name), Names: [`/${name}`] })),
    );
    for (const name of names) {
      answers.set(`/containers/${idOf(name)}/json`, inspectAnswer(name));
      answers.set(`/containers/${idOf(name)}/top`, { Titles: ['UID', 'PID', 'CMD'], Processes: [['root', '1', name]] });
    }
    answers.set('/images/json', [{ Id: 'sha256:aa', RepoTags: ['app:1'], RepoDigests: ['app@sha256:bb'], Created: 1 }]);
    answers.set('/images/sha256%3Aaa/json', { Config: { User: '10001' } });
    answers.set('/networks', [{ Id: 'n1', Name: 'front', Driver: 'bridge' }]);
    answers.set('/volumes', { Volumes: [{ Name: 'data', Driver: 'local' }] });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    await rm(this.folder, { recursive: true });
  }
}

export function idOf(name: string): string {
  return `id-${name}`;
}

/** About as much as an engine tells of a container. */
export function inspectAnswer(name: string): object {
  return {
    Id: idOf(name),
    Name: `/${name}`,
    Created: '2026-11-24T12:00:00Z',
    Image: 'sha256:aa',
    State: { Status: 'running', Running: true },
    Config: {
      Image: 'app:1',
      Env: Array.from({ length: 30 }, (_, i) => `VARIABLE_${i}=${'value '.repeat(5)}`),
      Labels: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`com.example.label.${i}`, 'x'.repeat(60)])),
      Cmd: ['serve'],
    },
    HostConfig: { NetworkMode: 'front', MaskedPaths: ['/proc/kcore'] },
    Mounts: [],
    NetworkSettings: {
      Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }] },
      Networks: { front: { NetworkID: 'n1' } },
    },
  };
}
