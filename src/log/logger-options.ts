import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestMethod } from '@nestjs/common';
import type { Params } from 'nestjs-pino';
import type { Config } from '../config/config.js';
import { createLogger, errorFields } from './logger.js';

/** Asked every few seconds by machines; their successes are noise. */
const PROBES = new Set(['/healthz', '/readyz', '/metrics']);

/** How Nest logs, and one line for each request: method, path, status and milliseconds, never a query or a header. */
export function loggerOptions(config: Config): Params {
  return {
    // On Fastify nestjs-pino logs no request unless it is told which.
    forRoutes: [{ path: '*splat', method: RequestMethod.ALL }],
    pinoHttp: {
      logger: createLogger(config),
      serializers: {
        err: errorFields,
        req: ({ id, method, url }: { id: string; method: string; url: string }) => ({ id, method, url: pathOf(url) }),
        res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      },
      customAttributeKeys: { responseTime: 'ms' },
      customLogLevel: (request, response, error) => {
        if (error || response.statusCode >= 500) return 'error';
        return PROBES.has(pathOf(urlOf(request))) ? 'debug' : 'info';
      },
      customSuccessMessage: line,
      customErrorMessage: line,
    },
  };
}

function line(request: IncomingMessage, response: ServerResponse): string {
  return `${request.method} ${pathOf(urlOf(request))} ${response.statusCode}`;
}

/** Middleware may see a shortened `url`; the whole one is beside it. */
function urlOf(request: IncomingMessage & { originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? '';
}

/** Without the query: people put secrets there. */
function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
