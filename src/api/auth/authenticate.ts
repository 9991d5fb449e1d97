import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PlimsollError } from '../../model/error.js';
import type { Principal } from '../../model/principal.js';
import { TokenService } from '../../service/token.service.js';
import { readCredentials } from './credentials.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the hook below on every route but those in PUBLIC_ROUTES. */
    principal: Principal | null;
  }
}

/** Templates of routes, not paths: a path can be written in many ways. */
const PUBLIC_ROUTES = new Set(['/healthz', '/readyz']);

/**
 * Asks every request for a token: a hook of the HTTP server and not a guard, as guards do not see Swagger's routes, the
 * GraphQL endpoint and unknown paths.
 */
export function requireToken(app: NestFastifyApplication): void {
  const tokens = app.get(TokenService);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.decorateRequest('principal', null);
  fastify.addHook('onRequest', async (request, reply) => {
    if (PUBLIC_ROUTES.has(request.routeOptions.url ?? '')) return;
    request.principal = await principalOf(request, reply, tokens);
  });
}

async function principalOf(request: FastifyRequest, reply: FastifyReply, tokens: TokenService): Promise<Principal> {
  const credentials = readCredentials(request.headers.authorization);
  if (credentials === null) {
    challenge(request, reply, '');
    throw new PlimsollError('unauthenticated', 'Expected the header `Authorization: Bearer TOKEN`.');
  }
  if (credentials.scheme === 'basic' && !mayUseBasic(request)) {
    challenge(request, reply, '');
    throw new PlimsollError('unauthenticated', 'Basic authentication only reads: send `Authorization: Bearer TOKEN`.');
  }
  const principal = await authenticate(tokens, credentials.token);
  if (principal === null) {
    challenge(request, reply, ', error="invalid_token"');
    throw new PlimsollError('unauthenticated', 'The token is not valid here: check it, or ask the operator for one.');
  }
  return principal;
}

/**
 * A browser repeats Basic credentials for any site that makes it send a request, so they only read. GraphQL's POST is
 * safe: Apollo refuses a content type that another site could send without asking first.
 */
function mayUseBasic({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'POST' && routeOptions.url === '/graphql');
}

/** RFC 6750 §3. Where a person may come with a browser, it also learns that it can ask for a password. */
function challenge(request: FastifyRequest, reply: FastifyReply, error: string): void {
  const page = request.url.startsWith('/docs') || request.url.startsWith('/graphql');
  const basic = page && request.method === 'GET' ? ['Basic realm="Plimsoll", charset="UTF-8"'] : [];
  reply.header('www-authenticate', [`Bearer realm="Plimsoll"${error}`, ...basic]);
}

const logger = new Logger('Auth');

export async function authenticate(tokens: TokenService, token: string): Promise<Principal | null> {
  try {
    return await tokens.authenticate(token);
  } catch (error) {
    logger.error({ err: error }, 'tokens cannot be checked');
    throw new PlimsollError('unavailable', 'Tokens cannot be checked now: try again later.', { cause: error });
  }
}
