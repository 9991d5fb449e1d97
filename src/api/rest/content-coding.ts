import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const compress = promisify(gzip);
/** Below this it does not pay, bytes. */
const MIN_BYTES = 1_024;

/** The body as the client asks for it: RFC 9110 §12.5.3. */
export async function encoded(body: Buffer, request: FastifyRequest, reply: FastifyReply): Promise<Buffer> {
  reply.header('vary', 'accept-encoding');
  if (body.length < MIN_BYTES || !acceptsGzip(request.headers['accept-encoding'] ?? '')) return body;
  reply.header('content-encoding', 'gzip');
  return compress(body);
}

/** Named with a weight that is not 0, else by `*`. */
export function acceptsGzip(acceptEncoding: string): boolean {
  const weights = new Map<string, number>();
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    const quality = parameters.find((text) => text.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    weights.set(coding === 'x-gzip' ? 'gzip' : coding, Number.isNaN(weight) ? 0 : weight);
  }
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
