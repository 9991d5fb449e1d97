import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/config.js';
import type { TokenService } from '../../service/token.service.js';
import { contextOf } from './context.js';
import { formatError } from './format-error.js';
import { LIMITS, limitRules } from './limits.js';
import { websocketOptions } from './websocket.js';

export function graphqlOptions(
  config: Config,
  tokens: TokenService,
  schemaHost: () => GraphQLSchemaHost,
): ApolloDriverConfig {
  const validationRules = limitRules();
  return {
    driver: ApolloDriver,
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    validationRules,
    parseOptions: { maxTokens: LIMITS.tokens },
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    // The whole endpoint needs a token, and who has one may read the schema in schema.graphql as well.
    introspection: true,
    persistedQueries: false,
    graphiql: config.environment === 'development',
    context: (source: FastifyRequest) => contextOf(source),
    formatError,
    autoTransformHttpErrors: false,
    subscriptions: { 'graphql-ws': websocketOptions(tokens, validationRules, () => schemaHost().schema) },
  };
}
