import type { INestApplication } from '@nestjs/common';
import { AbstractGraphQLDriver, type GraphQLWsSubscriptionsConfig } from '@nestjs/graphql';
import { GraphQLError, type GraphQLSchema, parse, specifiedRules, type ValidationRule, validate } from 'graphql';
import type { Context } from 'graphql-ws';
import type { Principal } from '../../model/principal.js';
import type { TokenService } from '../../service/token.service.js';
import { authenticate } from '../auth/authenticate.js';
import { readCredentials } from '../auth/credentials.js';
import { formatError } from './format-error.js';
import { LIMITS } from './limits.js';

/** What a connection carries: graphql-ws puts the upgrade request there, and we the principal. */
interface Extra {
  request?: { headers: { authorization?: string } };
  principal?: Principal;
}

/**
 * GraphQL over a WebSocket (protocol graphql-transport-ws). Apollo does not see these operations, so what it does for
 * HTTP is done here: the token, the limits and the form of errors.
 */
export function websocketOptions(
  tokens: TokenService,
  rules: readonly ValidationRule[],
  schema: () => GraphQLSchema,
): GraphQLWsSubscriptionsConfig {
  return {
    onConnect: async (context) => {
      const extra = extraOf(context);
      const credentials = readCredentials(authorization(context));
      // Bearer alone: a browser would send Basic credentials along for any site that opens a socket.
      if (credentials?.scheme !== 'bearer') return false;
      const principal = await authenticate(tokens, credentials.token);
      if (!principal) return false;
      extra.principal = principal;
      return true;
    },
    onSubscribe: (_context, _id, payload) => {
      try {
        const document = parse(payload.query, { maxTokens: LIMITS.tokens });
        const errors = validate(schema(), document, [...specifiedRules, ...rules]);
        return errors.length > 0 ? errors.map(asFormatted) : undefined;
      } catch (error) {
        return [asFormatted(error)];
      }
    },
    onNext: (_context, _id, _payload, _args, result) =>
      result.errors ? { ...result, errors: result.errors.map(asFormatted) } : undefined,
  };
}

/**
 * The WebSocket server of @nestjs/graphql takes messages of up to 100 MiB (the default of ws), and the first of them
 * before it knows who sends it. It has no option for that, so it is set where the server keeps it.
 */
export function limitMessages(app: INestApplication, bytes: number): void {
  const driver = app.get(AbstractGraphQLDriver, { strict: false }) as unknown as {
    _subscriptionService: { wss: { options: { maxPayload: number } } };
  };
  driver._subscriptionService.wss.options.maxPayload = bytes;
}

function extraOf(context: Context): Extra {
  return context.extra as Extra;
}

/** Browsers cannot set a header on a WebSocket, so the token may come in `connectionParams` instead. */
function authorization(context: Context): string | undefined {
  const param = context.connectionParams?.authorization ?? context.connectionParams?.Authorization;
  return typeof param === 'string' ? param : extraOf(context).request?.headers.authorization;
}

function asFormatted(error: unknown): GraphQLError {
  const graphqlError =
    error instanceof GraphQLError ? error : new GraphQLError('unexpected', { originalError: error as Error });
  const { message, extensions } = formatError(graphqlError.toJSON(), graphqlError);
  const { nodes, source, positions, path } = graphqlError;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}
