import type { Type } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';
import { PlimsollError } from '../../model/error.js';
import type { Page, PageRequest } from '../../model/page.js';
import { MAX_LIMIT } from '../dto/list.query.js';
import type { ConnectionArgs } from './connection.args.js';

@ObjectType('PageInfo')
class PageInfo {
  @Field()
  hasNextPage: boolean;

  @Field(() => String, { nullable: true })
  endCursor: string | null;
}

export interface Edge<T> {
  cursor: string;
  node: T;
}

export interface Connection<T> {
  edges: Edge<T>[];
  nodes: T[];
  pageInfo: PageInfo;
}

/** The Relay connection type of a node; extend it to give it its name. */
export function ConnectionOf<T>(name: string, Node: Type<T>): Type<Connection<T>> {
  @ObjectType(`${name}Edge`)
  class EdgeType implements Edge<T> {
    @Field()
    cursor: string;

    @Field(() => Node)
    node: T;
  }

  @ObjectType({ isAbstract: true })
  abstract class ConnectionType implements Connection<T> {
    @Field(() => [EdgeType])
    edges: EdgeType[];

    @Field(() => [Node], { description: 'The nodes of the edges.' })
    nodes: T[];

    @Field(() => PageInfo)
    pageInfo: PageInfo;
  }
  return ConnectionType as Type<Connection<T>>;
}

/**
 * A page of a service as a connection. Services know one cursor, that of the page behind; Relay wants one for every
 * edge. So an edge's cursor is where its page began and how far into it the edge is.
 */
export async function connect<T, R>(
  args: Pick<ConnectionArgs, 'first' | 'after'>,
  load: (page: PageRequest) => Promise<Page<T>>,
  map: (item: T) => R,
): Promise<Connection<R>> {
  const { skip, cursor } = decodeCursor(args.after ?? null);
  const start = skip === 0 ? cursor : (await load({ cursor, limit: skip })).nextCursor;
  if (skip > 0 && start === null) return toConnection([], false);
  const page = await load({ cursor: start, limit: args.first });
  const edges = page.items.map((item, index) => ({ cursor: encodeCursor(index + 1, start), node: map(item) }));
  const last = edges.at(-1);
  if (last && page.nextCursor !== null) last.cursor = encodeCursor(0, page.nextCursor);
  return toConnection(edges, page.nextCursor !== null);
}

export function toConnection<T>(edges: Edge<T>[], hasNextPage: boolean): Connection<T> {
  const nodes = edges.map((edge) => edge.node);
  return { edges, nodes, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
}

function encodeCursor(skip: number, pageCursor: string | null): string {
  return Buffer.from(JSON.stringify([skip, pageCursor])).toString('base64url');
}

function decodeCursor(after: string | null): { skip: number; cursor: string | null } {
  if (after === null) return { skip: 0, cursor: null };
  try {
    const [skip, cursor] = JSON.parse(Buffer.from(after, 'base64url').toString()) as [unknown, unknown];
    const isCursor = cursor === null || typeof cursor === 'string';
    if (Number.isInteger(skip) && Number(skip) >= 0 && Number(skip) <= MAX_LIMIT && isCursor)
      return { skip: Number(skip), cursor };
  } catch {
    // Falls through: whatever is wrong with it, it is not one of ours.
  }
  throw new PlimsollError('malformed_cursor', 'Expected a cursor that a connection answered: start without `after`.');
}
