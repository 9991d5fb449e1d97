import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PlimsollError } from '../model/error.js';
import { expectedError, PROBLEM_TYPE, problemOf } from './problem.js';

/** Every error of a request as problem+json. What nobody expected is logged whole and told to nobody. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(thrown: unknown, host: ArgumentsHost): unknown {
    // GraphQL has its own form of errors: see graphql/format-error.ts.
    if (host.getType<GqlContextType>() === 'graphql') return thrown;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    let error = expectedError(thrown);
    if (!error) {
      this.logger.error({ err: thrown, method: request.method, path: pathOf(request) }, 'request failed unexpectedly');
      error = new PlimsollError('internal_error', 'The service failed: its log has the details.');
    }
    // An event stream that has begun cannot turn into a problem any more.
    if (reply.raw.headersSent) return reply.raw.destroy();
    const problem = problemOf(error);
    return reply.status(problem.status).type(PROBLEM_TYPE).send(problem);
  }
}

/** Without the query, which may hold what a log should not. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
