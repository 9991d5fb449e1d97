import type { FastifyRequest } from 'fastify';
import { PlimsollError } from '../../model/error.js';
import type { Principal } from '../../model/principal.js';

/** What one GraphQL operation carries with it. */
export interface GraphqlContext {
  principal: Principal | null;
  /** How many rows its lists may still ask for. */
  rowsLeft: number;
}

/** Of all lists of an operation together: 20 full pages. */
const MAX_ROWS = 10_000;

/** Over HTTP the request carries the principal, over a WebSocket the connection. */
export function contextOf(source: FastifyRequest | { extra: { principal?: Principal } }): GraphqlContext {
  const principal = 'extra' in source ? (source.extra.principal ?? null) : source.principal;
  return { principal, rowsLeft: MAX_ROWS };
}

/** Every event of a subscription is an operation of its own. */
export function renewRows(context: GraphqlContext): void {
  context.rowsLeft = MAX_ROWS;
}

/**
 * Takes a list's rows from what its operation may have. The limits on the query's text cannot do this: they do not see
 * the values of variables, and a list in a list multiplies.
 */
export function spendRows(context: GraphqlContext, first: number): void {
  context.rowsLeft -= first;
  if (context.rowsLeft >= 0) return;
  throw new PlimsollError(
    'query_too_complex',
    `The lists of one operation may ask for ${MAX_ROWS} rows together: lower \`first\`, or ask in several operations.`,
  );
}
