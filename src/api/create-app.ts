import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Logger } from 'nestjs-pino';
import type { Config } from '../config/config.js';
import { PlimsollError } from '../model/error.js';
import { requireToken } from './auth/authenticate.js';
import { useEntityTags } from './etag.js';
import { limitMessages } from './graphql/websocket.js';
import { Metrics } from './metrics.js';
import { openApiDocument } from './openapi.js';
import { expectedError, PROBLEM_TYPE, problemOf } from './problem.js';
import { acceptUploads } from './rest/uploaded-file.js';
import { acceptVexTypes } from './rest/vex-types.js';
import { Shutdown } from './shutdown.js';

/** Bytes of a JSON body or a WebSocket message. Uploads are not parsed, so this is no limit for them. */
const JSON_LIMIT = 1024 * 1024;
/** Of routes that take more: 10,000 package URLs with all their qualifiers; a vendor's statements. */
const LONG_BODIES: ReadonlyMap<string, number> = new Map([
  ['/v1/match', 8 * 1024 * 1024],
  ['/v1/vex', 16 * 1024 * 1024],
]);

/**
 * The application with everything that answers HTTP, ready to listen: the service and its tests start the same one.
 *
 * @param module imports ApiModule, ConfigModule and nestjs-pino's LoggerModule
 */
export async function createApiApp(module: Type | DynamicModule, config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: JSON_LIMIT, frameworkErrors: answerRouterError });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    // Fastify's own JSON parser does: Nest would add one for forms, which no route takes.
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  acceptVexTypes(app);
  fastify.addHook('onRoute', (route) => {
    const limit = LONG_BODIES.get(route.url);
    if (limit !== undefined) route.bodyLimit = limit;
  });
  setHeaders(app, config);
  allowEmptyBodies(app);
  app.get(Metrics).observe(app);
  requireToken(app);
  await acceptUploads(app);
  await useEntityTags(app);
  refuseUpgrades(app);
  fastify.addHook('preClose', async () => app.get(Shutdown).begin());
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    customSiteTitle: 'Plimsoll API',
    swaggerOptions: { displayRequestDuration: true },
  });
  await app.init();
  limitMessages(app, JSON_LIMIT);
  await fastify.ready();
  return app;
}

/** What the router refuses (a malformed URL) passes no hook and no filter. */
function answerRouterError(thrown: unknown, _request: unknown, reply: FastifyReply): void {
  const error = expectedError(thrown) ?? new PlimsollError('invalid_request', 'The path is not a valid URL.');
  const problem = problemOf(error);
  reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

function setHeaders(app: NestFastifyApplication, { environment }: Config): void {
  const headers = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': (environment === 'development' ? DEVELOPMENT_POLICY : CONTENT_POLICY).join('; '),
    // `no-cache` means: keep it, but ask whether it has changed; so entity tags work.
    'cache-control': 'private, no-cache',
  };
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (_request, reply) => {
      reply.headers(headers);
    });
}

/** Many clients name a content type with every POST, also where nothing is sent, as for `POST /v1/feeds/osv/sync`. */
function allowEmptyBodies(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async ({ raw }) => {
      if (raw.headers['content-length'] === '0') delete raw.headers['content-type'];
    });
}

/** Swagger UI brings its own scripts; its styles and icons are inline. */
const CONTENT_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
];

/** GraphiQL is loaded from a CDN by a script in its page. */
const DEVELOPMENT_POLICY = [
  "default-src 'self' 'unsafe-inline' data: https://unpkg.com",
  "connect-src 'self' ws: https://unpkg.com",
  "frame-ancestors 'none'",
];

/** A server with a WebSocket leaves every other upgrade to somebody else, and its socket open for ever. */
function refuseUpgrades(app: NestFastifyApplication): void {
  app.getHttpServer().on('upgrade', (request, socket) => {
    if (request.url?.split('?', 1)[0] === '/graphql') return;
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
}
