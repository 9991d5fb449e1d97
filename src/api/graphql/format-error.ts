import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors';
import { Logger } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../../model/error.js';
import { expectedError } from '../problem.js';

const logger = new Logger('GraphQL');

/**
 * GraphQL errors with the codes of REST in `extensions.code`. What a resolver threw unexpectedly is logged whole and told
 * to nobody.
 */
export function formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const { message, locations, path } = formatted;
  const original = unwrapResolverError(thrown);
  const expected = expectedError(original);
  if (expected) {
    const { code, errors } = expected;
    const extensions = { code, ...(errors.length > 0 && { errors }) };
    return { message: expected.message, locations, path, extensions };
  }
  if (isOfClient(formatted, thrown)) {
    const code: ErrorCode = LIMIT.test(message) ? 'query_too_complex' : 'invalid_request';
    return { message: withoutValues(sentence(message)), locations, path, extensions: { code } };
  }
  logger.error({ err: original, path }, 'operation failed unexpectedly');
  const extensions = { code: 'internal_error' };
  return { message: 'The service failed: its log has the details.', locations, path, extensions };
}

/** Whether the operation itself is at fault: its syntax, its fields, its variables, the form of its HTTP request. */
function isOfClient({ extensions, path }: GraphQLFormattedError, thrown: unknown): boolean {
  if (CODES_OF_CLIENT.has(extensions?.code)) return true;
  // Over a WebSocket Apollo gives no codes. What comes without a path did not come from a resolver.
  const bare = thrown instanceof GraphQLError && thrown.originalError === undefined && path === undefined;
  return bare && thrown.extensions.code === undefined;
}

const CODES_OF_CLIENT = new Set<unknown>([
  ApolloServerErrorCode.BAD_REQUEST,
  ApolloServerErrorCode.BAD_USER_INPUT,
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED,
]);

/** graphql-js repeats what was given where something else was expected; it may be a password. */
function withoutValues(message: string): string {
  return message
    .replace(/(cannot represent [a-z0-9 -]+): .*$/s, '$1.')
    .replace(/^(Variable "\$[^"]*") got invalid value .*?((?: at "[^"]*")?; [^;]*)$/s, '$1 is not as expected$2')
    .replace(/(Expected value of type "[^"]*", found) .*$/s, '$1 another.')
    .replace(/(found (?:Block)?String) ".*$/s, '$1.');
}

/** The words of graphql-armor, and of graphql-js for `maxTokens`. */
const LIMIT = /limit of \d+ exceeded|contains more that \d+ tokens/i;

/** Both call their limits syntax errors. */
function sentence(message: string): string {
  return LIMIT.test(message) ? message.replace(/^Syntax Error: /, '') : message;
}
