import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zip } from './zip.js';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server of a feed: files by path with ETags, and answers of any other kind. */
export class FeedServer {
  /** As `/Debian/all.zip`. */
  readonly files = new Map<string, Buffer | string | Answer>();
  /** Method and path of each request. */
  readonly asked: string[] = [];
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<FeedServer> {
    const server = createServer((request, response) => started.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const started = new FeedServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return started;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Writes OSV's layout: the archives, the list, and where `followed` each part's list of changes and records. */
  osv(parts: Record<string, { id: string; modified: string }[]>, { followed = true } = {}): void {
    this.files.clear();
    this.files.set('/ecosystems.txt', `${Object.keys(parts).join('\n')}\n`);
    for (const [part, records] of Object.entries(parts)) {
      const texts = Object.fromEntries(records.map((record) => [`${record.id}.json`, JSON.stringify(record)]));
      this.files.set(`/${part}/all.zip`, zip(texts));
      if (!followed) continue;
      const lines = records
        .toSorted((a, b) => (a.modified < b.modified ? 1 : -1))
        .map((r) => `${r.modified},${r.id}\n`);
      this.files.set(`/${part}/modified_id.csv`, lines.join(''));
      for (const [name, text] of Object.entries(texts)) this.files.set(`/${part}/${name}`, text);
    }
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    this.asked.push(`${request.method} ${path}`);
    const file = this.files.get(path);
    if (file === undefined) {
      response.writeHead(404).end('no');
    } else if (typeof file === 'function') {
      file(request, response);
    } else {
      const etag = `"${createHash('sha256').update(file).digest('hex').slice(0, 16)}"`;
      const headers = { etag, 'content-length': Buffer.byteLength(file) };
      if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
      else response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : file);
    }
  }
}
