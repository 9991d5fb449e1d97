import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from './image.js';

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** @returns true when it has answered */
export type Behaviour = (request: SeenRequest, response: ServerResponse) => boolean | Promise<boolean>;

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** A registry over plain HTTP on a free port of the loopback that does as it is told, and remembers what it was asked. */
export class FakeRegistry {
  readonly requests: SeenRequest[] = [];
  /** By digest. */
  readonly blobs = new Map<string, Buffer>();
  readonly tags = new Map<string, string>();
  /** Asked before anything is served. */
  behave: Behaviour = () => false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeRegistry> {
    const server = createServer();
    const registry = new FakeRegistry(server);
    server.on('request', (request, response) => void registry.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** Serves the blobs of an OCI layout, and what its index holds under a tag. */
  push(layout: Record<string, Buffer>, tag = 'latest'): void {
    for (const [name, content] of Object.entries(layout)) {
      if (name.startsWith('blobs/')) this.blobs.set(`sha256:${sha256(content)}`, content);
    }
    const { manifests } = JSON.parse(String(layout['index.json']));
    this.tags.set(tag, manifests[0].digest);
  }

  add(content: Buffer | string): { digest: string; size: number } {
    const bytes = Buffer.from(content);
    const digest = `sha256:${sha256(bytes)}`;
    this.blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  }

  paths(): string[] {
    return this.requests.map(({ path }) => path);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    this.requests.push(seen);
    if (await this.behave(seen, response)) return;
    const [, kind, reference = ''] = /\/(manifests|blobs)\/([^/?]+)$/.exec(seen.path) ?? [];
    const digest = this.tags.get(reference) ?? reference;
    const content = this.blobs.get(digest);
    if (!content) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[{"code":"BLOB_UNKNOWN"}]}');
      return;
    }
    const type = kind === 'blobs' ? 'application/octet-stream' : content.includes('"manifests"') ? INDEX : MANIFEST;
    sendRange(seen, response, content, { 'content-type': type, 'docker-content-digest': digest });
  }
}

/** RFC 9110 §14.2, for one open range. */
export function sendRange(
  { headers }: SeenRequest,
  response: ServerResponse,
  content: Buffer,
  more: Record<string, string> = {},
): void {
  const first = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(first)) {
    response.writeHead(200, { ...more, 'content-length': content.length }).end(content);
    return;
  }
  const range = `bytes ${first}-${content.length - 1}/${content.length}`;
  const part = content.subarray(first);
  response.writeHead(206, { ...more, 'content-range': range, 'content-length': part.length }).end(part);
}
