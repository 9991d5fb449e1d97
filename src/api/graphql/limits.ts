import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { ValidationRule } from 'graphql';

/**
 * Limits on the text of an operation; the rows that it asks for are counted in context.ts. The deepest useful query,
 * `targets{edges{node{findings{edges{node{package{source{name}}}}}}}}`, has depth 10 as fields are counted to the last;
 * a fragment adds one. Introspection is not counted.
 */
export const LIMITS = { depth: 12, aliases: 30, directives: 20, tokens: 2_000, cost: 250_000 };

/** The rules for validation, made anew for each application as armor writes into its options. Tokens are the parser's business. */
export function limitRules(): ValidationRule[] {
  return new ApolloArmor({
    maxDepth: { n: LIMITS.depth },
    maxAliases: { n: LIMITS.aliases },
    maxDirectives: { n: LIMITS.directives },
    costLimit: { maxCost: LIMITS.cost },
    maxTokens: { enabled: false },
    // Who may introspect may also be told what a field is called.
    blockFieldSuggestion: { enabled: false },
  }).protect().validationRules;
}
