import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

/** Objects whose keys are the client's own, as labels: GraphQL has no type for a map. */
export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node: ValueNode, variables) =>
    node.kind === Kind.NULL ? null : valueFromASTUntyped(node, variables ?? undefined),
});
