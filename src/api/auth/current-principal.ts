import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type GqlContextType, GqlExecutionContext } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { PlimsollError } from '../../model/error.js';
import type { Principal } from '../../model/principal.js';

/** On whose behalf the request is made, for controllers and resolvers. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } =
    context.getType<GqlContextType>() === 'graphql'
      ? GqlExecutionContext.create(context).getContext<{ principal: Principal | null }>()
      : context.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) throw new PlimsollError('unauthenticated', 'Expected the header `Authorization: Bearer TOKEN`.');
  return principal;
});
