import etag from '@fastify/etag';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Entity tags for what GET answers. @fastify/etag makes the tag; when to send it and when it matches is decided here, as
 * the plugin also tags errors and the answers to POST, and knows no list in If-None-Match (RFC 9110 §13.1.2). Streams
 * get no tag.
 */
export async function useEntityTags(app: NestFastifyApplication): Promise<void> {
  await app.register(etag, { replyWith304: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', async (request, reply, payload) => {
      const tag = reply.getHeader('etag');
      if (typeof tag !== 'string' || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload;
      const cacheable = (request.method === 'GET' || request.method === 'HEAD') && reply.statusCode === 200;
      if (!cacheable) {
        reply.removeHeader('etag');
        return payload;
      }
      if (!matches(request.headers['if-none-match'], tag)) return payload;
      reply.code(304);
      return '';
    });
}

/** RFC 9110 §8.8.3.2: If-None-Match compares weakly, so `W/` does not matter. */
function matches(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const wanted = ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return wanted.includes('*') || wanted.includes(tag.replace(/^W\//, ''));
}
